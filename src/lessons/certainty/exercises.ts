// Lesson 4: Intuitor's self-certainty, and how far it tells right answers from wrong ones.

import { exp, log } from "../../core/exact-math.ts";
import { mean } from "../../stats/summary.ts";
import { type Exercise, functionExercise } from "../exercise.ts";

const logSumExp = (values: readonly number[]) => {
  const most = Math.max(...values);
  return most + log(values.reduce((total, value) => total + exp(value - most), 0));
};
const certainty = (scaled: readonly number[]) => logSumExp(scaled) - mean(scaled);
const shares = (scaled: readonly number[]) => scaled.map((value) => exp(value - logSumExp(scaled)));

const selfCertainty = functionExercise<[readonly number[], number], number>({
  name: "selfCertainty",
  gap: `function selfCertainty(logits: readonly number[], temperature: number): number {
  return todo();
}
check("selfCertainty", selfCertainty)`,
  solution: `function selfCertainty(logits: readonly number[], temperature: number): number {
  const scaled = logits.map((logit) => logit / temperature);
  const most = Math.max(...scaled); // taken out of the sum, so that exp does not overflow
  const sum = scaled.reduce((total, z) => total + Math.exp(z - most), 0);
  const average = scaled.reduce((total, z) => total + z, 0) / scaled.length;
  return most + Math.log(sum) - average;
}
check("selfCertainty", selfCertainty)`,
  cases: [
    [[2, 0, 0, 0], 1],
    [[2, 0, 0, 0], 0.6],
    [[1, 1, 1], 0.6],
    [[3, 1, -1, -3], 0.6],
    [[800, 0, -800], 1],
  ],
  right: (logits, temperature) => certainty(logits.map((logit) => logit / temperature)),
  mistakes: [
    {
      name: "no-temperature",
      why: {
        en: "You left the temperature out: the logits are divided by it first, as they are when the tokens are drawn.",
        ko: "온도(temperature)를 빠뜨렸습니다. 토큰을 뽑을 때처럼 먼저 로짓(logit)을 온도로 나누어야 합니다.",
      },
      answer: (logits) => certainty(logits),
    },
    {
      name: "times-temperature",
      why: {
        en: "You multiplied by the temperature; the logits are divided by it.",
        ko: "온도를 곱했습니다. 로짓은 온도로 나눕니다.",
      },
      answer: (logits, temperature) => certainty(logits.map((logit) => logit * temperature)),
    },
    {
      name: "no-mean",
      why: {
        en: "You did not subtract the mean of the logits, so that adding 1 to all of them changes your value, but not the distribution.",
        ko: "로짓의 평균을 빼지 않았습니다. 그러면 모든 로짓에 1을 더할 때 분포는 그대로인데 값이 달라집니다.",
      },
      answer: (logits, temperature) => logSumExp(logits.map((logit) => logit / temperature)),
    },
    {
      name: "largest-share",
      why: {
        en: "You took the probability of the likeliest token. Self-certainty looks at the whole distribution.",
        ko: "가장 그럴듯한 토큰의 확률을 취했습니다. 자기 확신도(self-certainty)는 분포 전체를 봅니다.",
      },
      answer: (logits, temperature) => Math.max(...shares(logits.map((logit) => logit / temperature))),
    },
    {
      name: "negative-entropy",
      why: {
        en: "That is minus the entropy, RENT's reward: KL(p || uniform) up to a constant. Intuitor takes the other direction, KL(uniform || p).",
        ko: "그것은 음의 엔트로피, 즉 RENT의 보상입니다(상수를 빼면 KL(p || uniform)). Intuitor는 반대 방향인 KL(uniform || p)를 씁니다.",
      },
      answer: (logits, temperature) => {
        const p = shares(logits.map((logit) => logit / temperature));
        return p.reduce((total, share) => total + (share > 0 ? share * log(share) : 0), 0);
      },
    },
    {
      name: "overflow",
      why: {
        en: "`Math.exp` of a large logit is Infinity. Take the largest logit out of the sum: max + log of the sum of exp(z - max).",
        ko: "큰 로짓의 `Math.exp`는 Infinity가 됩니다. 가장 큰 로짓을 밖으로 빼서 max + log Σ exp(z - max)로 계산해야 합니다.",
      },
      answer: (logits, temperature) => {
        const scaled = logits.map((logit) => logit / temperature);
        return log(scaled.reduce((total, value) => total + exp(value), 0)) - mean(scaled);
      },
    },
  ],
});

