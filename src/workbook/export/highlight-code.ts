// Colours of TypeScript and JavaScript code, from its tokens alone: a scanner, no parser. A `/` begins a regular
// expression where a value cannot have ended before it. The code itself is never changed, only wrapped.

import { escapeHtml } from "./escape-html.ts";

type Kind = "comment" | "string" | "number" | "keyword" | "constant" | "call" | "type" | "plain";

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const KEYWORDS = new Set(
  (
    "abstract as asserts async await break case catch class const continue declare default delete do else enum export " +
    "extends finally for from function if implements import in infer instanceof interface is keyof let namespace new of " +
    "override private protected public readonly return satisfies static super switch this throw try type typeof using var " +
    "void while with yield"
  ).split(" "),
);
const CONSTANTS = new Set(["true", "false", "null", "undefined", "NaN", "Infinity"]);
const TYPES = new Set(["any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown"]);
const PATTERN =
  /(?<comment>\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?)|(?<number>(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?)n?)|(?<word>[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*)|(?<space>\s+)/iuy;
const REGULAR_EXPRESSION = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const ENDS_VALUE = /[\w$)\]}"'`]$/;
const LANGUAGES = new Set(["", "ts", "typescript", "tsx", "js", "javascript", "jsx", "mjs", "json", "jsonc"]);

/** HTML of code; of a language that is not known here, without colours. */
export function highlightCode(code: string, language = "typescript"): string {
  if (!LANGUAGES.has(language.toLowerCase())) return escapeHtml(code);
  return tokensOf(code)
    .map(({ kind, text }) =>
      kind === "plain" ? escapeHtml(text) : `<span class="t-${kind}">${escapeHtml(text)}</span>`,
    )
    .join("");
}

function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  let last = ""; // the last token that is no space or comment
  const add = (kind: Kind, text: string) => {
    tokens.push({ kind, text });
    if (kind !== "comment" && text.trim() !== "") last = text;
  };
  for (let at = 0; at < code.length; ) {
    if (code[at] === "`") {
      at = addTemplate(code, at, tokens);
      last = "`";
      continue;
    }
    const groups = matchAt(PATTERN, code, at)?.groups;
    const { comment, string, number, word, space } = groups ?? {};
    const text = comment ?? string ?? number ?? word ?? space;
    if (comment !== undefined) add("comment", comment);
    else if (string !== undefined) add("string", string);
    else if (number !== undefined) add("number", number);
    else if (word !== undefined) add(kindOf(word, last, code.slice(at + word.length)), word);
    else if (space !== undefined) add("plain", space);
    else {
      const canBegin = !ENDS_VALUE.test(last) || KEYWORDS.has(last);
      const expression = code[at] === "/" && canBegin ? matchAt(REGULAR_EXPRESSION, code, at)?.[0] : undefined;
      add(expression === undefined ? "plain" : "string", expression ?? code[at]);
      at += (expression ?? code[at]).length;
      continue;
    }
    at += text?.length ?? 1;
  }
  return tokens;
}

function kindOf(word: string, before: string, after: string): Kind {
  if (before !== "." && before !== "?.") {
    if (CONSTANTS.has(word)) return "constant";
    if (KEYWORDS.has(word) && !/^\s*:/.test(after)) return "keyword";
    if (TYPES.has(word)) return "type";
  }
  if (/^\s*\(/.test(after)) return "call";
  return /^[A-Z][a-z]/.test(word) ? "type" : "plain";
}

/** A template with its substitutions, which are code again; returns where it ends. */
function addTemplate(code: string, start: number, tokens: Token[]): number {
  let from = start;
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "`") {
      tokens.push({ kind: "string", text: code.slice(from, at + 1) });
      return at + 1;
    } else if (code.startsWith("${", at)) {
      const end = endOfSubstitution(code, at + 2);
      tokens.push({ kind: "string", text: code.slice(from, at + 2) }, ...tokensOf(code.slice(at + 2, end)));
      from = end;
      at = end;
    }
  }
  tokens.push({ kind: "string", text: code.slice(from) });
  return code.length;
}

function endOfSubstitution(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    if (code[at] === "`") at = addTemplate(code, at, []) - 1;
    else if (code[at] === '"' || code[at] === "'") at += (matchAt(PATTERN, code, at)?.[0].length ?? 1) - 1;
    else if (code[at] === "{") depth++;
    else if (code[at] === "}" && depth-- === 0) return at;
  }
  return code.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
