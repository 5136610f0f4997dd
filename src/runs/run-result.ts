import { type CollapseVerdict, detectCollapse, toStepObservation } from "../rl/collapse-detector.ts";
import type { EvaluationMetrics, StepMetrics } from "../rl/metrics.ts";
import type { RunKey } from "./run-key.ts";
import type { Run } from "./spec.ts";

/** What result.json says; a run that has this file is whole. */
export interface RunResult extends RunKey {
  readonly run: Run;
  /** Steps done; fewer than `totalSteps` only in a run that diverged, which counts as a result. */
  readonly steps: number;
  readonly totalSteps: number;
  readonly hasDiverged: boolean;
  /** Step at which the last session of a run that was stopped or killed went on; null for a run in one go. */
  readonly resumedFrom: number | null;
  readonly weightsHash: string;
  readonly collapse: CollapseVerdict | null;
  /** Last row of metrics.jsonl. */
  readonly metrics: StepMetrics | null;
  /** First and last rows of evaluations.jsonl: base policy and trained policy. */
  readonly evaluations: { readonly first: EvaluationMetrics | null; readonly last: EvaluationMetrics | null };
}

/** What a result says about a run's rows; collapse is judged by accuracy on the first of its evaluation sets. */
export function summarizeRows(
  metrics: readonly StepMetrics[],
  evaluations: readonly EvaluationMetrics[],
  { evaluation: { sets } }: Pick<Run, "evaluation">,
): Pick<RunResult, "collapse" | "metrics" | "evaluations"> {
  const heldOut = evaluations.flatMap((row) => {
    const accuracy = sets.length === 0 ? null : row[`eval/${sets[0]}/accuracy`];
    return typeof accuracy === "number" ? [{ step: row.step, accuracy }] : [];
  });
  return {
    collapse: detectCollapse(metrics.map(toStepObservation), heldOut),
    metrics: metrics.at(-1) ?? null,
    evaluations: { first: evaluations.at(0) ?? null, last: evaluations.at(-1) ?? null },
  };
}
