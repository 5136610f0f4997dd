// Types are checked beside the run, which never waits for it: the check begins when the code is done, or after a moment
// where it takes longer, and the reply goes out first. Only `idle` waits. A client that answers no questions is a batch
// run (nbconvert, papermill), which keeps nothing that comes after idle: there idle waits for the findings. Before a
// person it waits a moment, and findings that take longer are shown late.

import { setTimeout as delay } from "node:timers/promises";
import type { ErrorReport } from "../evaluation/types.ts";
import type { Cell, Diagnostic, LanguageService } from "../language/language.ts";

export type TypeCheckMode = "warn" | "block" | "off";

const HEAD_START_MS = 20; // of the code before its check
const LONGEST_WAIT_MS = { person: 60, batch: 10_000 };

export interface Check {
  /** The error that forbids to run the code, in mode "block". */
  readonly blocking: Promise<ErrorReport | undefined>;
  /** Resolves when the findings have been shown, or when whoever waits has waited long enough. */
  settled(audience: "person" | "batch"): Promise<void>;
}

export class TypeCheck {
  readonly #mode: TypeCheckMode;
  readonly #language: () => Promise<LanguageService>;
  readonly #report: (error: unknown) => void;

  constructor(mode: TypeCheckMode, language: () => Promise<LanguageService>, report: (error: unknown) => void) {
    this.#mode = mode;
    this.#language = language;
    this.#report = report;
  }

  /** Makes the cell known to later ones and checks it; `show` gets the findings as text. */
  start(cell: Cell, show: (text: string) => void): Check {
    if (this.#mode === "off") {
      const known = this.#language().then((language) => language.addCell(cell));
      known.catch(this.#report);
      return { blocking: Promise.resolve(undefined), settled: () => Promise.resolve() };
    }
    if (this.#mode === "block") {
      const found = this.#find(cell);
      const shown = found.then((findings) => {
        if (toBlockingError(findings) === undefined) showAll(findings, show);
      });
      return { blocking: found.then(toBlockingError), settled: () => shown };
    }
    let shown: Promise<void> | undefined;
    const begin = () => {
      shown ??= this.#find(cell).then((findings) => showAll(findings, show));
      return shown;
    };
    const timer = setTimeout(() => void begin(), HEAD_START_MS);
    return {
      blocking: Promise.resolve(undefined),
      async settled(audience) {
        clearTimeout(timer);
        const patience = new AbortController();
        const { signal } = patience;
        await Promise.race([begin(), delay(LONGEST_WAIT_MS[audience], undefined, { signal }).catch(() => undefined)]);
        patience.abort();
      },
    };
  }

  async #find(cell: Cell): Promise<readonly Diagnostic[]> {
    let language: LanguageService | undefined;
    try {
      language = await this.#language();
      const diagnostics = language.diagnostics(cell.code, cell.id);
      language.addCell(cell);
      return await diagnostics;
    } catch (error) {
      const isReplaced = language !== undefined && language !== (await this.#language().catch(() => undefined));
      if (!isReplaced) this.#report(error);
      return [];
    }
  }
}

function showAll(findings: readonly Diagnostic[], show: (text: string) => void): void {
  if (findings.length > 0) show(findings.map(toText).join("\n"));
}

function toText({ severity, code, message, codeFrame }: Diagnostic): string {
  return `type ${severity} TS${code}: ${message}\n${codeFrame}\n`;
}

function toBlockingError(findings: readonly Diagnostic[]): ErrorReport | undefined {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return undefined;
  const evalue = errors.map(({ code, message }) => `TS${code}: ${message}`).join("\n");
  return { ename: "TypeCheckError", evalue, traceback: errors.map(toText) };
}
