// The rows that a run leaves behind. Names are TRL's where TRL has one, else ours under "labelfree/". A number that is
// not finite, or has no meaning in this row (a level without a problem, a KL without a reference), is null: JSON has no
// NaN, and a column must not vanish.

/** One training step; `step` counts from 1. Means are over the step's rollouts, unless said otherwise. */
export interface StepMetrics {
  readonly step: number;
  readonly reward: number | null;
  /** Unbiased standard deviation within each group, mean over groups. */
  readonly reward_std: number | null;
  /** Share of groups whose rewards are all equal: they give no signal. */
  readonly frac_reward_zero_std: number | null;
  /** Nats per token at the rollout temperature, mean over tokens. */
  readonly entropy: number | null;
  /** Estimated KL to the reference, mean over tokens; null without a reference. */
  readonly kl: number | null;
  /** Total loss, mean over the step's updates. */
  readonly loss: number | null;
  /** Global gradient norm before clipping, mean over the step's updates. */
  readonly grad_norm: number | null;
  readonly learning_rate: number | null;
  /** Tokens, with the stop token. */
  readonly "completions/mean_length": number | null;
  /** Share cut at the longest length. */
  readonly "completions/clipped_ratio": number | null;
  /** Share of tokens (of responses, for a sequence ratio) where the clip acts, mean over the step's updates. */
  readonly "clip_ratio/region_mean": number | null;
  /** Share of prompts whose majority answer is correct. */
  readonly "labelfree/label_accuracy": number | null;
  /** Share of rollouts whose 0/1 reward agrees with true correctness; null for a reward that is not 0/1. */
  readonly "labelfree/reward_accuracy": number | null;
  /** Share of a group's rollouts that gave its most frequent answer, mean over groups. */
  readonly "labelfree/majority_share": number | null;
  /** Share of groups that the mask drops. */
  readonly "labelfree/masked_fraction": number | null;
  /** Share of rollouts without an answer. */
  readonly "labelfree/empty_answer_share": number | null;
  /** Share of rollouts that go back over earlier steps; null where the task cannot tell. */
  readonly "labelfree/reflection_share": number | null;
  /** True correctness. */
  readonly "labelfree/accuracy": number | null;
  /** Level of the step's problems. */
  readonly "labelfree/level": number | null;
  readonly [accuracyAtLevel: `labelfree/accuracy/level_${number}`]: number | null;
  readonly [labelAccuracyAtLevel: `labelfree/label_accuracy/level_${number}`]: number | null;
  /** True in the last row of a run whose loss or gradient ceased to be finite. */
  readonly "labelfree/diverged": boolean;
}

export interface AnswerCount {
  /** null: no answer could be extracted. */
  readonly answer: string | null;
  readonly count: number;
}

/** One response of an evaluation, to be read. */
export interface EvaluationSample {
  readonly level: number;
  readonly prompt: string;
  readonly response: string;
  /** null: none could be extracted. */
  readonly answer: string | null;
  readonly correct: boolean;
}

/**
 * One evaluation on held-out problems; `step` 0 is the base policy. The columns of a set that is evaluated at the ends of
 * a run only are null in the rows between.
 */
export interface EvaluationMetrics {
  readonly step: number;
  /** Over the sets of every row. */
  readonly "eval/mean_length": number | null;
  readonly "eval/empty_answer_share": number | null;
  readonly [accuracy: `eval/${string}/accuracy`]: number | null;
  readonly [accuracyAtLevel: `eval/${string}/level_${number}`]: number | null;
  readonly [meanLength: `eval/${string}/mean_length`]: number | null;
  readonly [emptyAnswerShare: `eval/${string}/empty_answer_share`]: number | null;
  readonly [reflectionShare: `eval/${string}/reflection_share`]: number | null;
  /** Five most frequent answers. */
  readonly [topAnswers: `eval/${string}/answers/top`]: readonly AnswerCount[] | null;
  /** "1" or "0" per response, problem by problem in the set's order, for paired tests. */
  readonly [correct: `eval/${string}/correct`]: string | null;
  /** Of the first set, at the ends of a run: the first response to the first problem of each level. */
  readonly [samples: `eval/${string}/samples`]: readonly EvaluationSample[] | null;
}
