import { toCodePoints, toUtf16Offset } from "./code-points.ts";
import type { Draft } from "./draft.ts";
import type { Completions, TypedMatch } from "./language-types.ts";
import type { EngineCompletion, Span, TypeEngine } from "./type-engine.ts";

const MAX_MATCHES = 500;
const MAX_SIGNATURES = 100;

/** What may stand at a cursor position in code points. */
export function completeAt(engine: TypeEngine, draft: Draft, cursorPos: number): Completions {
  const { code, path, start } = draft;
  const cursor = toUtf16Offset(code, cursorPos);
  const found = engine.completions(path, start + cursor).filter(({ name }) => name !== ""); // "" where one is missing
  const word = wordBefore(code, cursor);
  const spanOf = (entry: EngineCompletion): Span => inCell(entry.replacement, start) ?? word;
  // one reply has one place for all matches: the word's, or where none goes there, that of the first
  const entries = found.filter(
    ({ replacement }) => replacement === undefined || startsAt(replacement, start + word.start),
  );
  const kept = entries.length > 0 ? entries : found.filter((entry) => startsAt(spanOf(entry), spanOf(found[0]).start));
  if (kept.length === 0) return completions(code, cursor, word, []);
  const span = spanOf(kept[0]);
  const typed = code.slice(span.start, cursor);
  const matching = kept
    .filter((entry) => isTyped(entry, typed, code.slice(word.start, cursor)))
    .sort((a, b) => (order(a, typed) < order(b, typed) ? -1 : 1))
    .slice(0, MAX_MATCHES);
  const matches = matching.map((entry, i) => {
    const kind = entry.kind();
    const signature = i < MAX_SIGNATURES ? entry.signature() : undefined;
    return { text: textOf(entry), type: TYPES[kind] ?? kind, ...(signature === undefined ? {} : { signature }) };
  });
  return completions(code, cursor, span, matches);
}

function completions(
  code: string,
  cursor: number,
  span: Span,
  matches: readonly Pick<TypedMatch, "text" | "type" | "signature">[],
): Completions {
  const start = toCodePoints(code, span.start);
  const end = toCodePoints(code, Math.max(cursor, span.start + span.length));
  return {
    matches: matches.map(({ text }) => text),
    cursorStart: start,
    cursorEnd: end,
    metadata: { _jupyter_types_experimental: matches.map((match) => ({ ...match, start, end })) },
  };
}

/** The name that ends at the cursor, perhaps empty. */
export function wordBefore(code: string, cursor: number): Span {
  const length = /[\p{ID_Continue}$#\u200c\u200d]*$/u.exec(code.slice(0, cursor))?.[0].length ?? 0;
  return { start: cursor - length, length };
}

function inCell(span: Span | undefined, start: number): Span | undefined {
  return span === undefined ? undefined : { start: span.start - start, length: span.length };
}

function startsAt(span: Span, start: number): boolean {
  return span.start === start;
}

function textOf({ name, insertText }: EngineCompletion): string {
  return insertText ?? name;
}

/** Whether the match goes on with what stands before the cursor; `?.name` in place of a dot goes on with the name. */
function isTyped(entry: EngineCompletion, typed: string, word: string): boolean {
  const [text, start] = entry.insertText === undefined ? [entry.name, typed] : [entry.name, word];
  return text.toLowerCase().startsWith(start.toLowerCase());
}

/** Names that start just as typed come first, then TypeScript's own order. */
function order(entry: EngineCompletion, typed: string): string {
  return `${textOf(entry).startsWith(typed) ? 0 : 1} ${entry.sortText} ${entry.name}`;
}

const TYPES: Readonly<Record<string, string>> = {
  "local function": "function",
  "local class": "class",
  const: "variable",
  let: "variable",
  var: "variable",
  "local var": "variable",
  parameter: "variable",
  using: "variable",
  import: "module",
  alias: "module",
  namespace: "module",
  getter: "property",
  setter: "property",
  "enum member": "property",
  "primitive type": "type",
  "type parameter": "type",
};
