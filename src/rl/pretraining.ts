// Pre-training of a tier: next-token prediction on the micro world's corpus, from random weights. Each step's batch derives
// from the seed and the step number alone, so weights, their average, optimiser and step are the whole state.
//
// The tier is the moving average of the weights: at a constant rate single checkpoints jump by tens of points of accuracy,
// the average rises smoothly (LOG.md). Tiers are placed by measured ability: where a tier names a target, training ends at
// the first measurement on the placement set (problems that nothing else uses) that reaches it.
import { Random } from "../core/random.ts";
import type { AdamW } from "../model/adamw.ts";
import type { Policy } from "../model/policy.ts";
import { learningRateAt } from "../model/schedule.ts";
import type { SequenceBatch } from "../model/sequence-batch.ts";
import { pretrainingBatch } from "../tasks/micro/corpus.ts";
import { evaluationSets } from "../tasks/micro/evaluation-sets.ts";
import { microTask } from "../tasks/micro/micro-task.ts";
import type { PretrainingSettings } from "../tasks/micro/tiers.ts";
import { MICRO_WORLD, type WorldSettings } from "../tasks/micro/world.ts";
import { evaluate } from "./evaluate.ts";

const PLACEMENT = {
  evaluation: { everySteps: 1, temperature: 0.6, samplesPerProblem: 1, sets: ["placement"], endSets: [] },
  rollouts: { promptsPerStep: 8, samplesPerPrompt: 8, temperature: 0.6, maxNewTokens: 52 },
} as const;

export interface PretrainingRow {
  readonly step: number;
  /** Cross-entropy per token, in nats. */
  readonly loss: number;
  readonly learningRate: number;
  /** Accuracy on the placement set, where measured. */
  readonly placementAccuracy: number | null;
}

export interface PretrainingHooks {
  onStep(row: PretrainingRow): void;
  shouldStop?(): boolean;
  /** Called every `checkpointEverySteps`, before stopping and at the end. */
  checkpoint?(step: number): Promise<void>;
}

export interface PretrainingOptions {
  readonly settings: PretrainingSettings;
  /** The world of the corpus; placements are measured in the default world. */
  readonly world: WorldSettings;
  readonly seed: number;
  /** What is trained. */
  readonly policy: Policy;
  /** The moving average, which becomes the tier; the same weights as the policy's at step 0. */
  readonly average: Policy;
  readonly optimizer: AdamW;
  /** Steps done before; default 0. */
  readonly step?: number;
  readonly checkpointEverySteps?: number;
}

/** Trains the policy and moves the average, in place; "stopped" when a hook asked for it. */
export async function pretrain(options: PretrainingOptions, hooks: PretrainingHooks): Promise<"finished" | "stopped"> {
  const { settings, world, policy, average, optimizer, seed, checkpointEverySteps = 200 } = options;
  const random = Random.fromSeed(seed).fork("pretraining");
  for (let step = (options.step ?? 0) + 1; step <= settings.steps; step++) {
    const learningRate = learningRateAt(step - 1, {
      peak: settings.learningRate,
      warmupSteps: settings.warmupSteps,
      totalSteps: settings.steps,
      kind: settings.schedule,
      floor: settings.floor,
    });
    const batch = toBatch(pretrainingBatch(random.fork(`step/${step}`), settings.batchSize, world));
    const { logp } = await policy.score(batch, { temperature: 1 });
    const loss = -logp.reduce((sum, value) => sum + value, 0) / logp.length;
    policy.backward(new Float32Array(logp.length).fill(-1 / logp.length));
    await optimizer.step(learningRate, { clipNorm: 1 });
    const { device } = policy.transformer;
    device.moveAverage(average.transformer.flat, policy.transformer.flat, 1 - settings.averageDecay);

    const placementAccuracy = await placementOf(step, settings, average, seed);
    hooks.onStep({ step, loss, learningRate, placementAccuracy });
    const target = settings.placement?.accuracy ?? Number.POSITIVE_INFINITY;
    const isPlaced = placementAccuracy !== null && placementAccuracy >= target;
    const isLast = isPlaced || step === settings.steps;
    const isStopping = !isLast && hooks.shouldStop?.() === true;
    if (isLast || isStopping || step % checkpointEverySteps === 0) await hooks.checkpoint?.(step);
    if (isLast) return "finished";
    if (isStopping) return "stopped";
  }
  return "finished";
}

async function placementOf(
  step: number,
  { placement, steps }: PretrainingSettings,
  policy: Policy,
  seed: number,
): Promise<number | null> {
  const isDue = step === steps || (placement !== null && step % placement.everySteps === 0);
  if (!isDue) return null;
  const row = await evaluate({ step, policy, isEnd: false }, microTask, evaluationSets(MICRO_WORLD), {
    seed,
    ...PLACEMENT,
  });
  return row["eval/placement/accuracy"] ?? null;
}

/** The first token, BOS, is the prompt; the rest is predicted. */
function toBatch(examples: readonly (readonly number[])[]): SequenceBatch {
  return {
    prompts: examples.map((ids) => ids.slice(0, 1)),
    responses: examples.map((ids, prompt) => ({ prompt, tokens: ids.slice(1) })),
  };
}
