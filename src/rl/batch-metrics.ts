// One row of metrics from a step's judged rollouts and updates; the meaning of each name stands in metrics.ts.

import type { TokenScores } from "../model/sequence-batch.ts";
import { areEqual, rewardDeviation } from "./advantages.ts";
import { finiteOrNull, meanOf } from "./averages.ts";
import type { JudgedGroup } from "./judge.ts";
import type { StepMetrics } from "./metrics.ts";
import { accuracyOf, emptyAnswerShare, meanLength, reflectionShare } from "./reading-means.ts";
import { isBinary } from "./rewards.ts";
import type { RunSettings } from "./settings.ts";

const LEVELS = [1, 2, 3, 4, 5] as const;

/** What one optimiser update left; not finite where the run diverged. */
export interface UpdateOutcome {
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly clipFraction: number;
  /** Mean KL to the reference; null without one. */
  readonly kl: number | null;
}

/** The metrics of one step. */
export function stepMetrics(
  step: number,
  groups: readonly JudgedGroup[],
  scores: TokenScores,
  updates: readonly UpdateOutcome[],
  { reward }: Pick<RunSettings, "reward">,
): StepMetrics {
  const readings = groups.flatMap((group) => group.readings);
  const rewards = groups.flatMap((group) => group.rewards);
  const last = updates[updates.length - 1];
  return {
    step,
    reward: meanOf(rewards),
    reward_std: meanOf(groups.map((group) => rewardDeviation(group.rewards, "unbiased"))),
    frac_reward_zero_std: meanOf(groups.map((group) => areEqual(group.rewards))),
    entropy: meanOf(scores.entropy),
    kl: last.kl === null ? null : meanOf(updates.map(({ kl }) => kl ?? Number.NaN)),
    loss: meanOf(updates.map(({ loss }) => loss)),
    grad_norm: meanOf(updates.map(({ gradNorm }) => gradNorm)),
    learning_rate: finiteOrNull(last.learningRate),
    "completions/mean_length": meanLength(readings),
    "completions/clipped_ratio": meanOf(readings.map(({ ended }) => !ended)),
    "clip_ratio/region_mean": meanOf(updates.map(({ clipFraction }) => clipFraction)),
    "labelfree/label_accuracy": meanOf(groups.map(({ labelCorrect }) => labelCorrect)),
    "labelfree/reward_accuracy": isBinary(reward)
      ? meanOf(readings.map(({ correct }, index) => (rewards[index] === 1) === correct))
      : null,
    "labelfree/majority_share": meanOf(groups.map(({ vote }) => vote.share)),
    "labelfree/masked_fraction": meanOf(groups.map(({ masked }) => masked)),
    "labelfree/empty_answer_share": emptyAnswerShare(readings),
    "labelfree/reflection_share": reflectionShare(readings),
    "labelfree/accuracy": accuracyOf(readings),
    "labelfree/level": meanOf(groups.map(({ problem }) => problem.level)),
    ...levelMetrics(groups),
    "labelfree/diverged": updates.some(isDiverged),
  };
}

/** Whether an update's loss or gradient ceased to be finite. */
export function isDiverged({ loss, gradNorm }: UpdateOutcome): boolean {
  return !Number.isFinite(loss) || !Number.isFinite(gradNorm);
}

type LevelMetrics = Pick<
  StepMetrics,
  `labelfree/accuracy/level_${number}` | `labelfree/label_accuracy/level_${number}`
>;

function levelMetrics(groups: readonly JudgedGroup[]): LevelMetrics {
  const row: { -readonly [name in keyof LevelMetrics]: LevelMetrics[name] } = {};
  for (const level of LEVELS) {
    const ofLevel = groups.filter(({ problem }) => problem.level === level);
    row[`labelfree/accuracy/level_${level}`] = accuracyOf(ofLevel.flatMap(({ readings }) => readings));
    row[`labelfree/label_accuracy/level_${level}`] = meanOf(ofLevel.map(({ labelCorrect }) => labelCorrect));
  }
  return row;
}
