import { code, exercise, type Lesson, parameters, text } from "../lesson.ts";
import { CERTAINTY } from "./exercises.ts";

const [selfCertainty, concordance] = CERTAINTY;

export const certainty: Lesson = {
  number: "04",
  name: "certainty",
  title: { en: "Lesson 4: certainty is not correctness", ko: "4과: 확신은 정답이 아니다" },
  cells: [
    text("opening", {
      en: `# Lesson 4: certainty is not correctness

**Question.** Can a policy be rewarded for being sure of itself?

Intuitor does: the reward of a rollout is its mean *self-certainty* over tokens. With $z$ the logits divided by the temperature,

$$c = \\log \\sum_i e^{z_i} - \\frac{1}{|V|} \\sum_i z_i ,$$

which is $\\mathrm{KL}(\\text{uniform} \\,\\|\\, p)$ up to the constant $\\log |V|$. No vote, and no truth either.`,
      ko: `# 4과: 확신은 정답이 아니다

**질문.** 스스로 확신한다는 이유로 정책에 보상을 주어도 될까요?

Intuitor는 그렇게 합니다. 롤아웃(rollout)의 보상은 토큰별 자기 확신도(self-certainty)의 평균입니다. $z$가 온도(temperature)로 나눈
로짓(logit)일 때

$$c = \\log \\sum_i e^{z_i} - \\frac{1}{|V|} \\sum_i z_i$$

이며, 상수 $\\log |V|$를 빼면 $\\mathrm{KL}(\\text{uniform} \\,\\|\\, p)$와 같습니다. 투표도 없고, 정답도 없습니다.`,
    }),
    parameters(`let tiers = ["xs", "l"]; // a weak and a strong policy
let level = 3; // of the problems
let seed = 1;`),
    code(
      "open",
      `import { generateProblem, mean, openLesson, Random, sampleGroups, showFigure } from "labelfree";

const { check, todo } = openLesson("certainty", { language });`,
    ),
    text("certainty-task", {
      en: `## Exercise: self-certainty

\`selfCertainty(logits, temperature)\` is $c$ for one token. Logits may be large.`,
      ko: `## 연습: 자기 확신도

\`selfCertainty(logits, temperature)\`는 토큰 하나의 $c$입니다. 로짓이 클 수도 있습니다.`,
    }),
    exercise(selfCertainty),
    text("concordance-task", {
      en: `## Exercise: does certainty know?

Take every pair of a right and a wrong rollout. \`concordance(certainty, correct)\` is the share of pairs in which the right one is more certain,
a tie counting one half; \`null\` where there is no pair. At 0.5 certainty knows nothing.`,
      ko: `## 연습: 확신은 정답을 아는가

맞은 롤아웃과 틀린 롤아웃을 짝지어 모든 쌍을 봅니다. \`concordance(certainty, correct)\`는 맞은 쪽의 확신도가 더 높은 쌍의 비율이며, 같으면
1/2로 세고, 쌍이 없으면 \`null\`입니다. 이 값이 0.5이면 확신도는 아무것도 모르는 셈입니다.`,
    }),
    exercise(concordance),
    text("measured", {
      en: `## Measured

Both policies answer the same 48 problems, eight times each. For each: how often it is right, the mean certainty (in nats) of its right and of
its wrong rollouts, and how long those are. A short popular guess can be said with great certainty.`,
      ko: `## 측정해 보기

두 정책이 같은 48문제에 여덟 번씩 답합니다. 각각 얼마나 맞는지, 맞은 롤아웃과 틀린 롤아웃의 평균 확신도(단위 nat), 그리고 길이를 구합니다.
짧고 흔한 찍기 답도 큰 확신을 가지고 말할 수 있습니다.`,
    }),
    code(
      "sample",
      `const random = Random.fromSeed(seed);
const problems = Array.from({ length: 48 }, () => generateProblem(level, random));
const readings = [];
for (const tier of tiers) {
  const groups = await sampleGroups(problems, { tier, seed, method: "intuitor" });
  readings.push(...groups.flatMap((group) => group.readings.map((reading) => ({ tier, ...reading }))));
}`,
    ),
    code(
      "measure",
      `tiers.flatMap((tier) => [true, false].map((right) => {
  const those = readings.filter((reading) => reading.tier === tier && reading.correct === right);
  const certainty = mean(those.map((reading) => reading.certainty));
  return { tier, right, rollouts: those.length, certainty, tokens: mean(those.map(({ lengthTokens }) => lengthTokens)) };
}))`,
    ),
    code(
      "figure",
      `const values = readings.map(({ tier, correct, certainty }) => ({ tier, certainty, rollout: correct ? "right" : "wrong" }));
const x = { field: "certainty", type: "quantitative", title: "mean self-certainty of a rollout, nats", scale: { zero: false } } as const;
const y = { field: "rollout", type: "nominal", title: null } as const;
const row = { field: "tier", type: "nominal", sort: tiers, title: "tier" } as const;
const title = "How certain right and wrong rollouts are";
await showFigure({ title, width: 420, data: { values }, mark: { type: "tick", opacity: 0.35 }, encoding: { x, y, row } })`,
    ),
    text("try", {
      en: `## Try it

Where the two rows of a tier lie on each other, Intuitor's reward cannot tell right from wrong. Change \`level\` and run again, or print
\`concordance\` for each tier once you have solved it.`,
      ko: `## 더 해 보기

한 티어(tier)의 두 줄이 겹치는 곳에서는 Intuitor의 보상이 맞음과 틀림을 구별하지 못합니다. \`level\`을 바꾸어 다시 실행해 보거나, \`concordance\`를
푼 뒤 티어마다 그 값을 출력해 보세요.`,
    }),
  ],
};
