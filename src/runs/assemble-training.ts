// Puts a run together on a device: weights, optimiser, data and trainer, at the start or at a stored state.

import type { Device } from "../device/device.ts";
import { AdamW, type AdamWState } from "../model/adamw.ts";
import { Policy } from "../model/policy.ts";
import { Transformer } from "../model/transformer.ts";
import { Trainer, type TrainerState } from "../rl/trainer.ts";
import type { BaseCheckpoint } from "./base-checkpoint.ts";
import type { Run } from "./spec.ts";
import type { TrainingData } from "./training-data.ts";

/** All that a run needs to go on as if it had never stopped. */
export interface TrainingState {
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly optimizer: AdamWState;
  readonly trainer: TrainerState;
}

export interface Training {
  readonly trainer: Trainer;
  readonly transformer: Transformer;
  state(): Promise<TrainingState>;
}

/** Builds what trains; throws what the trainer throws for settings and data that do not fit. */
export function assembleTraining(
  run: Run,
  { device, base, data, state }: { device: Device; base: BaseCheckpoint; data: TrainingData; state?: TrainingState },
): Training {
  const transformer = Transformer.create(device, base.config, state?.weights ?? base.weights);
  const { beta1, beta2, epsilon, weightDecay } = run.optimizer;
  const optimizer = new AdamW(transformer, { beta1, beta2, eps: epsilon, weightDecay });
  if (state !== undefined) optimizer.restore(state.optimizer);
  const needsReference = run.loss.klWeight > 0;
  const trainer = Trainer.create({
    settings: { ...run, checkpointEverySteps: 1 }, // the caller decides which steps are stored
    task: data.task,
    problems: data.problems,
    evaluationSets: data.evaluationSets,
    policy: new Policy(transformer),
    optimizer,
    ...(needsReference ? { reference: new Policy(Transformer.create(device, base.config, base.weights)) } : {}),
    ...(state === undefined ? {} : { state: state.trainer }),
  });
  return {
    trainer,
    transformer,
    state: async () => ({
      weights: await transformer.readWeights(),
      optimizer: await optimizer.state(),
      trainer: trainer.state(),
    }),
  };
}
