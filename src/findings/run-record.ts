// One run of a sweep as an analysis reads it, with the checks that keep a missing number from passing for one.
import { LabelfreeError } from "../core/errors.ts";
import type { MethodName } from "../rl/methods.ts";
import type { EvaluationMetrics, StepMetrics } from "../rl/metrics.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { Run } from "../runs/spec.ts";
import type { FailedStudyRun } from "./study.ts";

/** One finished run. */
export interface RunRecord {
  readonly key: string;
  readonly tier: string;
  /** Its preset; what else a sweep changed is in `run`. */
  readonly method: MethodName;
  readonly seed: number;
  /** Pre-training seed of the base checkpoint. */
  readonly baseSeed: number;
  /** All settings of the run. */
  readonly run: Run;
  /** Rows in order of step, from 1 on. */
  readonly steps: readonly StepMetrics[];
  /** Rows in order of step; the first, step 0, is the base policy. */
  readonly evaluations: readonly EvaluationMetrics[];
  readonly hasCollapsed: boolean;
  /** The loss or the gradient ceased to be finite: a result, which counts. */
  readonly hasDiverged: boolean;
}

/** A run of the sweep that gave no result. */
export interface MissingRun {
  readonly tier: string;
  readonly method: string;
  readonly seed: number;
  readonly why: string;
}

/** A column of the evaluation rows. */
export type EvaluationColumn = `eval/${string}/accuracy` | `eval/${string}/level_${number}`;

/** Accuracy on the held-out problems of all levels, the columns that most findings look at. */
export const HELD_OUT_ACCURACY = "eval/math-like/accuracy";

export function toRunRecord({ result, steps, evaluations }: RecordedRun): RunRecord {
  const { run, key, collapse, hasDiverged } = result;
  const { seed } = run;
  const method = run.method as MethodName;
  const hasCollapsed = collapse !== null;
  return { key, ...originOf(run.base), method, seed, run, steps, evaluations, hasCollapsed, hasDiverged };
}

export function toMissingRun({ run, why }: FailedStudyRun): MissingRun {
  return { tier: originOf(run.base).tier, method: run.method, seed: run.seed, why };
}

/**
 * The records ordered by tier, method and seed, so that sums and resamples do not depend on the order given.
 * @throws LabelfreeError `finding/no-runs`.
 */
export function inSweepOrder(records: readonly RunRecord[]): RunRecord[] {
  if (records.length === 0) throw new LabelfreeError("finding/no-runs", "finding: got no runs, expected at least one");
  return [...records].sort((a, b) => {
    if (a.tier !== b.tier) return a.tier < b.tier ? -1 : 1;
    if (a.method !== b.method) return a.method < b.method ? -1 : 1;
    return a.seed - b.seed;
  });
}

/** A column at the base policy's evaluation, step 0. Throws LabelfreeError `finding/not-finite` where there is none. */
export function baseValue(record: RunRecord, column: EvaluationColumn): number {
  const first = record.evaluations.at(0);
  if (first?.step === 0) return finiteValue(first[column], record, 0, column);
  const message = `finding: run ${record.key} has no evaluation at step 0, got ${first?.step ?? "none"} as its first`;
  throw new LabelfreeError("finding/not-finite", message, { fields: { key: record.key } });
}

/** A column at the last evaluation; 0 for a run that diverged, whose weights can answer nothing. Throws as baseValue. */
export function finalValue(record: RunRecord, column: EvaluationColumn): number {
  if (record.hasDiverged) return 0;
  const last = record.evaluations.at(-1);
  return finiteValue(last?.[column], record, last?.step ?? 0, column);
}

/**
 * The value, checked: arquero's mean passes over NaN and null without a word, so nothing of the kind may come that far.
 * @throws LabelfreeError `finding/not-finite`.
 */
export function finiteValue(value: unknown, record: RunRecord, step: number, column: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const message = `finding: run ${record.key}, step ${step}, ${column}: got ${value}, expected a finite number`;
  throw new LabelfreeError("finding/not-finite", message, { fields: { key: record.key, step, column } });
}

function originOf(base: Run["base"]): { tier: string; baseSeed: number } {
  return "tier" in base ? { tier: base.tier, baseSeed: base.baseSeed } : { tier: base.checkpoint, baseSeed: 1 };
}
