// The rate of each optimiser update of a run: the schedule spans all updates, or those of the current curriculum stage when
// it restarts per stage. The warm-up is rounded down to whole updates, as verl does; its first update has rate 0.

import { learningRateAt } from "../model/schedule.ts";
import type { DataPlan } from "./curriculum.ts";
import type { RunSettings } from "./settings.ts";

/** Learning rate of update `update` (from 0) of step `step` (from 1). */
export function learningRateOf(
  step: number,
  update: number,
  plan: DataPlan,
  { optimizer, updatesPerBatch }: Pick<RunSettings, "optimizer" | "updatesPerBatch">,
): number {
  const { firstStep, steps } = optimizer.restartPerStage
    ? plan.stageAt(step)
    : { firstStep: 1, steps: plan.totalSteps };
  const totalUpdates = steps * updatesPerBatch;
  return learningRateAt((step - firstStep) * updatesPerBatch + update, {
    peak: optimizer.learningRate,
    warmupSteps: Math.floor(optimizer.warmupShare * totalUpdates),
    totalSteps: totalUpdates,
    kind: optimizer.schedule,
  });
}
