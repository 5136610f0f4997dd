// Questions about cells, asked in terms of cells and answered by a TypeScript engine in terms of files. A cell's file is
// a first line with the names it uses from earlier cells, its own text, and a last line that exports what it declares.

import { CellScope } from "./cell-scope.ts";
import { codeFrame } from "./code-frame.ts";
import { toUtf16Offset } from "./code-points.ts";
import { completeAt, wordBefore } from "./complete.ts";
import type { Draft } from "./draft.ts";
import { globalsText } from "./globals.ts";
import { inspectAt } from "./inspect.ts";
import type { Cell, Completions, Diagnostic, Inspection } from "./language-types.ts";
import type { EngineDiagnostic, ParsedCell, TypeEngine } from "./type-engine.ts";

/** "could not find a declaration file": the package has no types, which is not the notebook's fault. */
const UNTYPED_PACKAGE = 7016;

/** "implicitly has type any": of `let list = []`, whose type follows from what is done with it, in later cells too. */
const EVOLVING_TYPE = new Set([7005, 7034]);

const UNCHECKED = /^\s*\/\/\s*@ts-nocheck\b/;

export class CellChecker {
  readonly #engine: TypeEngine;
  readonly #scope = new CellScope();
  /** Files of the cells that some name comes from. */
  readonly #live = new Map<string, { readonly path: string; readonly text: string }>();
  #cellCount = 0;

  constructor(engine: TypeEngine) {
    this.#engine = engine;
    engine.setFile(engine.pathOf("labelfree-globals.d.ts"), globalsText(), { isRoot: true });
    this.#listLiveCells();
  }

  addCell({ code }: Cell): void {
    const parsed = this.#engine.parse(code);
    if (parsed.syntaxErrors.length > 0) return;
    this.#cellCount++;
    const module = `labelfree-cell-${this.#cellCount}`;
    const path = this.#engine.pathOf(module);
    const { text } = this.#cellFile(code, parsed);
    this.#engine.setFile(path, text);
    this.#scope.add(module, parsed);
    this.#live.set(module, { path, text });
    this.#listLiveCells();
  }

  diagnostics(code: string): readonly Diagnostic[] {
    if (UNCHECKED.test(code)) return [];
    const parsed = this.#engine.parse(code);
    const lineStarts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const toDiagnostic = (found: EngineDiagnostic): Diagnostic => framed(found, code, lineStarts);
    if (parsed.syntaxErrors.length > 0) return parsed.syntaxErrors.map(toDiagnostic);
    const { text, start } = this.#cellFile(code, parsed);
    return this.#engine
      .diagnostics(this.#setDraft(text))
      .map((found) => ({ ...found, start: found.start - start }))
      .filter((found) => found.start >= 0 && found.start <= code.length && !EVOLVING_TYPE.has(found.code))
      .map(toDiagnostic);
  }

  complete(code: string, cursorPos: number): Completions {
    const cursor = toUtf16Offset(code, cursorPos);
    const { length } = wordBefore(code, cursor);
    const typed = code.slice(cursor - length, cursor).toLowerCase();
    const isMember = /\.\s*$/.test(code.slice(0, cursor - length));
    const isUsed = usedNames(code);
    // of thousands of names only those that may be meant
    const isWanted = (name: string): boolean => isUsed(name) || (!isMember && name.toLowerCase().startsWith(typed));
    return completeAt(this.#engine, this.#draft(code, isWanted), cursorPos);
  }

  inspect(code: string, cursorPos: number, detailLevel: 0 | 1): Inspection {
    const sourceOf = (name: string): string | undefined => this.#declarationText(name);
    return inspectAt(this.#engine, this.#draft(code, usedNames(code)), cursorPos, detailLevel, sourceOf);
  }

  /** The file of the cell that is typed, which need not parse. */
  #draft(code: string, isWanted: (name: string) => boolean): Draft {
    const { declarations } = this.#engine.parse(code);
    const prelude = this.#scope.prelude((name) => isWanted(name) && !declarations.has(name));
    return { path: this.#setDraft(prelude + code), code, start: prelude.length };
  }

  #cellFile(code: string, { declarations, exported }: ParsedCell): { readonly text: string; readonly start: number } {
    const isUsed = usedNames(code);
    const prelude = this.#scope.prelude((name) => isUsed(name) && !declarations.has(name));
    const names = [...declarations.keys()].filter((name) => !exported.has(name));
    return { text: `${prelude}${code}\nexport { ${names.join(", ")} };`, start: prelude.length };
  }

  /** Source of a name that an earlier cell declares. */
  #declarationText(name: string): string | undefined {
    const cell = this.#live.get(this.#scope.ownerOf(name)?.module ?? "");
    if (cell === undefined) return undefined;
    const exportStart = cell.text.lastIndexOf("\nexport { ");
    const inExport = new RegExp(`(?<=[ ])${name.replaceAll("$", "\\$")}(?=[ ,])`).exec(cell.text.slice(exportStart));
    return inExport === null ? undefined : this.#engine.definition(cell.path, exportStart + inExport.index);
  }

  /** One file serves for all drafts: TypeScript starts from little where the list of its files stays the same. */
  #setDraft(text: string): string {
    const path = this.#engine.pathOf("labelfree-draft");
    this.#engine.setFile(path, text, { isRoot: true });
    return path;
  }

  /** Keeps the cells that names come from, and what they import, in TypeScript's memory; drops the others. */
  #listLiveCells(): void {
    const live = this.#scope.liveModules();
    for (const module of this.#live.keys()) if (!live.has(module)) this.#live.delete(module);
    const imports = [...this.#live.keys()].map((module) => `import "./${module}.js";\n`);
    this.#engine.setFile(this.#engine.pathOf("labelfree-cells"), imports.join(""), { isRoot: true });
  }
}

/** Tells which names occur in the text; some of them in strings or as members, which does no harm. */
function usedNames(code: string): (name: string) => boolean {
  const names = new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
  return (name) => names.has(name);
}

function framed(found: EngineDiagnostic, code: string, lineStarts: readonly number[]): Diagnostic {
  const start = placeOf(found.start, code, lineStarts);
  const end = placeOf(found.start + found.length, code, lineStarts);
  const problem = {
    message: found.message,
    code: found.code,
    severity: found.code === UNTYPED_PACKAGE ? ("warning" as const) : found.severity,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
  return { ...problem, codeFrame: codeFrame(code, problem) };
}

function placeOf(offset: number, code: string, lineStarts: readonly number[]): { line: number; column: number } {
  const inside = Math.min(Math.max(offset, 0), code.length);
  const line = lineStarts.findLastIndex((start) => start <= inside);
  return { line: line + 1, column: inside - lineStarts[line] + 1 };
}
