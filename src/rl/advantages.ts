// Group-relative advantages (GRPO): a rollout's reward against the other rollouts of its prompt,
// A_j = (r_j - baseline) / (std r + epsilon). Variants: population standard deviation, no division (Dr. GRPO), and the
// leave-one-out baseline (RLOO). Equal rewards give exactly 0, which rounding in the mean would not.

import type { AdvantageSettings } from "./settings.ts";

/** Advantages of one group's rewards, one per rollout. */
export function groupAdvantages(rewards: readonly number[], settings: AdvantageSettings): number[] {
  if (areEqual(rewards)) return rewards.map(() => 0);
  const n = rewards.length;
  const mean = sum(rewards) / n;
  const scale = settings.scale === "none" ? 1 : deviation(rewards, mean, settings.std) + settings.epsilon;
  // r_j - mean of the others = (r_j - mean) n / (n - 1)
  const spread = settings.baseline === "leave-one-out" ? n / (n - 1) : 1;
  return rewards.map((reward) => ((reward - mean) * spread) / scale);
}

/** Whether a group gives no signal because all its rewards are the same. */
export function areEqual(rewards: readonly number[]): boolean {
  return rewards.every((reward) => reward === rewards[0]);
}

/** Standard deviation of a group's rewards, 0 for a single one. */
export function rewardDeviation(rewards: readonly number[], std: AdvantageSettings["std"]): number {
  return areEqual(rewards) ? 0 : deviation(rewards, sum(rewards) / rewards.length, std);
}

function deviation(values: readonly number[], mean: number, std: AdvantageSettings["std"]): number {
  const squares = sum(values.map((value) => (value - mean) * (value - mean)));
  return Math.sqrt(squares / (std === "unbiased" ? values.length - 1 : values.length));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
