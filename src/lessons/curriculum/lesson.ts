import { code, exercise, type Lesson, parameters, text } from "../lesson.ts";
import { CURRICULUM } from "./exercises.ts";

const [topUp, batches] = CURRICULUM;

export const curriculum: Lesson = {
  number: "05",
  name: "curriculum",
  title: { en: "Lesson 5: build a curriculum", ko: "5과: 커리큘럼 만들기" },
  cells: [
    text("opening", {
      en: `# Lesson 5: build a curriculum

**Question.** In which order should a weak policy meet its problems?

Votes are labels that the policy makes itself. CuMa orders the problems from easiest to hardest, so that the policy first learns where its
votes are right, and fills up the levels that have too few problems with generated ones.`,
      ko: `# 5과: 커리큘럼 만들기

**질문.** 약한 정책은 문제를 어떤 순서로 만나야 할까요?

투표는 정책이 스스로 만드는 레이블(label)입니다. CuMa는 문제를 쉬운 것부터 어려운 것 순으로 놓아, 투표가 맞는 곳에서 먼저 배우게 합니다. 이것이
커리큘럼(curriculum)입니다. 문제가 모자란 레벨은 생성한 문제로 채웁니다.`,
    }),
    parameters(`let tier = "xs";
let seed = 1;`),
    code(
      "open",
      `import { fullSet, LEVELS, naturalSet, openLesson, planData, sampleGroups, showFigure } from "labelfree";

const { check, todo } = openLesson("curriculum", { language });
const natural = naturalSet(1);
const natural40 = LEVELS.flatMap((level) => natural.filter((problem) => problem.level === level).slice(0, 40));
const groups = await sampleGroups(natural40, { tier, seed });`,
    ),
    text("by-level", {
      en: `## Where is the vote right?

The untrained policy votes on 40 problems of each level. The bars show how often the majority is right: what a label made by vote is worth
at the start.`,
      ko: `## 투표는 어디에서 맞을까요?

아직 강화 학습을 하지 않은 정책이 레벨마다 40문제에 투표합니다. 막대는 다수 답이 맞은 비율, 곧 투표로 만든 레이블이 처음에 얼마나 믿을 만한지를
보여 줍니다.`,
    }),
    code(
      "label-accuracy",
      `const values = LEVELS.map((level) => {
  const those = groups.filter(({ problem }) => problem.level === level);
  return { level, right: those.filter((group) => group.labelCorrect).length / those.length };
});
const x = { field: "level", type: "ordinal", axis: { labelAngle: 0 } } as const;
const y = { field: "right", type: "quantitative", title: "majority is right", scale: { domain: [0, 1] } } as const;
await showFigure({ title: "What a vote is worth, by level", width: 260, data: { values }, mark: "bar", encoding: { x, y } })`,
    ),
    text("top-up-task", {
      en: `## Exercise: fill up the levels

\`topUp(natural, perLevel)\` says how many problems to generate for each level, so that none has fewer than \`perLevel\`.`,
      ko: `## 연습: 레벨 채우기

\`topUp(natural, perLevel)\`은 모든 레벨의 문제가 \`perLevel\`개 이상이 되도록 레벨마다 몇 문제를 생성해야 하는지 돌려줍니다.`,
    }),
    exercise(topUp),
    code(
      "data",
      `console.table(LEVELS.map((level) => {
  const ofLevel = fullSet(1).filter((problem) => problem.level === level);
  return { level, natural: natural.filter((problem) => problem.level === level).length, used: ofLevel.length,
    generated: ofLevel.filter((problem) => problem.generated).length };
}));`,
    ),
    text("batches-task", {
      en: `## Exercise: the order

\`batches(levels, size)\` gives the batches of one pass over the data, as indices of problems: easiest level first, problems of one level in
their given order, every batch full. What is left at the end is dropped.`,
      ko: `## 연습: 순서 정하기

\`batches(levels, size)\`는 데이터를 한 번 도는 동안의 배치(batch)를 문제의 인덱스로 돌려줍니다. 쉬운 레벨이 먼저이고, 같은 레벨 안에서는 주어진
순서를 지키며, 모든 배치를 꽉 채웁니다. 끝에 남는 문제는 버립니다.`,
    }),
    exercise(batches),
    text("plan", {
      en: `## The trainer's plan

The plan of a real run: its stages, with a shuffle inside each level. Your batches are the same but for that shuffle.`,
      ko: `## 트레이너의 계획

실제 학습에 쓰이는 단계(stage) 계획입니다. 레벨 안에서는 순서를 섞습니다. 그 섞기를 빼면 여러분이 만든 배치와 같습니다.`,
    }),
    code(
      "stages",
      `const levels = fullSet(1).map((problem) => problem.level);
const plan = planData(levels, { seed, order: "curriculum", epochs: 1, promptsPerStep: 8 });
console.table(plan.stages.map(({ level, firstStep, steps }) => ({ level, firstStep, steps })));`,
    ),
  ],
};
