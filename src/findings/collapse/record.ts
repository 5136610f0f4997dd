import type { MethodName } from "../../rl/methods.ts";
import type { EvaluationMetrics, StepMetrics } from "../../rl/metrics.ts";

/** One finished run of the sweep, as far as the finding needs it. */
export interface CollapseRecord {
  readonly key: string;
  readonly tier: string;
  readonly method: MethodName;
  readonly seed: number;
  /** Pre-training seed of the base checkpoint. */
  readonly baseSeed: number;
  /** Rows in order of step, from 1 on. */
  readonly steps: readonly StepMetrics[];
  /** Rows in order of step; the first, step 0, is the base policy. */
  readonly evaluations: readonly EvaluationMetrics[];
  readonly hasCollapsed: boolean;
  /** The loss or the gradient ceased to be finite: a result, which counts. */
  readonly hasDiverged: boolean;
}
