import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CellChecker } from "../../../src/kernel/language/cell-checker.ts";
import type { Completions } from "../../../src/kernel/language/language-types.ts";
import { createTypeScript6Engine } from "../../../src/kernel/language/typescript6-engine.ts";

/** A notebook in a directory of its own, checked in this thread; `|` in a text stands for the cursor. */
export class Notebook {
  readonly directory = mkdtempSync(join(tmpdir(), "labelfree-language-"));
  readonly #checker: CellChecker;
  #count = 0;

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.#checker = new CellChecker(createTypeScript6Engine(this.directory));
  }

  write(path: string, text: string): void {
    const full = join(this.directory, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Checks a cell, then runs it as far as types go; gives its problems. */
  run(code: string): string[] {
    const problems = this.check(code);
    this.#count++;
    this.#checker.addCell({ id: `cell-${this.#count}`, executionCount: this.#count, code });
    return problems;
  }

  check(code: string): string[] {
    return this.diagnostics(code).map(({ line, column, message }) => `${line}:${column} ${message.split("\n")[0]}`);
  }

  diagnostics(code: string): ReturnType<CellChecker["diagnostics"]> {
    return this.#checker.diagnostics(code);
  }

  complete(marked: string): Completions {
    const [code, cursor] = atCursor(marked);
    return this.#checker.complete(code, cursor);
  }

  inspect(marked: string, detailLevel: 0 | 1 = 0): string | undefined {
    const [code, cursor] = atCursor(marked);
    const { found, data } = this.#checker.inspect(code, cursor, detailLevel);
    return found ? String(data["text/markdown"]) : undefined;
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function atCursor(marked: string): [string, number] {
  const at = marked.indexOf("|");
  return [marked.slice(0, at) + marked.slice(at + 1), [...marked.slice(0, at)].length];
}
