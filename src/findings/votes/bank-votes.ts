// Votes over a vote bank, without training. Each problem's 64 answers, in the order sampled, are cut into 64 / N groups of
// N, as training would have drawn them; a number of a problem is the mean over its groups, and a number of a base the mean
// over its problems. Votes are training's (rl/votes.ts, ties to the answer seen first). Needed: rollouts taken one by one
// until those left cannot change the winner (rl/decided-vote.ts), so that the vote is the same by construction; rewards
// and masks would be those of fewer rollouts.
import { rolloutsNeeded } from "../../rl/decided-vote.ts";
import { isMasked } from "../../rl/mask.ts";
import { majorityVote } from "../../rl/votes.ts";
import type { KeepRuleName } from "./arms.ts";
import { KEEP_RULES } from "./arms.ts";
import type { BankedProblem, VoteBank } from "./vote-bank.ts";

/** Sizes of a vote that are counted; each divides the number of samples. */
export const VOTE_SIZES = [1, 2, 4, 8, 16, 32, 64] as const;

/** One base checkpoint's votes of one size. */
export interface BankVotes {
  readonly tier: string;
  readonly baseSeed: number;
  readonly size: number;
  /** By problem: share of votes whose winner is right. */
  readonly correct: readonly number[];
  /** By problem: rollouts until the vote is decided. */
  readonly needed: readonly number[];
  /** Share of votes that a rule drops. */
  readonly dropped: Readonly<Record<KeepRuleName, number>>;
  /** Share of the kept votes whose winner is right; null: none is kept. */
  readonly keptCorrect: Readonly<Record<KeepRuleName, number | null>>;
}

/** Votes of each size over each bank, in the banks' order. */
export function bankVotes(banks: readonly VoteBank[]): BankVotes[] {
  return banks.flatMap(({ tier, baseSeed, samples, entries }) =>
    VOTE_SIZES.filter((size) => samples % size === 0).map((size) => {
      const votes = entries.map((problem) => votesOn(problem, size));
      const all = votes.flat();
      return {
        ...{ tier, baseSeed, size },
        correct: votes.map((ofProblem) => meanOf(ofProblem.map(({ isRight }) => Number(isRight)))),
        needed: votes.map((ofProblem) => meanOf(ofProblem.map(({ needed }) => needed))),
        dropped: byRule((rule) => meanOf(all.map(({ dropped }) => Number(dropped[rule])))),
        keptCorrect: byRule((rule) => {
          const kept = all.filter(({ dropped }) => !dropped[rule]);
          return kept.length === 0 ? null : meanOf(kept.map(({ isRight }) => Number(isRight)));
        }),
      };
    }),
  );
}

interface OneVote {
  readonly isRight: boolean;
  readonly needed: number;
  readonly dropped: Readonly<Record<KeepRuleName, boolean>>;
}

function votesOn({ answer, answers }: BankedProblem, size: number): OneVote[] {
  return Array.from({ length: answers.length / size }, (_, at) => {
    const group = answers.slice(at * size, (at + 1) * size);
    const vote = majorityVote(group, { tieRule: "first" });
    const dropped = KEEP_RULES.map(({ name, mask }) => [name, isMasked(vote, { ...mask, scope: "advantage" })]);
    return {
      isRight: vote.majority === answer,
      needed: rolloutsNeeded(group, 1),
      dropped: Object.fromEntries(dropped) as OneVote["dropped"],
    };
  });
}

function byRule<Value>(valueOf: (rule: KeepRuleName) => Value): Record<KeepRuleName, Value> {
  return { two: valueOf("two"), three: valueOf("three"), half: valueOf("half") };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
