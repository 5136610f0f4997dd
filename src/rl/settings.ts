// Everything that decides a training run. Two runs with equal settings, data and base weights end in the same bits.
// Defaults follow the paper where it speaks (8 rollouts, temperature 0.6, cosine decay, one episode, the 1e-6 of the
// advantage, clip 0.2). Where it is silent each field names its source: "verl" is the script of Intuitor, the closest
// public one; "micro" is the setting under which the micro world was designed.

import type { Form } from "../tasks/micro/world.ts";

/** Where the initial policy comes from: a pre-trained tier of the micro world, or a checkpoint directory. */
export type BaseSettings =
  | {
      /** Tier of ability: "xs", "s", "m" or "l". Default "xs", the weakest. */
      readonly tier: string;
      /** Pre-training seed of that tier's checkpoint. Default 1. */
      readonly baseSeed: number;
    }
  | {
      /** Path of a directory in Hugging Face layout. */
      readonly checkpoint: string;
    };

/**
 * What a rollout is rewarded for: "label" the correct answer, "majority" the most frequent answer of its group (TTRL),
 * "certainty" its mean self-certainty (Intuitor), "random" a fair coin, "format" a well-formed answer, "wrong" an answer
 * that is not correct, "cluster-share" the share of the group that gives the same answer (EMPO), "neg-entropy" minus its
 * mean token entropy (RENT), "mixed" the majority answer and certainty, "soft-majority" a soft vote (after RESTRAIN).
 */
export type RewardKind =
  | "label"
  | "majority"
  | "certainty"
  | "random"
  | "format"
  | "wrong"
  | "cluster-share"
  | "neg-entropy"
  | "mixed"
  | "soft-majority";

export interface RewardMixSettings {
  /**
   * What a standard deviation of certainty within the group is worth, in rewards of the majority answer. Default 0.1
   * (ours): up to N = 50 the vote decides wherever answers differ, and certainty orders rollouts with the same answer.
   */
  readonly certaintyWeight: number;
}

export interface SoftVoteSettings {
  /**
   * Consensus is low below this share of rollouts behind the leading answer, 0-1. Default 0.25 (ours): with N = 8 the
   * groups that CuMa masks.
   */
  readonly minShare: number;
  /** Subtracted from every advantage of a group with low consensus that is not masked. Default 0.5 (ours). */
  readonly penalty: number;
}

export interface VoteSettings {
  /**
   * Which answers vote together: equal ones as a "string", or those of one "class" of the task (0.5 and 1/2). Default
   * "string"; paper silent; default TTRL's code. The same for micro, whose answers have one written form each.
   */
  readonly equivalence: "string" | "class";
}

/** Which of several equally frequent answers wins: the one seen first, a random one, or none (nobody is rewarded). */
export type TieRule = "first" | "random" | "none";

/**
 * What a masked group loses: "advantage" its advantages only; "advantage-and-kl" its KL term too;
 * "tokens" both, and its tokens and sequences leave the normaliser of the loss, as if it had not been sampled.
 */
export type MaskScope = "advantage" | "advantage-and-kl" | "tokens";

export interface MaskSettings {
  /** Fewest equal answers that keep a group, in rollouts; null: no such rule. Default null; CuMa 2 (paper). */
  readonly minVotes: number | null;
  /** Smallest share of the group's rollouts behind its majority answer, 0-1; null: no such rule. Default null (ours). */
  readonly minShare: number | null;
  /** Default "advantage"; paper silent ("gives no learning signal"); ours, the weakest reading. */
  readonly scope: MaskScope;
}

/**
 * Order of the training problems: one shuffle, or levels ascending / descending with a shuffle within each level; or found
 * while training: "adaptive" by the policy's agreement with itself (ours), "adarft" by true rewards (AdaRFT).
 */
export type ProblemOrder = "shuffled" | "curriculum" | "reverse" | "adaptive" | "adarft";

