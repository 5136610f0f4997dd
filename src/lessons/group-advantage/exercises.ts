// Lesson 2: the group advantage of GRPO, and what CuMa's mask does to it.

import { groupAdvantages } from "../../rl/advantages.ts";
import { majorityRewards } from "../../rl/rewards.ts";
import { DEFAULT_SETTINGS } from "../../rl/settings.ts";
import { majorityVote } from "../../rl/votes.ts";
import { mean } from "../../stats/summary.ts";
import { type Exercise, functionExercise } from "../exercise.ts";

type Answers = readonly (string | null)[];

const { advantage: SETTINGS } = DEFAULT_SETTINGS;
const squares = (rewards: readonly number[]) =>
  rewards.reduce((total, reward) => total + (reward - mean(rewards)) * (reward - mean(rewards)), 0);
const deviation = (rewards: readonly number[]) => Math.sqrt(squares(rewards) / (rewards.length - 1));
const centred = (rewards: readonly number[], scale: number) =>
  rewards.map((reward) => (reward - mean(rewards)) / scale);

const advantages = functionExercise<[readonly number[]], number[]>({
  name: "advantages",
  gap: `function advantages(rewards: readonly number[]): number[] {
  return todo();
}
check("advantages", advantages)`,
  solution: `function advantages(rewards: readonly number[]): number[] {
  const average = rewards.reduce((total, reward) => total + reward, 0) / rewards.length;
  const squares = rewards.map((reward) => (reward - average) ** 2);
  const deviation = Math.sqrt(squares.reduce((a, b) => a + b, 0) / (rewards.length - 1));
  return rewards.map((reward) => (reward - average) / (deviation + 1e-6));
}
check("advantages", advantages)`,
  cases: [[[1, 0, 0, 0, 0, 0, 0, 0]], [[1, 1, 1, 1, 0, 0, 0, 0]], [[1, 1, 1, 1, 1, 1, 1, 1]], [[2.5, 3, 2.75, 3.25]]],
  right: (rewards) => groupAdvantages(rewards, SETTINGS),
  mistakes: [
    {
      name: "population-std",
      why: {
        en: "You used the biased standard deviation: the sum of squares is divided by N - 1, not by N.",
        ko: "편향된(biased) 표준편차를 썼습니다. 제곱합을 N이 아니라 N - 1로 나누어야 합니다.",
      },
      answer: (rewards) => groupAdvantages(rewards, { ...SETTINGS, std: "population" }),
    },
    {
      name: "not-divided",
      why: {
        en: "You did not divide by the standard deviation. That is Dr. GRPO's advantage; GRPO divides.",
        ko: "표준편차로 나누지 않았습니다. 그것은 Dr. GRPO의 어드밴티지(advantage)이고, GRPO는 나눕니다.",
      },
      answer: (rewards) => groupAdvantages(rewards, { ...SETTINGS, scale: "none" }),
    },
    {
      name: "not-centred",
      why: {
        en: "You did not subtract the mean of the group: every advantage comes out positive or zero, and nothing is pushed down.",
        ko: "그룹의 평균을 빼지 않았습니다. 그러면 어드밴티지가 모두 0 이상이 되어, 확률이 내려가는 응답이 없습니다.",
      },
      answer: (rewards) => rewards.map((reward) => reward / (deviation(rewards) + 1e-6)),
    },
    {
      name: "variance",
      why: {
        en: "You divided by the variance; take its square root first.",
        ko: "분산으로 나누었습니다. 먼저 제곱근을 취해야 합니다.",
      },
      answer: (rewards) => centred(rewards, deviation(rewards) * deviation(rewards) + 1e-6),
    },
    {
      name: "no-epsilon",
      why: {
        en: "With equal rewards you divide 0 by 0. The 1e-6 in the denominator is there for that: the advantages are 0.",
        ko: "보상이 모두 같으면 0을 0으로 나누게 됩니다. 분모의 1e-6은 바로 이것을 막기 위한 것으로, 이때 어드밴티지는 0입니다.",
      },
      answer: (rewards) => centred(rewards, deviation(rewards)),
    },
    {
      name: "others-mean",
      why: {
        en: "You subtracted the mean of the other rollouts (leave-one-out, as in RLOO); GRPO's mean takes in the rollout itself.",
        ko: "자기 자신을 뺀 나머지의 평균(leave-one-out, RLOO 방식)을 뺐습니다. GRPO의 평균에는 자기 자신도 들어갑니다.",
      },
      answer: (rewards) => groupAdvantages(rewards, { ...SETTINGS, baseline: "leave-one-out" }),
    },
  ],
});