/** Mean over pairs of a right and a wrong rollout. */
function overPairs(
  values: readonly number[],
  correct: readonly boolean[],
  score: (right: number, wrong: number) => number,
): number[] {
  return values.flatMap((right, i) =>
    correct[i] ? values.flatMap((wrong, j) => (correct[j] ? [] : [score(right, wrong)])) : [],
  );
}
const half = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
const meanOrNull = (values: readonly number[]) => (values.length === 0 ? null : mean(values));

const concordance = functionExercise<[readonly number[], readonly boolean[]], number | null>({
  name: "concordance",
  gap: `function concordance(certainty: readonly number[], correct: readonly boolean[]): number | null {
  const right = certainty.filter((_, index) => correct[index]);
  const wrong = certainty.filter((_, index) => !correct[index]);
  return todo();
}
check("concordance", concordance)`,
  solution: `function concordance(certainty: readonly number[], correct: readonly boolean[]): number | null {
  const right = certainty.filter((_, index) => correct[index]);
  const wrong = certainty.filter((_, index) => !correct[index]);
  const scores = right.flatMap((a) => wrong.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  if (scores.length === 0) return null;
  return scores.reduce((total, score) => total + score, 0) / scores.length;
}
check("concordance", concordance)`,
  cases: [
    [
      [3, 2, 1],
      [true, false, false],
    ],
    [
      [1, 2, 3, 2.5],
      [true, false, true, false],
    ],
    [
      [2, 2, 2, 1],
      [true, false, true, false],
    ],
    [
      [1, 2],
      [false, false],
    ],
  ],
  right: (values, correct) => meanOrNull(overPairs(values, correct, half)),
  mistakes: [
    {
      name: "ties-lose",
      why: {
        en: "A pair with equal certainties counts one half, not nothing: certainty does not tell the two apart.",
        ko: "확신도가 같은 쌍은 0이 아니라 1/2로 셉니다. 확신도로는 둘을 구별할 수 없기 때문입니다.",
      },
      answer: (values, correct) => meanOrNull(overPairs(values, correct, (a, b) => Number(a > b))),
    },
    {
      name: "ties-win",
      why: {
        en: "A pair with equal certainties counts one half, not one: certainty does not tell the two apart.",
        ko: "확신도가 같은 쌍은 1이 아니라 1/2로 셉니다. 확신도로는 둘을 구별할 수 없기 때문입니다.",
      },
      answer: (values, correct) => meanOrNull(overPairs(values, correct, (a, b) => Number(a >= b))),
    },
    {
      name: "reversed",
      why: {
        en: "You count the pairs in which the wrong answer is the more certain one.",
        ko: "틀린 답이 더 확신에 찬 쌍을 세었습니다.",
      },
      answer: (values, correct) => meanOrNull(overPairs(values, correct, (a, b) => half(b, a))),
    },
    {
      name: "gap-of-means",
      why: {
        en: "You took the difference of the mean certainties, which one extreme rollout can decide. Compare pair by pair.",
        ko: "평균 확신도의 차이를 구했습니다. 이 값은 극단적인 롤아웃 하나에 좌우될 수 있습니다. 쌍마다 비교해야 합니다.",
      },
      answer: (values, correct) => {
        const [right, wrong] = [true, false].map((side) => values.filter((_, index) => correct[index] === side));
        return right.length === 0 || wrong.length === 0 ? null : mean(right) - mean(wrong);
      },
    },
    {
      name: "no-pairs",
      why: {
        en: "Without a right or without a wrong rollout there is no pair, and 0 divided by 0 is NaN: give back null.",
        ko: "정답이나 오답이 하나도 없으면 쌍이 없고, 0을 0으로 나누면 NaN이 됩니다. 이때는 null을 돌려주어야 합니다.",
      },
      answer: (values, correct) => {
        const scores = overPairs(values, correct, half);
        return scores.reduce((total, score) => total + score, 0) / scores.length;
      },
    },
  ],
});

export const CERTAINTY: readonly Exercise[] = [selfCertainty, concordance];
