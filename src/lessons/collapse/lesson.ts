import { code, exercise, type Lesson, parameters, text } from "../lesson.ts";
import { COLLAPSE } from "./exercises.ts";

const [collapsed, saved] = COLLAPSE;

export const collapse: Lesson = {
  number: "06",
  name: "collapse",
  title: { en: "Lesson 6: make a model collapse and save it", ko: "6과: 모델을 무너뜨리고, 구하기" },
  cells: [
    text("opening", {
      en: `# Lesson 6: make a model collapse and save it

**Question.** What happens to a weak model that trusts its own votes, and what keeps it from harm?

You train for real here, a few seconds a run. Equal settings give equal bits on any machine, so what you see is what everybody sees.`,
      ko: `# 6과: 모델을 무너뜨리고, 구하기

**질문.** 자기 투표를 믿는 약한 모델에는 무슨 일이 일어나며, 무엇이 그것을 막아 줄까요?

이번에는 실제로 학습을 돌립니다. 한 번에 몇 초면 됩니다. 설정이 같으면 어느 컴퓨터에서나 비트 단위까지 같은 결과가 나오므로, 여기서 보는 것은 누구에게나
똑같이 보입니다.`,
    }),
    parameters(`let size = 400; // training problems: 50 steps of 8
let learningRate = 2e-4; // peak
let runsFolder = "../../runs"; // of runs that are trained here`),
    code(
      "open",
      `import { openLesson, type RunSpec, showRun, trainRun } from "labelfree";

const { check, todo } = openLesson("collapse", { language });
const losing: RunSpec = {
  method: "ttrl", base: { tier: "xs", baseSeed: 1 }, seed: 1,
  data: { size }, optimizer: { learningRate }, evaluation: { everySteps: 10, endSets: [] },
};`,
    ),
    text("lose", {
      en: `## A model is lost

TTRL on the weakest policy, problems of all levels in random order. Watch three lines: accuracy on held-out problems, how often the majority
is right, and how far the answers agree.`,
      ko: `## 모델이 무너지다

가장 약한 정책을 TTRL로, 모든 레벨의 문제를 무작위 순서로 학습합니다. 세 선을 보세요. 평가용 문제의 정확도, 다수 답이 맞은 비율, 그리고 답이 서로
일치하는 정도입니다.`,
    }),
    code(
      "lost",
      `const lost = await trainRun(losing, { root: runsFolder });
await showRun(lost)`,
    ),
    code(
      "answers",
      `for (const row of [lost.evaluations[0], lost.evaluations[lost.evaluations.length - 1]]) {
  const top = row["eval/math-like/answers/top"] ?? [];
  console.log(\`step \${row.step}:\`, top.map(({ answer, count }) => \`\${answer} \${count} times\`).join(", "));
}`,
    ),
    text("collapsed-task", {
      en: `## Exercise: when has it collapsed?

The rule of this project, fixed before any reported run: accuracy is gone when, at two evaluations in a row, it is at most half of the base
value (the first) and at least 4 points below it. \`collapsed(accuracies)\` says whether that ever happened.`,
      ko: `## 연습: 언제 붕괴했다고 할까요?

보고에 쓰인 어떤 학습보다도 먼저 정해 둔 이 프로젝트의 규칙은 이렇습니다. 연달아 두 번의 평가에서 정확도가 처음(기준값)의 절반 이하이면서 4포인트
이상 낮으면 정확도를 잃은 것, 곧 붕괴(collapse)입니다. \`collapsed(accuracies)\`는 그런 일이 한 번이라도 있었는지 알려 줍니다.`,
    }),
    exercise(collapsed),
    code("verdict", "lost.result.collapse && { step: lost.result.collapse.step, reason: lost.result.collapse.reason }"),
    text("saved-task", {
      en: `## Exercise: save it

Change something in the run's settings so that the same policy, with the same seed, ends no more than 2 points below its base. Rules: no labels, at least 40
steps, and a learning rate of at least 1e-4. \`change\` replaces whole members of \`losing\`. What lesson 5 showed will help; there is more
than one way.`,
      ko: `## 연습: 모델 구하기

같은 정책, 같은 시드(seed)에서 출발하되 설정을 바꾸어, 끝난 뒤의 정확도가 처음보다 2포인트 넘게 낮아지지 않게 해 보세요. 조건은 레이블을 쓰지 않을 것, 40스텝
이상일 것, 학습률(learning rate)이 1e-4 이상일 것입니다. \`change\`의 항목은 \`losing\`의 같은 항목을 통째로 바꿉니다. 5과에서 본 것이 도움이 되며, 방법은
하나가 아닙니다.`,
    }),
    exercise(saved),
    code("compare", "saved && (await showRun(saved))"),
    text("beware", {
      en: `## One run proves nothing

It shows a mechanism. How often a policy collapses, over many seeds and base policies, and with what uncertainty, is what the notebooks of
the findings are about. Try another seed, or \`data: { size: 480 }\`, before you believe your cure.`,
      ko: `## 학습 한 번은 아무것도 증명하지 못합니다

한 번의 학습은 원리를 보여 줄 뿐입니다. 여러 시드와 여러 기반 정책(base policy)에서 얼마나 자주 무너지는지, 그 불확실성은 어느 정도인지는 발견(finding)별
노트북에서 다룹니다. 찾아낸 처방을 믿기 전에 다른 시드나 \`data: { size: 480 }\`으로도 확인해 보세요.`,
    }),
  ],
};
