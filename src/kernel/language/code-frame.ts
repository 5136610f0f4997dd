export interface FramedProblem {
  readonly message: string;
  readonly code: number;
  readonly severity: "error" | "warning";
  /** From 1, columns in UTF-16 units, as in V8's stack traces. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const MAX_LINES = 3;
const MAX_WIDTH = 160;

/** The problem's lines with the place underlined, in colours. */
export function codeFrame(source: string, problem: FramedProblem): string {
  const { line, column, endLine, endColumn, severity } = problem;
  const paint = severity === "error" ? red : yellow;
  const lines = source.split("\n");
  const last = Math.min(endLine, line + MAX_LINES - 1);
  const gutter = String(last).length;
  const frame: string[] = [];
  for (let number = line; number <= last; number++) {
    const text = lines[number - 1] ?? "";
    const from = number === line ? column - 1 : text.length - text.trimStart().length;
    const to = number === endLine ? endColumn - 1 : text.length;
    const cut = Math.max(0, from - MAX_WIDTH / 2);
    const shown = text.slice(cut, cut + MAX_WIDTH).replace(/\t/g, " ");
    const width = Math.max(1, displayWidth(text.slice(from, Math.min(to, cut + MAX_WIDTH))));
    frame.push(`${grey(String(number).padStart(gutter))} ${shown}`);
    frame.push(`${" ".repeat(gutter + 1 + displayWidth(text.slice(cut, from)))}${paint("~".repeat(width))}`);
  }
  return frame.join("\n");
}

const WIDE = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u;

/** Columns that a text takes in a fixed-width font. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}

function yellow(text: string): string {
  return `\u001b[33m${text}\u001b[39m`;
}

function grey(text: string): string {
  return `\u001b[90m${text}\u001b[39m`;
}
