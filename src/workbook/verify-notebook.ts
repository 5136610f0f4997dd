// A notebook's committed outputs put to the test: its cells run again, in memory, and what they give is compared with
// what the file says. Nothing is written.

import { dirname, resolve } from "node:path";
import { compareOutputs } from "./compare-outputs.ts";
import { type ComparisonRules, type Difference, isVolatile, volatileParts } from "./comparison-rules.ts";
import type { KernelChoice } from "./kernel-choice.ts";
import { KernelSession } from "./kernel-session.ts";
import { type CodeCell, isCode, type Notebook, tagsOf } from "./notebook.ts";
import { readNotebook } from "./notebook-file.ts";
import { progressOf } from "./notebook-progress.ts";
import { type CellRun, clearOutputs, runCells, type RunCellsOptions } from "./run-cells.ts";

/** `volatile`: it ran, and its outputs were not compared; `not run`: an earlier cell ended the run. */
export type CellState = "same" | "different" | "volatile" | "not run" | "skipped";

export interface CellVerification {
  /** Place among all cells, from 1 on. */
  readonly number: number;
  readonly id: string;
  readonly executionCount: number | null;
  readonly state: CellState;
  readonly elapsedMs: number;
  /** Committed value first. */
  readonly differences: readonly Difference[];
}

export interface NotebookVerification {
  readonly file: string;
  readonly kernel: string;
  readonly cells: readonly CellVerification[];
  /** Whether the run that stored the outputs came to its end; one that did not has nothing to be held to. */
  readonly isWhole: boolean;
  readonly isSame: boolean;
  readonly isInterrupted: boolean;
}

export interface VerifyOptions extends Pick<RunCellsOptions, "allowErrors" | "signal" | "onStart"> {
  readonly tolerance: number;
  readonly kernelOf: (notebook: Notebook) => KernelChoice;
  readonly onEnd?: (run: CellRun) => void;
}

/**
 * Runs a notebook in memory and compares its outputs with those in the file.
 * @throws LabelfreeError `notebook/...`, `file/...` or `kernel/no-start`.
 */
export async function verifyNotebook(
  file: string,
  { tolerance, kernelOf, ...options }: VerifyOptions,
): Promise<NotebookVerification> {
  const notebook = readNotebook(file);
  const kernel = kernelOf(notebook);
  const shared = volatileParts(notebook, file);
  const rulesOf = (cell: CodeCell, number: number): ComparisonRules => ({
    tolerance,
    volatile: [...shared, ...volatileParts(cell, `${file}, cell ${number}`)],
  });
  const places = notebook.cells.flatMap((cell, index) =>
    isCode(cell) ? [{ cell, index, rules: rulesOf(cell, index + 1) }] : [],
  );
  const session = await KernelSession.start(kernel, dirname(resolve(file)));
  try {
    const { onStart, onEnd, allowErrors = false, signal } = options;
    const outcome = await runCells(session, clearOutputs(notebook.cells), {
      allowErrors,
      ...(signal === undefined ? {} : { signal }),
      ...(onStart === undefined ? {} : { onStart }),
      onEnd: (run) => onEnd?.(run),
    });
    const cells = places.map(({ cell, index, rules }): CellVerification => {
      const run = outcome.runs.find(({ id }) => id === cell.id);
      const now = outcome.cells[index];
      return verifyCell(cell, isCode(now) ? now : cell, run, { number: index + 1, rules });
    });
    const isInterrupted = outcome.runs.at(-1)?.status === "interrupted";
    const isWhole = progressOf(notebook) === undefined;
    const isSame = isWhole && cells.every(({ state }) => state !== "different" && state !== "not run");
    return { file, kernel: kernel.name, cells, isWhole, isSame, isInterrupted };
  } finally {
    await session.close();
  }
}

function verifyCell(
  committed: CodeCell,
  now: CodeCell,
  run: CellRun | undefined,
  { number, rules }: { readonly number: number; readonly rules: ComparisonRules },
): CellVerification {
  const { id, execution_count: executionCount } = committed;
  const about = { number, id, executionCount, elapsedMs: run?.elapsedMs ?? 0 };
  if (run === undefined || run.status === "interrupted") return { ...about, state: "not run", differences: [] };
  if (run.status === "skipped" && tagsOf(committed).includes("skip-execution")) {
    return { ...about, state: "skipped", differences: [] };
  }
  const failure = failureOf(committed, run);
  if (failure !== undefined) return { ...about, state: "different", differences: [failure] };
  if (isVolatile(committed)) return { ...about, state: "volatile", differences: [] };
  const differences = compareOutputs(committed.outputs, now.outputs, rules);
  return { ...about, state: differences.length === 0 ? "same" : "different", differences };
}

/** An error that the file does not have, even where outputs are volatile. */
function failureOf({ outputs }: CodeCell, { status, error, line }: CellRun): Difference | undefined {
  if (error === undefined || (status !== "died" && outputs.some(({ output_type: type }) => type === "error"))) return;
  const what = line === undefined ? "error" : `error in line ${line} of the cell`;
  return { what, expected: "none", found: `${error.ename}: ${error.evalue}` };
}
