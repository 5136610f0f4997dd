// Puts the pre-training of a tier together on a device, at the start or at a stored state.

import { Random } from "../core/random.ts";
import type { Device } from "../device/device.ts";
import { AdamW, type AdamWState } from "../model/adamw.ts";
import { initialWeights } from "../model/initial-weights.ts";
import { Policy } from "../model/policy.ts";
import { Transformer } from "../model/transformer.ts";
import type { PretrainingOptions } from "../rl/pretraining.ts";
import type { TierSettings } from "../tasks/micro/tiers.ts";
import { toWorld } from "../tasks/micro/world.ts";
import { tierConfig } from "./tier-config.ts";

const MOMENTS = { beta1: 0.9, beta2: 0.95, eps: 1e-8 } as const;

/** All that pre-training needs to go on as if it had never stopped. */
export interface PretrainingState {
  readonly step: number; // steps done
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly average: ReadonlyMap<string, Float32Array>;
  readonly optimizer: AdamWState;
}

export interface Pretraining {
  readonly options: PretrainingOptions;
  readonly state: (step: number) => Promise<PretrainingState>;
}

/** Builds what is pre-trained; without a state, from the random weights of the seed, which the average starts at too. */
export function assemblePretraining(
  settings: TierSettings,
  { seed, device, state }: { seed: number; device: Device; state?: PretrainingState | undefined },
): Pretraining {
  const config = tierConfig(settings);
  const { initialDeviation, weightDecay } = settings.pretraining;
  const weights = state?.weights ?? initialWeights(config, Random.fromSeed(seed).fork("weights"), initialDeviation);
  const policy = new Policy(Transformer.create(device, config, weights));
  const average = new Policy(Transformer.create(device, config, state?.average ?? weights));
  const optimizer = new AdamW(policy.transformer, { ...MOMENTS, weightDecay });
  if (state !== undefined) optimizer.restore(state.optimizer);
  return {
    options: {
      settings: settings.pretraining,
      world: toWorld(settings.world),
      seed,
      policy,
      average,
      optimizer,
      step: state?.step ?? 0,
    },
    state: async (step) => ({
      step,
      weights: await policy.transformer.readWeights(),
      average: await average.transformer.readWeights(),
      optimizer: await optimizer.state(),
    }),
  };
}