export interface DataSettings {
  /** "natural": skewed to hard problems; "full": levelled out with generated problems. Default "natural". */
  readonly set: "natural" | "full";
  /** Default "shuffled"; CuMa "curriculum" (paper). */
  readonly order: ProblemOrder;
  /** Levels that the set is restricted to, each 1-5. Default all five (paper: K = 5). */
  readonly levels: readonly number[];
  /** How the problems are written: "sum" `37+5?`, "story", "choice" or "program". Default "sum" (the paper: mathematics). */
  readonly form: Form;
  /** Levels of the natural set: "math", skewed to hard as MATH is, or "scarce", with few easy problems. Default "math". */
  readonly skew: "math" | "scarce";
  /** Problems in the training set. Default 2000; paper silent on problems per level; how it was chosen is in LOG.md. */
  readonly size: number;
}

export interface RolloutSettings {
  /** Default 8; paper silent (verl 128); default from micro. */
  readonly promptsPerStep: number;
  /** Rollouts per prompt, N. Default 8 (paper). */
  readonly samplesPerPrompt: number;
  /** Default 0.6 (paper). The log-probabilities of the loss are taken at this temperature too. */
  readonly temperature: number;
  /** Longest response, in tokens with the stop token. Default 52 (micro); paper 3072. */
  readonly maxNewTokens: number;
}

export interface AdvantageSettings {
  /** What is subtracted: the group's mean, or the mean of its other rollouts. Default "group-mean" (paper). */
  readonly baseline: "group-mean" | "leave-one-out";
  /** What divides: the group's standard deviation, or nothing (Dr. GRPO). Default "std" (paper). */
  readonly scale: "std" | "none";
  /** Divisor N-1 or N. Default "unbiased" (paper, verl). */
  readonly std: "unbiased" | "population";
  /** Added to the standard deviation. Default 1e-6 (paper). */
  readonly epsilon: number;
}

/**
 * How token losses become one number: over all tokens of the batch (verl), or within each response first and then over
 * responses (DeepSeekMath), as sum or mean; "fixed-length" divides the sum by responses x maxNewTokens (Dr. GRPO).
 */
export type Aggregation =
  | "token-mean"
  | "token-sum"
  | "sequence-mean-token-mean"
  | "sequence-mean-token-sum"
  | "fixed-length";

/** Estimator of KL(policy || reference) from d = logp - logp_ref; the last has the value of k3 and the gradient of k2. */
export type KlEstimator = "k1" | "k2" | "k3" | "k3-straight-through";

export interface LossSettings {
  /** Ratio is clipped at 1 - clipLow. Default 0.2 (paper); null: no lower clip. */
  readonly clipLow: number | null;
  /** Ratio is clipped at 1 + clipHigh. Default 0.2 (paper); null: no upper clip. */
  readonly clipHigh: number | null;
  /** Bound c > 1 on the loss of negative advantages (dual clip); null: none. Default null; paper silent; default TRL's. */
  readonly dualClip: number | null;
  /** One ratio per token (GRPO), or one per response, the geometric mean of its tokens' (GSPO). Default "token". */
  readonly ratio: "token" | "sequence";
  /** Default "token-mean"; paper silent; default verl's. */
  readonly aggregation: Aggregation;
  /** Weight of the KL term to the base policy; 0 needs no reference. Default 0; paper silent (verl 0.005); from micro. */
  readonly klWeight: number;
  /** Default "k3" (paper). Without effect at klWeight 0. */
  readonly klEstimator: KlEstimator;
}

export interface OptimizerSettings {
  /** Peak learning rate. Default 1e-4 (micro, for its small models; how it was chosen is in LOG.md); paper 3e-6. */
  readonly learningRate: number;
  /** Share of all updates in which the rate climbs linearly. Default 0.1; paper silent; default verl's. */
  readonly warmupShare: number;
  /** Rate after the warm-up: half a cosine to 0 (paper), constant, or linear to 0. Default "cosine". */
  readonly schedule: "cosine" | "constant" | "linear";
  /** Whether the schedule starts again at each curriculum stage. Default false; paper silent; ours. */
  readonly restartPerStage: boolean;
  /** Default 0.9 (AdamW as published; paper silent). */
  readonly beta1: number;
  /** Default 0.999 (AdamW as published; paper silent). */
  readonly beta2: number;
  /** Default 1e-8 (AdamW as published; paper silent). */
  readonly epsilon: number;
  /** Decoupled weight decay on every parameter. Default 0.01; paper silent; default verl's and PyTorch's. */
  readonly weightDecay: number;
  /** Largest global gradient norm. Default 1; paper silent; default verl's. */
  readonly clipNorm: number;
}

