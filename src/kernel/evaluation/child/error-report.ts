import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { Position } from "../transform/position.ts";
import type { ErrorReport } from "../types.ts";
import { placeOf, type ScriptSource } from "./stack-trace.ts";

const CONTEXT_LINES = 2;
const MAX_LINE_UNITS = 200;
const MAX_TEXT_UNITS = 20_000;

/** The cell was stopped by the user. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export const INTERRUPTED_REPORT: ErrorReport = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: [`${red("Interrupted")}: the cell was interrupted`],
};

/** Anything thrown, as a notebook shows it: what, where in the cell, and through which calls. Never throws. */
export function toErrorReport(thrown: unknown, at?: { source: ScriptSource; position: Position }): ErrorReport {
  try {
    return thrown instanceof Error || isErrorLike(thrown) ? errorReport(thrown, at) : valueReport(thrown);
  } catch {
    return { ename: "Error", evalue: "an error that cannot be shown", traceback: ["an error that cannot be shown"] };
  }
}

function errorReport(error: Error, at: { source: ScriptSource; position: Position } | undefined): ErrorReport {
  const ename = String(error.name || error.constructor?.name || "Error");
  const evalue = String(error.message);
  const stack = typeof error.stack === "string" ? error.stack : `${ename}: ${evalue}`;
  const found = at ?? foundPlace(stack);
  const text = cut(inspect(error, { colors: true, depth: 4 }));
  const bare = /^\[(.*)\]$/s.exec(text)?.[1] ?? text; // so inspect shows an error without frames
  const header = bare.startsWith(ename) ? `${red(ename)}${bare.slice(ename.length)}` : bare;
  const frame = found === undefined ? [] : [`${place(found)}\n${codeFrame(found.source.code, found.position)}`];
  return { ename, evalue: cut(evalue), traceback: [header, ...frame] };
}

function foundPlace(stack: string): { source: ScriptSource; position: Position } | undefined {
  const found = placeOf(stack);
  return found && { source: found.source, position: found };
}

function valueReport(thrown: unknown): ErrorReport {
  const evalue = cut(inspect(thrown));
  return { ename: "Uncaught", evalue, traceback: [`${red("Uncaught")} ${cut(inspect(thrown, { colors: true }))}`] };
}

function place({ source, position }: { source: ScriptSource; position: Position }): string {
  const name = source.name.startsWith("file:") ? fileURLToPath(source.name) : source.name;
  return `\u001b[36m${name}:${position.line}:${position.column}\u001b[39m`;
}

/** Lines around a position, with a mark under it. */
function codeFrame(code: string, { line, column }: Position): string {
  const lines = code.split(/\r?\n/);
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1].slice(0, MAX_LINE_UNITS);
    const gutter = `${String(number).padStart(width)} | `;
    shown.push(number === line ? `${red(">")} ${gutter}${text}` : `\u001b[2m  ${gutter}\u001b[22m${text}`);
    if (number !== line || column > MAX_LINE_UNITS) continue;
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    shown.push(`  ${" ".repeat(width)} | ${indent}${red("^")}`);
  }
  return shown.join("\n");
}

function isErrorLike(thrown: unknown): thrown is Error {
  return Object.prototype.toString.call(thrown) === "[object Error]";
}

function cut(text: string): string {
  return text.length <= MAX_TEXT_UNITS ? text : `${text.slice(0, MAX_TEXT_UNITS)}... (${text.length} characters)`;
}

function red(text: string): string {
  return `\u001b[31m${text}\u001b[39m`;
}
