import { hashJson } from "../../src/core/hash.ts";
import { Random } from "../../src/core/random.ts";
import type { WasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { AdamW } from "../../src/model/adamw.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { Policy } from "../../src/model/policy.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { METHODS } from "../../src/rl/methods.ts";
import { pretrain } from "../../src/rl/pretraining.ts";
import { Trainer } from "../../src/rl/trainer.ts";
import { naturalSet } from "../../src/tasks/micro/data-sets.ts";
import { evaluationSets } from "../../src/tasks/micro/evaluation-sets.ts";
import { microTask } from "../../src/tasks/micro/micro-task.ts";
import { type PretrainingSettings, TIERS } from "../../src/tasks/micro/tiers.ts";
import { VOCABULARY } from "../../src/tasks/micro/vocabulary.ts";
import { MICRO_WORLD } from "../../src/tasks/micro/world.ts";
import { tinyConfig } from "./tiny-config.ts";

const sizes = {
  hiddenSize: 32,
  intermediateSize: 64,
  headSize: 8,
  vocabularySize: VOCABULARY.length,
  maxPositions: 128,
};
const config = tinyConfig({ ...sizes, tiedEmbeddings: true });

/** A run's settings; the reward is the one that a hardly trained policy can earn, so that every step has a gradient. */
const settings = {
  ...METHODS.intuitor,
  ...{ seed: 7, data: { ...METHODS.intuitor.data, size: 24 }, updatesPerBatch: 2, checkpointEverySteps: 100 },
  rollouts: { promptsPerStep: 4, samplesPerPrompt: 8, temperature: 0.6, maxNewTokens: 24 },
  loss: { ...METHODS.intuitor.loss, klWeight: 0.01 },
  optimizer: { ...METHODS.intuitor.optimizer, learningRate: 3e-3 },
  evaluation: { everySteps: 3, temperature: 0.6, samplesPerProblem: 1, sets: ["gsm-like"], endSets: [] },
};

const pretraining = {
  ...TIERS.xs.pretraining,
  ...{ steps: 8, batchSize: 32, learningRate: 3e-3, warmupSteps: 2, schedule: "cosine" as const, floor: 0.1 },
  ...{ averageDecay: 0.8, placement: null },
} satisfies PretrainingSettings;

export interface MicroRun {
  /** SHA-256 of the weights. */
  readonly weights: string;
  /** SHA-256 of losses, lengths, entropies and accuracies on the way, thus of what was sampled. */
  readonly samples: string;
  readonly gradientNorms: readonly number[];
}

/** From random weights: 8 steps of pre-training, then 6 of GRPO with a KL term and two updates each. */
export async function microRun(device: WasmDevice): Promise<MicroRun> {
  const newPolicy = (weights: ReadonlyMap<string, Float32Array>) =>
    new Policy(Transformer.create(device, config, weights));
  const newOptimizer = ({ transformer }: Policy) => {
    const { beta1, beta2, epsilon, weightDecay } = settings.optimizer;
    return new AdamW(transformer, { beta1, beta2, eps: epsilon, weightDecay });
  };
  const rows: unknown[][] = [];
  const [trained, average] = [1, 1].map((seed) => newPolicy(initialWeights(config, Random.fromSeed(seed))));
  await pretrain(
    { settings: pretraining, world: MICRO_WORLD, seed: 3, policy: trained, average, optimizer: newOptimizer(trained) },
    { onStep: ({ loss, placementAccuracy }) => rows.push([loss, placementAccuracy]) },
  );

  const base = await average.transformer.readWeights();
  const [policy, reference] = [newPolicy(base), newPolicy(base)];
  const trainer = Trainer.create({
    ...{ settings, task: microTask, policy, reference, optimizer: newOptimizer(policy) },
    problems: naturalSet(settings.seed).slice(0, settings.data.size),
    evaluationSets: { "gsm-like": evaluationSets()["gsm-like"].slice(0, 20) },
  });
  const gradientNorms: number[] = [];
  await trainer.run({
    onStep: (row) => {
      rows.push([row.loss, row.entropy, row.kl, row["completions/mean_length"]]);
      gradientNorms.push(row.grad_norm ?? 0);
    },
    onEvaluation: (row) => rows.push([row["eval/gsm-like/accuracy"], row["eval/mean_length"]]),
  });
  return { weights: await policy.transformer.weightsHash(), samples: hashJson(rows), gradientNorms };
}
