import type { RunSpec } from "../runs/spec.ts";

/** A small run that shows the fields which a reader will want to change first; seconds on any machine. */
export const EXAMPLE_SPEC: RunSpec = {
  method: "cuma",
  seed: 1,
  task: "micro",
  base: { tier: "xs", baseSeed: 1 },
  data: { size: 640 },
  rollouts: { promptsPerStep: 8, samplesPerPrompt: 8, temperature: 0.6, maxNewTokens: 52 },
  loss: { clipLow: 0.2, clipHigh: 0.2, klWeight: 0, aggregation: "token-mean" },
  optimizer: { learningRate: 1e-4, schedule: "cosine", warmupShare: 0.1 },
  epochs: 1,
  evaluation: { everySteps: 20, sets: ["math-like"] },
  checkpointEverySteps: 5,
};