export interface EvaluationSettings {
  /** Steps between evaluations; step 0 and the last step are always evaluated. Default 25 (ours). */
  readonly everySteps: number;
  /** Default 0.6; paper silent; default from micro (that of the rollouts). 0: greedy. */
  readonly temperature: number;
  /** Default 1; paper silent; ours. */
  readonly samplesPerProblem: number;
  /** Names of the held-out sets. Default "math-like"; collapse is judged by the first. */
  readonly sets: readonly string[];
  /** Further sets, evaluated at step 0 and at the last step only. Default the micro world's four others. */
  readonly endSets: readonly string[];
}

export interface RunSettings {
  /** Seed of data order, rollouts, ties and evaluation. Default 1. */
  readonly seed: number;
  /** Name of the task. Default "micro". */
  readonly task: string;
  readonly base: BaseSettings;
  /** Name under which the run is shown; it decides nothing. */
  readonly method: string;
  /** Default "label". */
  readonly reward: RewardKind;
  /** Default "first"; paper silent; default TTRL's code. */
  readonly tieRule: TieRule;
  readonly votes: VoteSettings;
  /** Without effect on other rewards than "mixed". */
  readonly rewardMix: RewardMixSettings;
  /** Without effect on other rewards than "soft-majority". */
  readonly softVotes: SoftVoteSettings;
  readonly mask: MaskSettings;
  readonly data: DataSettings;
  readonly rollouts: RolloutSettings;
  readonly advantage: AdvantageSettings;
  readonly loss: LossSettings;
  readonly optimizer: OptimizerSettings;
  /** Passes over the training set. Default 1 (paper: one episode). */
  readonly epochs: number;
  /** Optimiser updates per batch of rollouts; the first is on-policy. Default 1; paper silent; default from micro. */
  readonly updatesPerBatch: number;
  readonly evaluation: EvaluationSettings;
  /** Steps between checkpoints; has no effect on the result. Default 25 (ours). */
  readonly checkpointEverySteps: number;
}

/** The settings common to all methods; see each field of {@link RunSettings} for its source. */
export const DEFAULT_SETTINGS: RunSettings = {
  seed: 1,
  task: "micro",
  base: { tier: "xs", baseSeed: 1 },
  method: "grpo",
  reward: "label",
  tieRule: "first",
  votes: { equivalence: "string" },
  rewardMix: { certaintyWeight: 0.1 },
  softVotes: { minShare: 0.25, penalty: 0.5 },
  mask: { minVotes: null, minShare: null, scope: "advantage" },
  data: { set: "natural", order: "shuffled", levels: [1, 2, 3, 4, 5], form: "sum", skew: "math", size: 2000 },
  rollouts: { promptsPerStep: 8, samplesPerPrompt: 8, temperature: 0.6, maxNewTokens: 52 },
  advantage: { baseline: "group-mean", scale: "std", std: "unbiased", epsilon: 1e-6 },
  loss: {
    clipLow: 0.2,
    clipHigh: 0.2,
    dualClip: null,
    ratio: "token",
    aggregation: "token-mean",
    klWeight: 0,
    klEstimator: "k3",
  },
  optimizer: {
    learningRate: 1e-4,
    warmupShare: 0.1,
    schedule: "cosine",
    restartPerStage: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    clipNorm: 1,
  },
  epochs: 1,
  updatesPerBatch: 1,
  evaluation: {
    everySteps: 25,
    temperature: 0.6,
    samplesPerProblem: 1,
    sets: ["math-like"],
    endSets: ["gsm-like", "aime-like", "gpqa-like", "lcb-like"],
  },
  checkpointEverySteps: 25,
};
