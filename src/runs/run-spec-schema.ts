import { z } from "zod";
import { METHODS, type MethodName } from "../rl/methods.ts";
import { TIER_NAMES } from "../tasks/micro/tiers.ts";
import { BENCHMARKS, FORMS } from "../tasks/micro/world.ts";

const METHOD_NAMES = Object.keys(METHODS) as [MethodName, ...MethodName[]];

const count = z.int().min(1);
const share = z.number().min(0).max(1);
const positive = z.number().positive();
const atLeast0 = z.number().min(0);
const belowOne = z.number().min(0).lt(1);

/** A spec as people write it: no field may be unknown, all may be missing (`.partial()`); rl/settings.ts explains them. */
export const runSpecSchema = z.strictObject({
  seed: z.int().min(0),
  task: z.enum(["micro"]),
  base: z.strictObject({ tier: z.enum(TIER_NAMES), baseSeed: z.int().min(0), checkpoint: z.string().min(1) }).partial(),
  method: z.enum(METHOD_NAMES),
  reward: z.enum([
    "label",
    "majority",
    "certainty",
    "random",
    "format",
    "wrong",
    "cluster-share",
    "neg-entropy",
    "mixed",
    "soft-majority",
  ]),
  tieRule: z.enum(["first", "random", "none"]),
  votes: z.strictObject({ equivalence: z.enum(["string", "class"]) }).partial(),
  rewardMix: z.strictObject({ certaintyWeight: atLeast0 }).partial(),
  softVotes: z.strictObject({ minShare: share, penalty: atLeast0 }).partial(),
  mask: z
    .strictObject({
      minVotes: count.nullable(),
      minShare: share.nullable(),
      scope: z.enum(["advantage", "advantage-and-kl", "tokens"]),
    })
    .partial(),
  data: z
    .strictObject({
      set: z.enum(["natural", "full"]),
      order: z.enum(["shuffled", "curriculum", "reverse", "adaptive", "adarft"]),
      levels: z.array(z.int().min(1).max(5)).min(1),
      form: z.enum(FORMS),
      skew: z.enum(["math", "scarce"]),
      size: count,
    })
    .partial(),
  rollouts: z
    .strictObject({
      promptsPerStep: count,
      samplesPerPrompt: z.int().min(2),
      temperature: positive,
      maxNewTokens: count,
    })
    .partial(),
  advantage: z
    .strictObject({
      baseline: z.enum(["group-mean", "leave-one-out"]),
      scale: z.enum(["std", "none"]),
      std: z.enum(["unbiased", "population"]),
      epsilon: atLeast0,
    })
    .partial(),
  loss: z
    .strictObject({
      clipLow: share.nullable(),
      clipHigh: atLeast0.nullable(),
      dualClip: z.number().gt(1).nullable(),
      ratio: z.enum(["token", "sequence"]),
      aggregation: z.enum([
        "token-mean",
        "token-sum",
        "sequence-mean-token-mean",
        "sequence-mean-token-sum",
        "fixed-length",
      ]),
      klWeight: atLeast0,
      klEstimator: z.enum(["k1", "k2", "k3", "k3-straight-through"]),
    })
    .partial(),
  optimizer: z
    .strictObject({
      learningRate: atLeast0,
      warmupShare: share,
      schedule: z.enum(["cosine", "constant", "linear"]),
      restartPerStage: z.boolean(),
      beta1: belowOne,
      beta2: belowOne,
      epsilon: positive,
      weightDecay: atLeast0,
      clipNorm: positive,
    })
    .partial(),
  epochs: count,
  updatesPerBatch: count,
  evaluation: z
    .strictObject({
      everySteps: count,
      temperature: atLeast0,
      samplesPerProblem: count,
      sets: z.array(z.enum(BENCHMARKS)),
      endSets: z.array(z.enum(BENCHMARKS)),
    })
    .partial(),
  checkpointEverySteps: count,
});