const ofVotes = (answers: Answers, minVotes: number, isKept: (count: number) => boolean = (n) => n >= minVotes) => {
  const { majority, count } = majorityVote(answers, { tieRule: "first" });
  const rewards = majorityRewards(answers, majority);
  return isKept(count) ? groupAdvantages(rewards, SETTINGS) : rewards.map(() => 0);
};

const signal = functionExercise<[Answers, number], number[]>({
  name: "signal",
  gap: `function signal(answers: readonly (string | null)[], minVotes: number): number[] {
  const { majority, count } = majorityVote(answers, { tieRule: "first" });
  const rewards = majorityRewards(answers, majority);
  return todo(); // advantages() from above helps
}
check("signal", signal)`,
  solution: `function signal(answers: readonly (string | null)[], minVotes: number): number[] {
  const { majority, count } = majorityVote(answers, { tieRule: "first" });
  const rewards = majorityRewards(answers, majority);
  return count < minVotes ? rewards.map(() => 0) : advantages(rewards);
}
check("signal", signal)`,
  cases: [
    [["10", "11", "12", "13", "14", "15", "16", "17"], 2],
    [["10", "10", "12", "13", "14", "15", "16", "17"], 2],
    [["42", "42", "42", "42", "10", "10", null, null], 2],
    [["42", "42", "42", "10"], 4],
  ],
  right: (answers, minVotes) => ofVotes(answers, minVotes),
  mistakes: [
    {
      name: "unmasked",
      why: {
        en: "You gave the masked group an advantage. Without a second vote for any answer an arbitrary rollout is pushed up, here with full force.",
        ko: "마스킹된 그룹에도 어드밴티지를 주었습니다. 같은 답이 둘도 없는데, 아무 롤아웃(rollout)이나 하나가 최대의 힘으로 밀려 올라갑니다.",
      },
      answer: (answers, minVotes) => ofVotes(answers, minVotes, () => true),
    },
    {
      name: "masks-pairs",
      why: {
        en: "You masked a group whose largest count is exactly `minVotes`; it takes fewer.",
        ko: "가장 많은 표가 정확히 `minVotes`인 그룹까지 마스킹했습니다. 그보다 적을 때만 마스킹합니다.",
      },
      answer: (answers, minVotes) => ofVotes(answers, minVotes, (count) => count > minVotes),
    },
    {
      name: "inverted",
      why: {
        en: "You kept the masked groups and masked the others.",
        ko: "마스킹할 그룹은 남기고 나머지를 마스킹했습니다.",
      },
      answer: (answers, minVotes) => ofVotes(answers, minVotes, (count) => count < minVotes),
    },
    {
      name: "shortened",
      why: {
        en: "A masked group still has one advantage for each rollout, all of them 0; yours has none.",
        ko: "마스킹된 그룹에도 롤아웃마다 어드밴티지가 하나씩 있고, 그 값이 모두 0입니다. 작성하신 함수는 빈 배열을 돌려줍니다.",
      },
      answer: (answers, minVotes) =>
        majorityVote(answers, { tieRule: "first" }).count < minVotes ? [] : ofVotes(answers, minVotes),
    },
    {
      name: "rewards-themselves",
      why: {
        en: "You gave back the rewards; turn them into advantages.",
        ko: "보상을 그대로 돌려주었습니다. 어드밴티지로 바꾸어야 합니다.",
      },
      answer: (answers, minVotes) => {
        const { majority, count } = majorityVote(answers, { tieRule: "first" });
        return majorityRewards(answers, majority).map((reward) => (count < minVotes ? 0 : reward));
      },
    },
  ],
});

export const GROUP_ADVANTAGE: readonly Exercise[] = [advantages, signal];
