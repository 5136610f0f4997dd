// Runs as three tables. runs: one row a run, with its settings, its hashes and the columns of its rows, since a run
// without some evaluation set has no such columns; steps and evaluations: all runs' rows one after the other under the
// run's number. What a result says twice (its first and last rows) is left out, and so is what depends on the machine
// (where a session went on; times and the environment are in no result anyway): two machines write equal tables.

import { LabelfreeError } from "../core/errors.ts";
import type { EvaluationMetrics, StepMetrics } from "../rl/metrics.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { RunResult } from "../runs/run-result.ts";
import type { TableRow } from "./parquet-table.ts";

export interface RunTables {
  readonly runs: readonly TableRow[];
  readonly steps: readonly TableRow[];
  readonly evaluations: readonly TableRow[];
}

/** Columns of whole numbers, of all three tables. */
export const INTEGER_COLUMNS: ReadonlySet<string> = new Set([
  "runIndex",
  "step",
  "steps",
  "totalSteps",
  "seed",
  "baseSeed",
]);

interface RunRow extends Omit<RunResult, "resumedFrom" | "metrics" | "evaluations"> {
  readonly stepColumns: readonly string[];
  readonly evaluationColumns: readonly string[];
}

/** Throws LabelfreeError `records/uneven-rows` for a run whose rows have different columns. */
export function toTables(recorded: readonly RecordedRun[]): RunTables {
  return {
    runs: recorded.map(toRunRow),
    steps: recorded.flatMap(({ steps }, runIndex) => steps.map((row) => ({ runIndex, ...row }))),
    evaluations: recorded.flatMap(({ evaluations }, runIndex) => evaluations.map((row) => ({ runIndex, ...row }))),
  };
}

/** The runs of `toTables`, with the keys of every object in the order they had. */
export function fromTables({ runs, steps, evaluations }: RunTables): RecordedRun[] {
  const [stepsOf, evaluationsOf] = [byRun(steps), byRun(evaluations)];
  return (runs as readonly (TableRow & RunRow)[]).map((row, runIndex) =>
    fromRunRow(
      row,
      withColumns<StepMetrics>(stepsOf.get(runIndex) ?? [], row.stepColumns),
      withColumns<EvaluationMetrics>(evaluationsOf.get(runIndex) ?? [], row.evaluationColumns),
    ),
  );
}

function toRunRow({ result, steps, evaluations }: RecordedRun): TableRow & RunRow {
  const { run, key, base, data, kernels, source, totalSteps, hasDiverged, weightsHash, collapse } = result;
  const origin = "tier" in run.base ? run.base : { tier: null, baseSeed: null };
  return {
    key,
    ...{ tier: origin.tier, baseSeed: origin.baseSeed, method: run.method, seed: run.seed }, // for a reader of the file
    ...{ steps: result.steps, totalSteps, hasDiverged, collapse, weightsHash },
    ...{ base, data, kernels, source, run },
    stepColumns: columnsOf(key, steps),
    evaluationColumns: columnsOf(key, evaluations),
  };
}

function fromRunRow(row: RunRow, steps: StepMetrics[], evaluations: EvaluationMetrics[]): RecordedRun {
  const { key, run, base, data, kernels, source, totalSteps, hasDiverged, weightsHash, collapse } = row;
  const result: RunResult = {
    ...{ base, data, kernels, source, key, run },
    ...{ steps: row.steps, totalSteps, hasDiverged, resumedFrom: null, weightsHash, collapse },
    metrics: steps.at(-1) ?? null,
    evaluations: { first: evaluations.at(0) ?? null, last: evaluations.at(-1) ?? null },
  };
  return { result, steps, evaluations };
}

function columnsOf(key: string, rows: readonly object[]): string[] {
  const columns = Object.keys(rows.at(0) ?? {});
  const isEven = rows.every((row) => Object.keys(row).join("\n") === columns.join("\n"));
  if (isEven) return columns;
  throw new LabelfreeError(
    "records/uneven-rows",
    `records: run ${key} has rows of different columns, expected one set`,
  );
}

function byRun(rows: readonly TableRow[]): Map<unknown, TableRow[]> {
  const groups = new Map<unknown, TableRow[]>();
  for (const row of rows) {
    const group = groups.get(row.runIndex);
    if (group === undefined) groups.set(row.runIndex, [row]);
    else group.push(row);
  }
  return groups;
}

function withColumns<Row>(rows: readonly TableRow[], columns: readonly string[]): Row[] {
  return rows.map((row) => Object.fromEntries(columns.map((name) => [name, row[name]])) as Row);
}
