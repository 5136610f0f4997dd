// The order "adaptive" (ours): a curriculum without labels whose pace is the policy's agreement with itself. CuMa walks the
// levels at a fixed pace, whatever the policy has learned; here the next level opens when the votes on this one agree.
//
// Agreement of a level: mean over its groups of the share of rollouts behind the most frequent answer, smoothed over steps
// (exponential average of rate RATE, from 0, so that no level is passed on the luck of one step). A level whose agreement
// has reached ENOUGH is mastered, for good. The focus is the easiest level that is neither mastered nor used up in this
// epoch; the hardest, if there is none. A step takes its problems from the focus, but REPLAYED of them from the easier level
// with most problems left (the harder of two equal ones): pseudo-labels of mastered levels are the reliable ones. Where the
// focus has none left, the nearest level gives them, the easier of two equally near, so that an epoch trains on as many
// problems as in any other order.
//
// The rule sees votes only, never correctness. That is its known failure: a policy that has collapsed onto one wrong answer
// agrees with itself fully, and this order takes it for mastery and hurries on. It paces a curriculum; it guards nothing.
// ENOUGH lies between the agreement of base policies (about 0.5) and of trained ones (about 0.95) in the planned orders,
// and is six of eight rollouts; RATE and REPLAYED were not tuned.

import type { OpenLevel } from "./level-pools.ts";
import type { GroupOutcome, OrderRule } from "./order-rule.ts";

const ENOUGH = 0.75;
const RATE = 0.2;
const REPLAYED = 0.25;

export interface AgreementState {
  /** Smoothed agreement, level by level, easiest first. */
  readonly agreement: readonly number[];
  readonly mastered: readonly boolean[];
}

/** The rule over the distinct levels of the problems, easiest first. */
export function adaptiveOrder(levels: readonly number[]): OrderRule<AgreementState> {
  const focusOf = ({ mastered }: AgreementState, open: readonly OpenLevel[]) =>
    open.find(({ level }) => !mastered[levels.indexOf(level)])?.level ?? levels[levels.length - 1];
  return {
    start: { agreement: levels.map(() => 0), mastered: levels.map(() => false) },
    choose: (state, pools, count) => {
      const focus = focusOf(state, pools.open());
      const replayed = Math.floor(REPLAYED * count);
      return Array.from({ length: count }, (_, index) => {
        const easier = pools.open().filter(({ level }) => level < focus);
        if (index < count - replayed || easier.length === 0) return pools.takeNearest(focus);
        return pools.take(easier.reduce((most, other) => (other.left >= most.left ? other : most)).level);
      });
    },
    learn: (state, groups) => {
      const agreement = state.agreement.map((average, place) => smooth(average, levels[place], groups));
      return { agreement, mastered: agreement.map((value, place) => state.mastered[place] || value >= ENOUGH) };
    },
  };
}

function smooth(average: number, level: number, groups: readonly GroupOutcome[]): number {
  const shares = groups.filter((group) => group.level === level).map(({ agreement }) => agreement);
  if (shares.length === 0) return average;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return average + RATE * (mean - average);
}
