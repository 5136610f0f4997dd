// What each rollout of one group is rewarded with. All rewards but the certainty are 0 or 1; a rollout without an answer
// takes part with 0.

import type { Random } from "../core/random.ts";
import type { RewardKind } from "./settings.ts";
import { isVote } from "./votes.ts";

/** One prompt's rollouts; every array has one entry per rollout. */
export interface RewardGroup {
  readonly answers: readonly (string | null)[];
  /** True correctness; only the reward "label" may look at it. */
  readonly correct: readonly boolean[];
  readonly wellFormed: readonly boolean[];
  /** Mean over a rollout's tokens of logsumexp(z) - mean(z). */
  readonly certainty: readonly number[];
  /** Mean over a rollout's tokens of the entropy of the distribution each was drawn from, in nats. */
  readonly entropy: readonly number[];
  readonly majority: string | null;
}

/** Rewards of one group; `random` is drawn from once per rollout by the reward "random" only. */
export function groupRewards(kind: RewardKind, group: RewardGroup, random: Random): number[] {
  switch (kind) {
    case "label":
      return group.correct.map(Number);
    case "majority":
      return majorityRewards(group.answers, group.majority);
    case "certainty":
      return [...group.certainty];
    case "random":
      return group.answers.map(() => Number(random.uniform() < 0.5));
    case "format":
      return group.wellFormed.map(Number);
  }
}

/** TTRL: 1 for each answer that is the majority answer, else 0; all 0 without a majority. */
export function majorityRewards(answers: readonly (string | null)[], majority: string | null): number[] {
  return answers.map((answer) => Number(isVote(answer) && answer === majority));
}

/** Whether a reward is 0 or 1, so that it can agree with true correctness. */
export function isBinary(kind: RewardKind): boolean {
  return kind !== "certainty";
}
