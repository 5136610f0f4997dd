// A reward from both signals that a policy has of itself, the vote and its certainty (ours; the paper names it as future
// work): r_j = [a_j = majority] + certaintyWeight z_j, with z_j the certainty standardised within the group, because
// certainty is in nats and its scale drifts in training. Where the vote is unanimous, or nobody voted, z_j is the only
// signal, and advantages that are divided by the group's standard deviation bring it to full strength whatever the weight.

import { groupAdvantages } from "./advantages.ts";
import type { RewardMixSettings } from "./settings.ts";

const STANDARDISED = { baseline: "group-mean", scale: "std", std: "unbiased", epsilon: 1e-6 } as const;

/** Adds the weighted certainty, standardised within the group, to the group's 0/1 rewards. */
export function mixedRewards(
  majorityRewards: readonly number[],
  certainty: readonly number[],
  { certaintyWeight }: RewardMixSettings,
): number[] {
  const standardised = groupAdvantages(certainty, STANDARDISED);
  return majorityRewards.map((reward, index) => reward + certaintyWeight * standardised[index]);
}
