// Terminal output as HTML: colours and weights of ANSI's select graphic rendition (ECMA-48, section 8.3.117) as classes,
// so that each theme has its own colours; other sequences are dropped. A line that returns to its start is overwritten,
// as a progress line is.

import { escapeHtml } from "./escape-html.ts";

interface Style {
  readonly weights: readonly string[];
  /** One of NAMES, with "bright-" before it or not, or `rgb(...)`. */
  readonly text: string | null;
  readonly background: string | null;
}

const PLAIN: Style = { weights: [], text: null, background: null };
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const BEGINS: Readonly<Record<number, string>> = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 9: "struck" };
const ENDS: Readonly<Record<number, string>> = { 22: "bold dim", 23: "italic", 24: "underline", 29: "struck" };
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex
  /\u001b\[([0-9;:]*)m|\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;

/** HTML of a terminal's text. */
export function ansiHtml(text: string): string {
  const lines = overwritten(text);
  let style = PLAIN;
  let result = "";
  let at = 0;
  for (const match of lines.matchAll(SEQUENCE)) {
    result += styled(lines.slice(at, match.index), style);
    at = match.index + match[0].length;
    if (match[1] !== undefined) style = changed(style, match[1].split(/[;:]/).map(Number));
  }
  return result + styled(lines.slice(at), style);
}

/** The text without its sequences. */
export function ansiText(text: string): string {
  return overwritten(text).replaceAll(SEQUENCE, "");
}

function overwritten(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\n]*\r(?=[^\n\r])/g, "")
    .replaceAll("\r", "");
}

function styled(text: string, { weights, text: ink, background }: Style): string {
  if (text === "") return "";
  const paints = [
    { paint: ink, prefix: "fg", property: "color" },
    { paint: background, prefix: "bg", property: "background-color" },
  ];
  const names = weights.map((weight) => `ansi-${weight}`);
  const css: string[] = [];
  for (const { paint, prefix, property } of paints) {
    if (paint?.startsWith("rgb")) css.push(`${property}:${paint}`);
    else if (paint !== null) names.push(`ansi-${prefix}-${paint}`);
  }
  if (names.length === 0 && css.length === 0) return escapeHtml(text);
  const attributes = [
    names.length === 0 ? "" : ` class="${names.join(" ")}"`,
    css.length === 0 ? "" : ` style="${css.join(";")}"`,
  ];
  return `<span${attributes.join("")}>${escapeHtml(text)}</span>`;
}

function changed(before: Style, codes: readonly number[]): Style {
  let style = before;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index];
    if (code === 0) style = PLAIN;
    else if (code in BEGINS) style = { ...style, weights: [...new Set([...style.weights, BEGINS[code]])] };
    else if (code in ENDS) style = { ...style, weights: style.weights.filter((name) => !ENDS[code].includes(name)) };
    else if (code === 38 || code === 48) {
      const { paint, used } = extendedPaint(codes.slice(index + 1));
      style = code === 38 ? { ...style, text: paint } : { ...style, background: paint };
      index += used;
    } else if (code === 39 || (code >= 30 && code < 38) || (code >= 90 && code < 98)) {
      style = { ...style, text: namedPaint(code % 60 === 39 ? -1 : code - 30) };
    } else if (code === 49 || (code >= 40 && code < 48) || (code >= 100 && code < 108)) {
      style = { ...style, background: namedPaint(code === 49 ? -1 : code - 40) };
    }
  }
  return style;
}

/** 0-7, or 60-67 for the bright ones; null for -1, the default. */
function namedPaint(number: number): string | null {
  if (number < 0) return null;
  return number < 60 ? NAMES[number] : `bright-${NAMES[number - 60]}`;
}

/** After 38 or 48: `5;n` of 256 colours, or `2;r;g;b`. */
function extendedPaint([mode, ...rest]: readonly number[]): { paint: string | null; used: number } {
  if (mode === 2) return { paint: rgb(rest.slice(0, 3)), used: 4 };
  if (mode !== 5) return { paint: null, used: 0 };
  const [n = 0] = rest;
  if (n < 16) return { paint: namedPaint(n < 8 ? n : n + 52), used: 2 };
  if (n >= 232) return { paint: rgb([0, 0, 0].map(() => 8 + 10 * (n - 232))), used: 2 };
  const digits = [Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6];
  return { paint: rgb(digits.map((digit) => (digit === 0 ? 0 : 55 + 40 * digit))), used: 2 };
}

function rgb(parts: readonly number[]): string {
  return `rgb(${[0, 1, 2].map((index) => Math.min(255, Math.max(0, parts[index] || 0))).join(",")})`;
}
