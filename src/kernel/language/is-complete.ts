// Whether Enter should run the cell or open a new line: what a console asks before each line. The parser's first error
// decides: at the very end of the text more may come; anywhere else more text does not help.

import { createRequire } from "node:module";
import type * as oxc from "oxc-parser";

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid" | "unknown";
  /** Blanks to start the next line with, where it is incomplete. */
  readonly indent?: string;
}

/** Judges the text of a cell without running it. */
export function isComplete(code: string): Completeness {
  let status: Completeness["status"];
  try {
    status = judge(code);
  } catch {
    return { status: "unknown" };
  }
  return status === "incomplete" ? { status, indent: nextIndent(code) } : { status };
}

type Status = "complete" | "incomplete" | "invalid";

interface ParserError {
  readonly message: string;
  readonly labels: readonly { readonly start: number; readonly end: number }[];
}

// loaded at the first question and without waiting: the protocol wants an answer at once
const require = createRequire(import.meta.url);

function parse(code: string, lang: "ts" | "tsx"): ParserError | undefined {
  const { parseSync } = require("oxc-parser") as typeof oxc;
  const [error] = parseSync(`cell.${lang}`, code, { lang, sourceType: "module" }).errors;
  return error;
}

function judge(code: string): Status {
  const error = parse(code, "ts");
  if (error === undefined) return "complete";
  const status = judgeError(error, code);
  if (status === "incomplete") return status;
  return parse(code, "tsx") === undefined ? "complete" : status;
}

const CONTINUED_AT_END = /^(Missing (initializer|catch)|Identifier expected after)/;

function judgeError({ message, labels }: ParserError, code: string): Status {
  if (labels.length === 0) return "invalid";
  const { start, end } = labels[0];
  const textEnd = code.trimEnd().length;
  if (message === "Unterminated multiline comment") return "incomplete";
  if (message === "Unterminated string") {
    const isTemplate = code[start] === "`" || code[start] === "}";
    return isTemplate || code.endsWith("\\") ? "incomplete" : "invalid";
  }
  const isAtEnd = start >= textEnd || (end >= textEnd && CONTINUED_AT_END.test(message));
  return isAtEnd ? "incomplete" : "invalid";
}

const OPENS_BLOCK = /([{([]|=>|\$\{)$|^(if|for|while)\b.*\)$|\belse$/;

function nextIndent(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const step = indent.includes("\t") ? "\t" : "  ";
  return OPENS_BLOCK.test(line.trim()) ? indent + step : indent;
}
