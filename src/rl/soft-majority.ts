// Soft votes after RESTRAIN (arXiv 2510.02172): every answer is a label, weighted by its votes, and a group without
// consensus is punished rather than trusted. With f_a the share of the group's rollouts that answer a,
//   r_j = f(a_j)^2 / sum over answers a of f_a^2, 0 without an answer;   A_j = (r_j - mean r) / (std r + eps) - penalty,
// the penalty only where the largest share is below minShare. It is taken from the advantage because a constant in the
// reward of a group vanishes there; in expectation it lowers the probability of a group without consensus.
// RESTRAIN normalises the advantages of each label alone and sums them by weight, where we normalise one weighted reward;
// it weighs by another rising function of f; and it also weighs prompts by the consensus of the frozen base: we do not.

import type { RunSettings } from "./settings.ts";
import { countVotes, isVote, type Vote } from "./votes.ts";

/** The soft vote for each rollout's own answer, 0-1. */
export function softMajorityRewards(answers: readonly (string | null)[]): number[] {
  const counts = countVotes(answers);
  const total = [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  return answers.map((answer) => {
    const count = isVote(answer) ? (counts.get(answer) ?? 0) : 0;
    return count === 0 ? 0 : (count * count) / total;
  });
}

/** What is subtracted from every advantage of a group with this vote: 0 but for soft votes without consensus. */
export function consensusPenalty(
  { reward, softVotes }: Pick<RunSettings, "reward" | "softVotes">,
  { share }: Pick<Vote, "share">,
): number {
  return reward === "soft-majority" && share < softVotes.minShare ? softVotes.penalty : 0;
}
