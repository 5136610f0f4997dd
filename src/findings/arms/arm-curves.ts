import { finiteValue } from "../run-record.ts";
import type { RunRecord } from "../run-record.ts";
import { blockMeans, blockStepsOf } from "../training-blocks.ts";
import type { PlacedRecord } from "./arm-rows.ts";

/** One point of one run's curve. */
export interface ArmCurveRow {
  readonly comparison: string;
  readonly tier: string;
  readonly arm: string;
  readonly seed: number;
  readonly column: string;
  /** Of a training metric, the middle of a block of steps. */
  readonly step: number;
  readonly value: number;
}

/** A column at every evaluation that has it. */
export function evaluationCurves(placed: readonly PlacedRecord[], column: string): ArmCurveRow[] {
  return placed.flatMap((run) => curveOf(run, run.record.evaluations, column));
}

/** Training metrics as means over blocks of steps, so that the longest run has at most 25. */
export function trainingCurves(placed: readonly PlacedRecord[], metrics: readonly string[]): ArmCurveRow[] {
  if (metrics.length === 0) return [];
  const blockSteps = blockStepsOf(placed.map(({ record }) => record));
  const rows = metrics.flatMap((metric) => placed.flatMap((run) => curveOf(run, run.record.steps, metric)));
  const keys = ["comparison", "tier", "arm", "seed", "column", "step"];
  return blockMeans(rows, keys, blockSteps) as ArmCurveRow[];
}

function curveOf(
  { comparison, arm, record }: PlacedRecord,
  rows: RunRecord["evaluations"] | RunRecord["steps"],
  column: string,
): ArmCurveRow[] {
  return rows.flatMap((row) => {
    const value = (row as unknown as Readonly<Record<string, unknown>>)[column] ?? null;
    if (value === null) return []; // no meaning at this step, or not measured
    const { tier, seed } = record;
    return { comparison, tier, arm, seed, column, step: row.step, value: finiteValue(value, record, row.step, column) };
  });
}
