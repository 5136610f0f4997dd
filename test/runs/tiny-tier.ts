import type { TierRequest } from "../../src/runs/tier-key.ts";
import type { PretrainingSettings } from "../../src/tasks/micro/tiers.ts";

export const TINY_STEPS = 30;

/** A tier of 30 steps of 4 examples, a few milliseconds each; measured on the placement set at the end only. */
export function tinyTier(changes: Partial<PretrainingSettings> = {}, seed = 1): TierRequest {
  const pretraining: PretrainingSettings = {
    steps: TINY_STEPS,
    batchSize: 4,
    learningRate: 3e-3,
    schedule: "constant",
    floor: 1,
    warmupSteps: 5,
    weightDecay: 0.01,
    initialDeviation: 0.1,
    averageDecay: 0.9,
    placement: null,
    ...changes,
  };
  const shape = { family: "qwen2", hiddenSize: 8, layers: 1, heads: 2, kvHeads: 1, intermediateSize: 16 } as const;
  return { tier: "tiny", seed, settings: { ...shape, slidingWindow: null, world: {}, pretraining } };
}
