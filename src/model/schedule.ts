// Learning rate over a run: a linear warm-up from 0, then constant, or down along half a cosine or a line. With floor 0
// these are transformers' get_{constant,cosine,linear}_schedule_with_warmup (num_cycles 0.5). Two differences: a floor
// may end the decay above 0, and after the last step the rate stays there, where transformers' cosine would rise again.

import { cos } from "../core/exact-math.ts";

export interface ScheduleSettings {
  /** The rate at the end of the warm-up. */
  readonly peak: number;
  /** Update `warmupSteps` is the first at the peak; 0 starts there. */
  readonly warmupSteps: number;
  /** Updates in the run, warm-up included; update `totalSteps` would be the first at the floor. */
  readonly totalSteps: number;
  readonly kind: "cosine" | "constant" | "linear";
  /** The share of the peak at which a decay ends, 0 to 1; default 0. */
  readonly floor?: number;
}

/** The rate in force for update `step`, counted from 0. */
export function learningRateAt(step: number, settings: ScheduleSettings): number {
  const { peak, warmupSteps, totalSteps, kind, floor = 0 } = settings;
  if (step < warmupSteps) return (peak * step) / warmupSteps;
  if (kind === "constant") return peak;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  const remaining = kind === "linear" ? 1 - progress : 0.5 * (1 + cos(Math.PI * progress));
  return peak * (floor + (1 - floor) * remaining);
}
