// HTML that comes out of a notebook (results of cells, and what Markdown became) is taken apart and written anew: only
// the elements and attributes named here, every element closed, every value quoted. What is not understood is text. So a
// page never runs a script of a notebook's, loads nothing, and keeps its own frame whole, whatever stands in a cell.

import { decodeEntities } from "./decode-entities.ts";
import { escapeHtml } from "./escape-html.ts";

export interface SafeHtmlOptions {
  /** Where a link leads; null: its text stays without it. Default: nowhere. */
  readonly linkTo?: (href: string) => string | null;
  /** The data URI of an image; null: its alternative text stands in its place. Default: none. */
  readonly imageAt?: (src: string) => string | null;
}

const VOID = new Set(["br", "hr", "img", "wbr", "col"]);
const ALLOWED = new Set(
  (
    "a abbr b blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font " +
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table " +
    "tbody td tfoot th thead tr u ul var wbr"
  ).split(" "),
);
const INLINE = new Set(
  "a abbr b cite code del em font i ins kbd mark q s samp small span strong sub sup u var wbr".split(" "),
);
/** Elements whose content is not text for the eye. */
const DROPPED =
  /^(?:script|style|template|iframe|object|embed|noscript|svg|math|head|title|textarea|select|xmp|plaintext|noembed|noframes)$/;
const PLAIN_ATTRIBUTES = new Set([
  "title",
  "colspan",
  "rowspan",
  "scope",
  "align",
  "open",
  "start",
  "dir",
  "lang",
  "reversed",
]);
const TAG =
  /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?|\s*\/(?!>))*)\s*\/?>/y;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const COMMENT = /<!--[^]*?(?:-->|$)|<[!?][^>]*(?:>|$)/y;

/** The same HTML, of allowed elements and attributes only, well nested. */
export function safeHtml(html: string, options: SafeHtmlOptions = {}): string {
  const open: string[] = [];
  let result = "";
  for (let at = 0; at < html.length; ) {
    const next = html.indexOf("<", at);
    if (next !== at) {
      const end = next < 0 ? html.length : next;
      result += escapeHtml(decodeEntities(html.slice(at, end)));
      at = end;
      continue;
    }
    const comment = matchAt(COMMENT, html, at);
    if (comment !== null) {
      at += comment[0].length;
      continue;
    }
    const tag = matchAt(TAG, html, at);
    if (tag === null) {
      result += "&lt;";
      at += 1;
      continue;
    }
    const [all, slash, rawName, attributes] = tag;
    const name = rawName.toLowerCase();
    at += all.length;
    if (DROPPED.test(name)) {
      if (slash === "") at = endOf(html, name, at);
    } else if (!ALLOWED.has(name)) {
      continue; // its content stays
    } else if (slash === "/") {
      const depth = open.lastIndexOf(name);
      if (depth < 0) continue;
      for (const each of open.splice(depth).reverse()) result += `</${each}>`;
    } else if (name === "img") {
      result += image(attributes, options);
    } else {
      result += `<${name}${writeAttributes(name, attributes, options)}>`;
      if (!VOID.has(name)) open.push(name);
    }
  }
  return (
    result +
    open
      .reverse()
      .map((name) => `</${name}>`)
      .join("")
  );
}

/** The text of HTML, as a reader sees it, in one line. */
export function htmlText(html: string): string {
  const safe = safeHtml(html).replaceAll(/<\/?([a-z]+[1-6]?)[^>]*>/g, (_, name: string) =>
    INLINE.has(name) ? "" : " ",
  );
  return decodeEntities(safe).replaceAll(/\s+/g, " ").trim();
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOf(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}\\b[^>]*>`, "gi");
  end.lastIndex = from;
  return end.exec(html) === null ? html.length : end.lastIndex;
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    Array.from(text.matchAll(ATTRIBUTE), ([, name, double, single, bare]) => [
      name.toLowerCase(),
      decodeEntities(double ?? single ?? bare ?? ""),
    ]),
  );
}

function writeAttributes(element: string, text: string, { linkTo }: SafeHtmlOptions): string {
  const attributes = attributesOf(text);
  const kept = [...attributes].filter(([name]) => PLAIN_ATTRIBUTES.has(name));
  const target = element === "a" ? (linkTo?.(attributes.get("href") ?? "") ?? null) : null;
  if (target !== null) {
    kept.push(["href", target]);
    if (/^https?:/.test(target)) kept.push(["rel", "noopener noreferrer"]);
  }
  return kept.map(([name, value]) => ` ${name}="${escapeHtml(value)}"`).join("");
}

function image(text: string, { imageAt }: SafeHtmlOptions): string {
  const attributes = attributesOf(text);
  const alt = attributes.get("alt") ?? "";
  const data = imageAt?.(attributes.get("src") ?? "") ?? null;
  if (data === null) return `<span>${escapeHtml(alt === "" ? "(image)" : alt)}</span>`;
  const size = ["width", "height"].flatMap((name) => {
    const value = attributes.get(name) ?? "";
    return /^\d{1,4}$/.test(value) ? [` ${name}="${value}"`] : [];
  });
  return `<img src="${escapeHtml(data)}" alt="${escapeHtml(alt)}"${size.join("")}>`;
}
