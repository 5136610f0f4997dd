// The order "adarft": AdaRFT (arXiv 2504.05520), which keeps the policy at problems that it solves half of the time. After
// each step the target difficulty moves by T <- clip(T + eta tanh(alpha (R - beta)), d_min, d_max), R being the step's mean
// reward; a step takes the problems whose difficulty is nearest to T. alpha, beta and the start at d_min are the paper's;
// its eta of 50 on difficulties of 0 to 100 is half of the range, as here.
//
// Where we differ: the paper's difficulty of a problem is the failure rate of a strong model on it, 0 to 100; ours is the
// level, so that T moves over levels and problems of a level are equally hard. R is the mean true correctness of all
// rollouts, whatever the method is rewarded with: with a label-free method this order is a reference that knows the labels.
// No problem is used twice in an epoch, and of two levels equally near the easier is taken; the paper's text leaves both
// open.

import { exp } from "../core/exact-math.ts";
import { meanOf } from "./averages.ts";
import type { OrderRule } from "./order-rule.ts";

const SENSITIVITY = 2; // alpha
const TARGET_REWARD = 0.5; // beta
const STEP_SHARE = 0.5; // eta, of the range of difficulties

export interface TargetState {
  /** In levels; between two of them too. */
  readonly target: number;
}

/** The rule over the distinct levels of the problems, easiest first. */
export function adarftOrder(levels: readonly number[]): OrderRule<TargetState> {
  const [easiest, hardest] = [levels[0], levels[levels.length - 1]];
  const stepSize = STEP_SHARE * (hardest - easiest);
  return {
    start: { target: easiest },
    choose: ({ target }, pools, count) => Array.from({ length: count }, () => pools.takeNearest(target)),
    learn: ({ target }, groups) => {
      const reward = meanOf(groups.map(({ accuracy }) => accuracy)) ?? 0;
      const moved = target + stepSize * tanh(SENSITIVITY * (reward - TARGET_REWARD));
      return { target: Math.min(hardest, Math.max(easiest, moved)) };
    },
  };
}

/** By the exact exponential, for `Math.tanh` has other bits on other engines. */
function tanh(x: number): number {
  return 1 - 2 / (exp(2 * x) + 1);
}
