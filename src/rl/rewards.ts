// What each rollout of one group is rewarded with; a rollout without an answer takes part with 0 in all rewards of answers.
// Two rewards are sources' with a difference. "wrong" is the control of Spurious Rewards (arXiv 2506.10947), which trains
// on problems whose majority label is wrong and rewards that label; we reward any answer that is not correct. "cluster-share"
// is EMPO (arXiv 2504.05812) without its filter of prompts by the entropy of their answers. "neg-entropy" is RENT (arXiv
// 2505.22660), with the entropy at the temperature of the rollouts, over all tokens of the response.

import type { Random } from "../core/random.ts";
import { mixedRewards } from "./mixed-reward.ts";
import type { RewardKind, RunSettings } from "./settings.ts";
import { softMajorityRewards } from "./soft-majority.ts";
import { countVotes, isVote } from "./votes.ts";

/** One prompt's rollouts; every array has one entry per rollout. */
export interface RewardGroup {
  /** As they vote: answers that mean the same are equal strings. */
  readonly answers: readonly (string | null)[];
  /** True correctness; only the rewards "label" and "wrong" may look at it. */
  readonly correct: readonly boolean[];
  readonly wellFormed: readonly boolean[];
  /** Mean over a rollout's tokens of logsumexp(z) - mean(z). */
  readonly certainty: readonly number[];
  /** Mean over a rollout's tokens of the entropy of the distribution each was drawn from, in nats. */
  readonly entropy: readonly number[];
  readonly majority: string | null;
}

/** Rewards of one group; `random` is drawn from once per rollout by the reward "random" only. */
export function groupRewards(
  { reward, rewardMix }: Pick<RunSettings, "reward" | "rewardMix">,
  group: RewardGroup,
  random: Random,
): number[] {
  const { answers, majority } = group;
  switch (reward) {
    case "label":
      return group.correct.map(Number);
    case "majority":
      return majorityRewards(answers, majority);
    case "certainty":
      return [...group.certainty];
    case "random":
      return answers.map(() => Number(random.uniform() < 0.5));
    case "format":
      return group.wellFormed.map(Number);
    case "wrong":
      return answers.map((answer, index) => Number(isVote(answer) && !group.correct[index]));
    case "cluster-share":
      return clusterShares(answers);
    case "neg-entropy":
      return group.entropy.map((entropy) => -entropy);
    case "mixed":
      return mixedRewards(majorityRewards(answers, majority), group.certainty, rewardMix);
    case "soft-majority":
      return softMajorityRewards(answers);
  }
}

/** TTRL: 1 for each answer that is the majority answer, else 0; all 0 without a majority. */
export function majorityRewards(answers: readonly (string | null)[], majority: string | null): number[] {
  return answers.map((answer) => Number(isVote(answer) && answer === majority));
}

/** Whether a reward is 0 or 1, so that it can agree with true correctness. */
export function isBinary(kind: RewardKind): boolean {
  return BINARY[kind];
}

const BINARY: Readonly<Record<RewardKind, boolean>> = {
  label: true,
  majority: true,
  certainty: false,
  random: true,
  format: true,
  wrong: true,
  "cluster-share": false,
  "neg-entropy": false,
  mixed: false,
  "soft-majority": false,
};

function clusterShares(answers: readonly (string | null)[]): number[] {
  const counts = countVotes(answers);
  return answers.map((answer) => (isVote(answer) ? (counts.get(answer) ?? 0) / answers.length : 0));
}
