// Lesson 6: what counts as collapse, and one change that prevents it, judged by a run that the learner trains.

import { detectCollapse } from "../../rl/collapse-detector.ts";
import { type Exercise, functionExercise } from "../exercise.ts";
import { savedRun } from "./saved-run.ts";

type Accuracies = readonly number[];

const HALF = 0.5;
const FLOOR = 0.04;
const isLow = (accuracy: number, base: number, floor = FLOOR) =>
  accuracy <= base * HALF + 1e-9 && base - accuracy >= floor - 1e-9;
const twiceLow = ([base, ...later]: Accuracies, low: (accuracy: number, base: number) => boolean) =>
  later.some((accuracy, index) => index > 0 && low(accuracy, base) && low(later[index - 1], base));

const collapsed = functionExercise<[Accuracies], boolean>({
  name: "collapsed",
  gap: `function collapsed(accuracies: readonly number[]): boolean {
  const [base, ...later] = accuracies;
  return todo();
}
check("collapsed", collapsed)`,
  solution: `function collapsed(accuracies: readonly number[]): boolean {
  const [base, ...later] = accuracies;
  const isLow = later.map((accuracy) => accuracy <= base / 2 && base - accuracy >= 0.04);
  return isLow.some((low, index) => index > 0 && low && isLow[index - 1]);
}
check("collapsed", collapsed)`,
  cases: [
    [[0.15, 0.1, 0.05, 0.03]],
    [[0.15, 0.05, 0.12, 0.14]],
    [[0.06, 0.03, 0.025]],
    [[0.2, 0.13, 0.12]],
    [[0.15, 0.06, 0.05, 0.14]],
    [[0.16, 0.17]],
  ],
  right: (accuracies) =>
    detectCollapse(
      [],
      accuracies.map((accuracy, step) => ({ step, accuracy })),
    ) !== null,
  mistakes: [
    {
      name: "one-is-enough",
      why: {
        en: "You call one bad evaluation a collapse. It takes two in a row: a single one may be noise.",
        ko: "나쁜 평가 한 번을 붕괴로 판정했습니다. 한 번은 잡음일 수 있으므로 연달아 두 번이어야 합니다.",
      },
      answer: ([base, ...later]) => later.some((accuracy) => isLow(accuracy, base)),
    },
    {
      name: "no-floor",
      why: {
        en: "You ask only for half of the base. From 6 % to 3 % is within the noise of 500 problems: it must also be 4 points lower.",
        ko: "처음의 절반 이하인지만 보았습니다. 6 %에서 3 %로 내려간 것은 문제 500개의 잡음 범위 안이므로, 4포인트 이상 낮아졌는지도 보아야 합니다.",
      },
      answer: (accuracies) => twiceLow(accuracies, (accuracy, base) => isLow(accuracy, base, 0)),
    },
    {
      name: "below-base",
      why: {
        en: "You call every loss against the base a collapse. A run that ends lower has declined; it has collapsed when half is gone.",
        ko: "처음보다 낮아지기만 하면 붕괴로 판정했습니다. 그것은 저하(decline)이고, 절반을 잃어야 붕괴입니다.",
      },
      answer: (accuracies) => twiceLow(accuracies, (accuracy, base) => base - accuracy >= FLOOR - 1e-9),
    },
    {
      name: "only-the-end",
      why: {
        en: "You look at the last two evaluations only. The alarm rings where two in a row are low, and what comes later does not take it back.",
        ko: "마지막 두 번의 평가만 보았습니다. 연달아 두 번 낮아진 순간 경보가 울리며, 나중에 회복하더라도 취소되지 않습니다.",
      },
      answer: ([base, ...later]) => later.length > 1 && later.slice(-2).every((accuracy) => isLow(accuracy, base)),
    },
  ],
});

export const COLLAPSE: readonly Exercise[] = [collapsed, savedRun];
