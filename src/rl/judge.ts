// From sampled tokens to advantages, one prompt's group at a time: text, answer, vote, reward, mask, advantage. True
// correctness is computed for every method, for the record; only the reward "label" trains on it.

import type { Random } from "../core/random.ts";
import type { Rollouts } from "../model/sequence-batch.ts";
import type { Problem, Task } from "../tasks/task.ts";
import { groupAdvantages } from "./advantages.ts";
import { isMasked } from "./mask.ts";
import { groupRewards } from "./rewards.ts";
import type { RunSettings } from "./settings.ts";
import { consensusPenalty } from "./soft-majority.ts";
import { votingAnswers } from "./vote-classes.ts";
import { majorityVote, type Vote } from "./votes.ts";

/** What one response says; `certainty` and `entropy` are means over its tokens. */
export interface Reading {
  readonly text: string;
  readonly answer: string | null;
  readonly correct: boolean;
  readonly wellFormed: boolean;
  readonly certainty: number;
  /** Nats, at the temperature it was sampled with. */
  readonly entropy: number;
  /** Whether it goes back over earlier steps; null where the task has no notion of that. */
  readonly reflects: boolean | null;
  readonly lengthTokens: number;
  readonly ended: boolean;
}

/** One prompt with its judged rollouts; arrays have one entry per rollout. */
export interface JudgedGroup {
  readonly problem: Problem;
  readonly readings: readonly Reading[];
  readonly vote: Vote;
  readonly labelCorrect: boolean;
  readonly rewards: readonly number[];
  readonly masked: boolean;
  /** All 0 in a masked group. */
  readonly advantages: readonly number[];
}

type JudgeSettings = Pick<
  RunSettings,
  "reward" | "rewardMix" | "softVotes" | "tieRule" | "votes" | "mask" | "advantage"
>;

/** Reads a response as its problem's task does. */
export function readResponse(rollouts: Rollouts, index: number, problem: Problem, task: Task): Reading {
  const { tokens } = rollouts.responses[index];
  const ended = rollouts.ended[index];
  const text = task.decode(ended ? tokens.slice(0, -1) : tokens);
  const answer = task.extractAnswer(text, ended);
  const { offsets, certainty, entropy } = rollouts.scores;
  const meanOfTokens = (values: ArrayLike<number>) => mean(values, offsets[index], offsets[index + 1]);
  return {
    text,
    answer,
    correct: task.isCorrect(answer, problem),
    wellFormed: task.hasFormat(text, ended),
    certainty: meanOfTokens(certainty),
    entropy: meanOfTokens(entropy),
    reflects: task.reflects?.(text, problem) ?? null,
    lengthTokens: tokens.length,
    ended,
  };
}

/** Judges a step's rollouts, `problems` being those of its prompts; `random` serves random ties and random rewards. */
export function judgeRollouts(
  rollouts: Rollouts,
  problems: readonly Problem[],
  task: Task,
  settings: JudgeSettings,
  random: Random,
): JudgedGroup[] {
  const tieRandom = random.fork("ties");
  const rewardRandom = random.fork("rewards");
  return problems.map((problem, prompt) => {
    const readings = rollouts.responses.flatMap((response, index) =>
      response.prompt === prompt ? [readResponse(rollouts, index, problem, task)] : [],
    );
    const answers = votingAnswers(
      readings.map(({ answer }) => answer),
      settings.votes,
      task,
    );
    const vote = majorityVote(answers, { tieRule: settings.tieRule, random: tieRandom });
    const group = {
      answers,
      correct: readings.map(({ correct }) => correct),
      wellFormed: readings.map(({ wellFormed }) => wellFormed),
      certainty: readings.map(({ certainty }) => certainty),
      entropy: readings.map(({ entropy }) => entropy),
      majority: vote.majority,
    };
    const rewards = groupRewards(settings, group, rewardRandom);
    const masked = isMasked(vote, settings.mask);
    const penalty = consensusPenalty(settings, vote);
    return {
      problem,
      readings,
      vote,
      labelCorrect: task.isCorrect(vote.majority, problem),
      rewards,
      masked,
      advantages: masked
        ? rewards.map(() => 0)
        : groupAdvantages(rewards, settings.advantage).map((advantage) => advantage - penalty),
    };
  });
}

function mean(values: ArrayLike<number>, start: number, end: number): number {
  let total = 0;
  for (let index = start; index < end; index += 1) total += values[index];
  return end === start ? 0 : total / (end - start);
}
