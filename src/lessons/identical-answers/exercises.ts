// Lesson 3: which groups teach, and why the training reward does not show what they teach.

import { areEqual } from "../../rl/advantages.ts";
import { majorityRewards } from "../../rl/rewards.ts";
import { majorityVote } from "../../rl/votes.ts";
import { mean } from "../../stats/summary.ts";
import { type Exercise, functionExercise } from "../exercise.ts";

type Answers = readonly (string | null)[];

const teaches = functionExercise<[readonly number[]], boolean>({
  name: "teaches",
  gap: `function teaches(rewards: readonly number[]): boolean {
  return todo();
}
check("teaches", teaches)`,
  solution: `function teaches(rewards: readonly number[]): boolean {
  return rewards.some((reward) => reward !== rewards[0]);
}
check("teaches", teaches)`,
  cases: [
    [[1, 1, 1, 1, 1, 1, 1, 1]],
    [[0, 0, 0, 0, 0, 0, 0, 0]],
    [[1, 1, 0, 0, 0, 0, 0, 0]],
    [[2.5, 2.75, 2.5, 2.5]],
    [[2.5, 2.5, 2.5, 2.5]],
  ],
  right: (rewards) => !areEqual(rewards),
  mistakes: [
    {
      name: "any-reward",
      why: {
        en: "You say that a group teaches when it has a reward. A reward of 1 for all is the mean of its group: every advantage is 0.",
        ko: "보상이 있으면 배운다고 보았습니다. 모두의 보상이 1이면 그룹 평균도 1이므로 어드밴티지는 모두 0입니다.",
      },
      answer: (rewards) => rewards.some((reward) => reward > 0),
    },
    {
      name: "zero-and-one",
      why: {
        en: "You look for a 0 and a 1. Rewards such as Intuitor's certainty are other numbers; any two that differ teach.",
        ko: "0과 1이 모두 있는지를 보았습니다. Intuitor의 확신도(certainty)처럼 다른 값을 갖는 보상도 있으며, 서로 다른 값이 둘만 있어도 배움이 있습니다.",
      },
      answer: (rewards) => rewards.includes(0) && rewards.includes(1),
    },
    {
      name: "inverted",
      why: {
        en: "You say true for the groups whose rewards are all equal; those teach nothing.",
        ko: "보상이 모두 같은 그룹에 true를 돌려주었습니다. 그런 그룹에서는 아무것도 배우지 못합니다.",
      },
      answer: (rewards) => areEqual(rewards),
    },
    {
      name: "all-right",
      why: {
        en: "You leave out the groups where everybody was rewarded, but not those where nobody was: 0 for all is equal too.",
        ko: "모두 보상을 받은 그룹은 뺐지만, 아무도 받지 못한 그룹은 빼지 않았습니다. 모두 0인 것도 모두 같은 것입니다.",
      },
      answer: (rewards) => rewards.some((reward) => reward !== 1) && !(rewards[0] !== 0 && areEqual(rewards)),
    },
  ],
});

const pseudoRewards = (answers: Answers) =>
  majorityRewards(answers, majorityVote(answers, { tieRule: "first" }).majority);
const agrees = (answers: Answers, truth: string) =>
  pseudoRewards(answers).map((reward, index) => Number(reward === Number(answers[index] === truth)));

const rewardAccuracy = functionExercise<[Answers, string], number>({
  name: "rewardAccuracy",
  gap: `function rewardAccuracy(answers: readonly (string | null)[], truth: string): number {
  const { majority } = majorityVote(answers, { tieRule: "first" });
  const rewards = majorityRewards(answers, majority);
  return todo();
}
check("rewardAccuracy", rewardAccuracy)`,
  solution: `function rewardAccuracy(answers: readonly (string | null)[], truth: string): number {
  const { majority } = majorityVote(answers, { tieRule: "first" });
  const rewards = majorityRewards(answers, majority);
  const agrees = answers.map((answer, index) => rewards[index] === (answer === truth ? 1 : 0));
  return agrees.filter(Boolean).length / answers.length;
}
check("rewardAccuracy", rewardAccuracy)`,
  cases: [
    [["10", "10", "10", "10", "10", "10", "10", "10"], "42"],
    [["42", "42", "42", "42", "42", "42", "42", "42"], "42"],
    [["10", "10", "42", "37", "05", "99", "00", "61"], "42"],
    [["42", "42", "42", "10", null, null, null, null], "42"],
    [["10", "10", "42", null, null, null], "42"],
  ],
  right: (answers, truth) => mean(agrees(answers, truth)),
  mistakes: [
    {
      name: "mean-reward",
      why: {
        en: "That is the mean reward, which the policy can raise without being right. Compare each reward with true correctness.",
        ko: "그것은 평균 보상입니다. 평균 보상은 정답을 맞히지 않고도 올릴 수 있습니다. 각 보상을 실제 정답 여부와 비교해야 합니다.",
      },
      answer: (answers) => mean(pseudoRewards(answers)),
    },
    {
      name: "accuracy",
      why: {
        en: "That is the share of correct answers. Here a reward of 0 for a wrong answer is right as well.",
        ko: "그것은 정답의 비율입니다. 여기서는 틀린 답에 0을 준 보상도 옳은 보상입니다.",
      },
      answer: (answers, truth) => mean(answers.map((answer) => Number(answer === truth))),
    },
    {
      name: "label-accuracy",
      why: {
        en: "You ask whether the majority is correct, once for the group. The question is how many of the rewards are right.",
        ko: "다수 답이 맞는지를 그룹마다 한 번만 물었습니다. 물음은 보상 가운데 몇이 옳은가입니다.",
      },
      answer: (answers, truth) => Number(majorityVote(answers, { tieRule: "first" }).majority === truth),
    },
    {
      name: "without-empty",
      why: {
        en: "You left out the rollouts without an answer. They get a reward too, 0, and it is right: they are wrong.",
        ko: "답이 없는 롤아웃을 뺐습니다. 그런 롤아웃도 0이라는 보상을 받으며, 틀린 답이므로 그 보상은 옳습니다.",
      },
      answer: (answers, truth) => mean(agrees(answers, truth).filter((_, index) => answers[index] !== null)),
    },
  ],
});

export const IDENTICAL_ANSWERS: readonly Exercise[] = [teaches, rewardAccuracy];
