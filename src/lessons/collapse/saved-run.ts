// The last exercise: the learner trains the run that collapsed once more, with a change. It is saved if it ends no lower
// than it began and by a change that counts: without labels, on the same base policy and seed, and still by learning.

import { hasDeclined } from "../../rl/collapse-detector.ts";
import type { RunSettings } from "../../rl/settings.ts";
import type { RecordedRun } from "../../runs/recorded-run.ts";
import type { Exercise, Outcome } from "../exercise.ts";
import type { Text } from "../text.ts";

const HELD_OUT = "eval/math-like/accuracy";
const LEAST_STEPS = 40;
const LEAST_RATE = 1e-4;

export const savedRun: Exercise = {
  name: "saved",
  gap: `const change: RunSpec | null = null; // your turn: for example { rollouts: { temperature: 1 } }
const saved = change && (await trainRun({ ...losing, ...change }, { root: runsFolder }));
check("saved", saved)`,
  solution: `const change: RunSpec | null = { method: "cuma" };
const saved = change && (await trainRun({ ...losing, ...change }, { root: runsFolder }));
check("saved", saved)`,
  judge: judgeSaved,
};

function judgeSaved(answer: unknown): Outcome {
  if (answer === null || answer === undefined) return { kind: "unsolved" };
  if (!isRecordedRun(answer)) return { kind: "wrong", what: NOT_A_RUN, why: null, mistake: null };
  const { run, collapse, hasDiverged, totalSteps } = answer.result;
  const accuracies = answer.evaluations.map((row) => row[HELD_OUT]).filter((value) => typeof value === "number");
  const [first, last] = [accuracies.at(0), accuracies.at(-1)];
  if (first === undefined || last === undefined) return { kind: "wrong", what: NOT_A_RUN, why: null, mistake: null };
  const what = seen(first, last, totalSteps);
  const wrong = (mistake: keyof typeof WHY): Outcome => ({ kind: "wrong", what, why: WHY[mistake], mistake });

  if (looksAtLabels(run)) return wrong("labels");
  if (!isSameStart(run)) return wrong("other-start");
  if (totalSteps < LEAST_STEPS) return wrong("too-short");
  if (run.optimizer.learningRate < LEAST_RATE) return wrong("does-not-learn");
  if (hasDiverged) return wrong("diverged");
  if (collapse !== null) return wrong(collapse.reason === "false-consensus" ? "false-consensus" : "collapsed");
  const evaluations = accuracies.map((accuracy, step) => ({ step, accuracy }));
  if (hasDeclined(evaluations)) return wrong("declined");
  return { kind: "right", what };
}

function looksAtLabels({ reward, data }: RunSettings): boolean {
  return reward === "label" || reward === "wrong" || data.order === "adarft";
}

function isSameStart({ base, seed }: RunSettings): boolean {
  return seed === 1 && "tier" in base && base.tier === "xs" && base.baseSeed === 1;
}

function isRecordedRun(answer: unknown): answer is RecordedRun {
  return typeof answer === "object" && answer !== null && "result" in answer && "evaluations" in answer;
}

function seen(first: number, last: number, steps: number): Text {
  const [from, to] = [first, last].map((accuracy) => `${(100 * accuracy).toFixed(1)} %`);
  return {
    en: `${steps} steps took held-out accuracy from ${from} to ${to}.`,
    ko: `${steps}스텝 동안 평가용 문제의 정확도가 ${from}에서 ${to}로 바뀌었습니다.`,
  };
}

const NOT_A_RUN: Text = {
  en: "The check expects the run that `trainRun` gives back, evaluated on math-like.",
  ko: "`trainRun`이 돌려준, math-like로 평가한 학습 기록을 넘겨야 합니다.",
};

const WHY = {
  labels: {
    en: "This run looks at the right answers (reward `label` or `wrong`, or order `adarft`). That works, but it is no longer label-free.",
    ko: "이 학습은 정답을 들여다봅니다(보상 `label`·`wrong` 또는 순서 `adarft`). 효과는 있지만 더 이상 레이블이 없는(label-free) 학습이 아닙니다.",
  },
  "other-start": {
    en: "This run starts from another policy or another seed. Save the one that was lost: tier xs, base seed 1, seed 1.",
    ko: "다른 정책이나 다른 시드(seed)에서 시작한 학습입니다. 무너진 바로 그 학습, 곧 티어 xs, 기반 시드 1, 시드 1을 구해 보세요.",
  },
  "too-short": {
    en: `You stopped before it could collapse. A run that counts has at least ${LEAST_STEPS} steps.`,
    ko: `무너지기 전에 멈췄습니다. 적어도 ${LEAST_STEPS}스텝은 학습해야 합니다.`,
  },
  "does-not-learn": {
    en: "With so small a learning rate the policy hardly changes, for the worse or for the better. Let it learn, at 1e-4 or more.",
    ko: "학습률(learning rate)이 이렇게 작으면 정책은 나빠지지도 좋아지지도 않습니다. 1e-4 이상에서 학습하게 해 보세요.",
  },
  diverged: {
    en: "Loss or gradient ceased to be finite. A smaller learning rate keeps it together.",
    ko: "손실이나 기울기가 유한하지 않게 되었습니다. 학습률을 줄여 보세요.",
  },
  "false-consensus": {
    en: "It still collapses, onto one answer that all rollouts share. The votes of the first steps decide: on which problems are they right?",
    ko: "여전히 무너지며, 모든 롤아웃이 같은 틀린 답으로 모입니다. 처음 몇 스텝의 투표가 방향을 정합니다. 어떤 문제에서 투표가 맞을까요?",
  },
  collapsed: {
    en: "It still collapses: at two evaluations in a row half of the base accuracy is gone. The votes of the first steps decide: on which problems are they right?",
    ko: "여전히 무너집니다. 연달아 두 번의 평가에서 처음 정확도의 절반을 잃었습니다. 처음 몇 스텝의 투표가 방향을 정합니다. 어떤 문제에서 투표가 맞을까요?",
  },
  declined: {
    en: "It does not collapse, but it ends at least 2 points below its base: slower harm is harm too.",
    ko: "무너지지는 않았지만 처음보다 2포인트 이상 낮게 끝났습니다. 천천히 나빠진 것도 나빠진 것입니다.",
  },
} satisfies Record<string, Text>;
