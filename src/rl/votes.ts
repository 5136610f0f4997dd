// Majority vote over one prompt's answers (TTRL). Answers are compared as exact strings (vote-classes.ts makes those of one
// class equal before); an answer that could not be
// extracted, or is empty or blank, never votes: in public code the empty string can win the vote and then grades as equal
// to itself. Shares are of all rollouts, not of those that voted. The paper is silent on both.

import { LabelfreeError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { TieRule } from "./settings.ts";

export interface VoteOptions {
  readonly tieRule: TieRule;
  /** Needed for the tie rule "random"; drawn from only when there is a tie. */
  readonly random?: Random;
}

export interface Vote {
  /** The winning answer; null when nobody voted, or at a tie under the rule "none". */
  readonly majority: string | null;
  /** Rollouts behind the most frequent answer, also when a tie has no winner. */
  readonly count: number;
  /** `count` by the number of rollouts, 0-1. */
  readonly share: number;
  /** Rollouts with an answer that votes. */
  readonly parsable: number;
  /** Every answer with the largest count, in the order first seen. */
  readonly leaders: readonly string[];
  readonly tied: boolean;
}

/** Whether an answer counts in a vote: not null, empty or blank. */
export function isVote(answer: string | null): answer is string {
  return answer !== null && answer.trim() !== "";
}

/** How often each answer that votes was given, in the order first seen. */
export function countVotes(answers: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    if (isVote(answer)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return counts;
}

/** Finds the most frequent answer of one group; throws "votes/no-random" when a random tie rule has no generator. */
export function majorityVote(answers: readonly (string | null)[], { tieRule, random }: VoteOptions): Vote {
  const votes = answers.filter(isVote);
  const counts = countVotes(votes);
  const count = Math.max(0, ...counts.values());
  const leaders = [...counts.keys()].filter((answer) => counts.get(answer) === count);
  return {
    majority: breakTie(leaders, tieRule, random),
    count,
    share: answers.length === 0 ? 0 : count / answers.length,
    parsable: votes.length,
    leaders,
    tied: leaders.length > 1,
  };
}

function breakTie(leaders: readonly string[], tieRule: TieRule, random: Random | undefined): string | null {
  if (leaders.length === 0) return null;
  if (leaders.length === 1 || tieRule === "first") return leaders[0];
  if (tieRule === "none") return null;
  if (random === undefined) {
    throw new LabelfreeError("votes/no-random", 'votes: tie rule "random" needs a generator, got none; pass `random`');
  }
  return random.pick(leaders);
}
