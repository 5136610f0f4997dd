import { toUtf16Offset } from "./code-points.ts";
import type { Draft } from "./draft.ts";
import type { Inspection } from "./language-types.ts";
import type { QuickInfo, SignatureHelp, TypeEngine } from "./type-engine.ts";

/**
 * What is known of the name at a cursor position in code points, else of the call around it.
 * @param sourceOf source of a name that an earlier cell declares
 */
export function inspectAt(
  engine: TypeEngine,
  draft: Draft,
  cursorPos: number,
  detailLevel: 0 | 1,
  sourceOf: (name: string) => string | undefined,
): Inspection {
  const { code, path, start } = draft;
  const cursor = toUtf16Offset(code, cursorPos);
  const word = wordAt(code, cursor);
  const info = word === undefined ? undefined : engine.quickInfo(path, start + word);
  if (info !== undefined) return infoInspection(info, source(engine, draft, info, detailLevel, sourceOf));
  const help = engine.signatureHelp(path, start + cursor);
  if (help !== undefined) return helpInspection(help);
  const before = wordAt(code, code.slice(0, cursor).replace(/[^\p{ID_Continue}$]+$/u, "").length);
  const near = before === undefined ? undefined : engine.quickInfo(path, start + before);
  if (near === undefined) return { found: false, data: {} };
  return infoInspection(near, source(engine, draft, near, detailLevel, sourceOf));
}

const NAME_CHARACTER = /[\p{ID_Continue}$#]/u;

/** Offset inside the name that the cursor stands in or at the end of. */
function wordAt(code: string, cursor: number): number | undefined {
  if (cursor < code.length && NAME_CHARACTER.test(String.fromCodePoint(code.codePointAt(cursor) ?? 0))) return cursor;
  return cursor > 0 && NAME_CHARACTER.test(code[cursor - 1]) ? cursor - 1 : undefined;
}

function source(
  engine: TypeEngine,
  { path, code, start }: Draft,
  { span }: QuickInfo,
  detailLevel: 0 | 1,
  sourceOf: (name: string) => string | undefined,
): string | undefined {
  if (detailLevel === 0) return undefined;
  const definition = engine.definition(path, span.start);
  const isBroughtIn = definition === undefined || /^(declare let|import) .*"\.\/labelfree-cell-/.test(definition);
  if (!isBroughtIn) return definition;
  const name = code.slice(span.start - start, span.start - start + span.length);
  return sourceOf(name) ?? undefined;
}

function infoInspection({ signature, documentation }: QuickInfo, sourceText: string | undefined): Inspection {
  return inspection(signature, documentation, sourceText);
}

function helpInspection({ signatures, active, documentation }: SignatureHelp): Inspection {
  const others = signatures.length - 1;
  const note = others === 0 ? "" : `\n// ${others} more overload${others === 1 ? "" : "s"}`;
  return inspection(signatures[active] + note, documentation, undefined);
}

function inspection(signature: string, documentation: string, sourceText: string | undefined): Inspection {
  const sourceLines = sourceText === undefined ? [] : [sourceText];
  const plain = [signature, documentation, ...sourceLines].filter((part) => part !== "");
  const fenced = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;
  const marked = [fenced(signature), documentation, ...sourceLines.map(fenced)].filter((part) => part !== "");
  return { found: true, data: { "text/plain": plain.join("\n\n"), "text/markdown": marked.join("\n\n") } };
}
