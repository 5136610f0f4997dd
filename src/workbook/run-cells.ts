// The code cells of a notebook, top to bottom, on one kernel. Tags as nbclient has them: `skip-execution` leaves a cell
// out, `raises-exception` lets one end in an error. `skip-on-resume` is ours: a cell that only shows something need not
// run again to rebuild the kernel's state.

import { type CellError, CellOutputs, Displays } from "./cell-outputs.ts";
import { lineOfError } from "./cell-place.ts";
import type { KernelSession } from "./kernel-session.ts";
import { type Cell, type CodeCell, isCode, type Output, tagsOf } from "./notebook.ts";

/** `rebuilt`: run again for its state, with its outputs kept. */
export type CellStatus = "ok" | "rebuilt" | "error" | "died" | "interrupted" | "skipped";

export interface CellRun {
  /** Place among all cells, from 1 on. */
  readonly number: number;
  readonly id: string;
  readonly status: CellStatus;
  readonly elapsedMs: number;
  readonly executionCount: number | null;
  readonly error?: CellError;
  /** Line of the cell that its error names, from 1 on. */
  readonly line?: number;
}

export interface RunCellsOptions {
  /** How many of the code cells, from the first on, are done. */
  readonly doneCount?: number;
  readonly allowErrors?: boolean;
  readonly signal?: AbortSignal;
  readonly onStart?: (cell: CodeCell, number: number) => void;
  /** Told after each cell, with all cells as they are now and the number of code cells done. */
  readonly onEnd?: (run: CellRun, cells: readonly Cell[], doneCount: number) => void;
}

export interface CellsOutcome {
  readonly cells: readonly Cell[];
  readonly runs: readonly CellRun[];
  /** Whether every code cell is done. */
  readonly isWhole: boolean;
}

/** Runs the code cells until one fails that may not, or is interrupted: it is then the last of the runs. */
export async function runCells(
  session: KernelSession,
  given: readonly Cell[],
  { doneCount = 0, allowErrors = false, signal, onStart, onEnd }: RunCellsOptions,
): Promise<CellsOutcome> {
  const displays = new Displays();
  const live = new Map<string, CellOutputs>();
  const cells = [...given];
  const now = () => cells.map((cell) => withOutputs(cell, live.get(cell.id)));
  const runs: CellRun[] = [];
  const places = cells.flatMap((cell, index) => (isCode(cell) ? [{ cell, index }] : []));
  for (const [order, { cell, index }] of places.entries()) {
    const isDone = order < doneCount;
    const number = index + 1;
    const about = { number, id: cell.id };
    if (isSkipped(cell, isDone)) {
      runs.push({ ...about, status: "skipped", elapsedMs: 0, executionCount: cell.execution_count });
      onEnd?.(runs[runs.length - 1], now(), Math.max(doneCount, order + 1));
      continue;
    }
    onStart?.(cell, number);
    const outputs = new CellOutputs(displays);
    if (!isDone) live.set(cell.id, outputs);
    const startedAt = performance.now();
    const end = await session.runCell(cell.source, outputs, signal);
    const elapsedMs = performance.now() - startedAt;
    if (isDone) keepUpdating(cell.outputs, outputs.outputs, displays);
    const failed = "error" in end && end.status === "error" && !mayFail(cell, allowErrors);
    const status =
      end.status === "ok" || (end.status === "error" && !failed) ? (isDone ? "rebuilt" : "ok") : end.status;
    if (status === "interrupted" && !isDone) live.set(cell.id, new CellOutputs(displays)); // a part of its outputs says nothing
    const { executionCount } = outputs;
    const line = "error" in end ? lineOfError(end.error, executionCount) : undefined;
    const error = "error" in end ? { error: end.error, ...(line === undefined ? {} : { line }) } : {};
    runs.push({ ...about, status, elapsedMs, executionCount, ...error });
    const isGood = status === "ok" || status === "rebuilt";
    onEnd?.(runs[runs.length - 1], now(), Math.max(doneCount, isGood ? order + 1 : order));
    if (!isGood) return { cells: now(), runs, isWhole: false };
  }
  return { cells: now(), runs, isWhole: true };
}

/** The cells with the outputs of those that are `done`, or that no run touches, and no others. */
export function clearOutputs(cells: readonly Cell[], done: readonly CodeCell[] = []): Cell[] {
  const kept = new Map(done.map((cell) => [cell.id, cell]));
  return cells.map((cell) => {
    if (!isCode(cell) || tagsOf(cell).includes("skip-execution")) return cell;
    return kept.get(cell.id) ?? { ...cell, outputs: [], execution_count: null };
  });
}

function isSkipped(cell: CodeCell, isDone: boolean): boolean {
  const tags = tagsOf(cell);
  return cell.source.trim() === "" || tags.includes("skip-execution") || (isDone && tags.includes("skip-on-resume"));
}

function mayFail(cell: CodeCell, allowErrors: boolean): boolean {
  return allowErrors || tagsOf(cell).includes("raises-exception");
}

function withOutputs(cell: Cell, live: CellOutputs | undefined): Cell {
  if (live === undefined || !isCode(cell)) return cell;
  return { ...cell, outputs: [...live.outputs], execution_count: live.executionCount };
}

/** Updates of a display by a later cell reach the output that was kept, where the cell has shown the same again. */
function keepUpdating(kept: readonly Output[], again: readonly Output[], displays: Displays): void {
  const isSame = kept.length === again.length && kept.every((output, i) => output.output_type === again[i].output_type);
  if (isSame) kept.forEach((output, index) => displays.alias(again[index], output));
}
