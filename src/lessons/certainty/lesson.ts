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
      `import { generateProblem, openLesson, probabilityOfImprovement, Random, sampleGroups, showFigure } from "labelfree";

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

Both policies answer the same 48 problems, eight times each: once for all rollouts, and once for those alone that work the problem out
(\`40+2=42\`) instead of guessing. If the two values are far apart, certainty has learned to tell a worked solution from a guess, which is not the
same as telling right from wrong.`,
      ko: `## 측정해 보기

두 정책이 같은 48문제에 여덟 번씩 답합니다. 먼저 모든 롤아웃에 대해, 다음으로 찍지 않고 풀이 과정(\`40+2=42\`)을 쓴 롤아웃만 골라 값을 구합니다. 두 값의
차이가 크다면, 확신도는 풀이와 찍기를 구별하는 것이지 맞음과 틀림을 구별하는 것이 아닙니다.`,
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
      `for (const tier of tiers) {
  const own = readings.filter((reading) => reading.tier === tier);
  for (const kind of ["all", "worked out"]) {
    const those = kind === "all" ? own : own.filter(({ text }) => text.includes("="));
    const of = (right: boolean) => those.filter(({ correct }) => correct === right).map(({ certainty }) => certainty);
    const known = probabilityOfImprovement(of(true), of(false)); // your concordance, under its statistical name
    console.log(\`\${tier}, \${kind}: \${of(true).length} right, \${of(false).length} wrong, concordance \${known.toFixed(2)}\`);
  }
}`,
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

Near 0.5, Intuitor's reward cannot tell a right solution from a wrong one: it pushes towards a way of writing. Change \`level\` or take
\`tiers = ["s", "m"]\` and run again: does it hold there?`,
      ko: `## 더 해 보기

값이 0.5에 가까우면 Intuitor의 보상은 맞는 풀이와 틀린 풀이를 구별하지 못하고, 글을 쓰는 방식만 밀어 줍니다. \`level\`을 바꾸거나
\`tiers = ["s", "m"]\`으로 다시 실행해 보세요. 거기서도 그런가요?`,
    }),
  ],
};
