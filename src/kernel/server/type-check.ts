// Types are checked beside the run, which never waits for it: the reply goes out when the code is done. Only `idle`
// waits a moment, as what comes after it is lost to nbconvert; findings that take longer are shown late.

import { setTimeout as delay } from "node:timers/promises";
import type { ErrorReport } from "../evaluation/types.ts";
import type { Diagnostic, LanguageService } from "../language/language.ts";

export type TypeCheckMode = "warn" | "block" | "off";

const LONGEST_WAIT_MS = 60;

export interface Check {
  /** The error that forbids to run the code, in mode "block". */
  readonly blocking: Promise<ErrorReport | undefined>;
  /** Resolves when the findings have been shown, or after a moment. */
  settled(): Promise<void>;
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
  start(cell: { id: string; executionCount: number; code: string }, show: (text: string) => void): Check {
    if (this.#mode === "off") {
      const known = this.#language().then((language) => language.addCell(cell));
      known.catch(this.#report);
      return { blocking: Promise.resolve(undefined), settled: () => Promise.resolve() };
    }
    const found = this.#find(cell);
    const isBlocking = this.#mode === "block";
    const shown = found.then((diagnostics) => {
      const isError = diagnostics.some(({ severity }) => severity === "error");
      if (diagnostics.length > 0 && !(isBlocking && isError)) show(diagnostics.map(toText).join("\n"));
    });
    return {
      blocking: isBlocking ? found.then(toBlockingError) : Promise.resolve(undefined),
      settled: () => Promise.race([shown, delay(LONGEST_WAIT_MS, undefined, { ref: false })]),
    };
  }

  async #find(cell: { id: string; executionCount: number; code: string }): Promise<readonly Diagnostic[]> {
    try {
      const language = await this.#language();
      const diagnostics = language.diagnostics(cell.code, cell.id);
      language.addCell(cell);
      return await diagnostics;
    } catch (error) {
      this.#report(error);
      return [];
    }
  }
}

function toText({ severity, code, message, codeFrame }: Diagnostic): string {
  return `${severity} TS${code}: ${message}\n${codeFrame}\n`;
}

function toBlockingError(diagnostics: readonly Diagnostic[]): ErrorReport | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return undefined;
  const evalue = errors.map(({ code, message }) => `TS${code}: ${message}`).join("\n");
  return { ename: "TypeCheckError", evalue, traceback: errors.map(toText) };
}
