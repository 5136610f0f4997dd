import { code, type Lesson, parameters, text } from "../lesson.ts";

/**
 * The first notebook. It runs under tslab too, which cannot import ES modules in the usual way, knows no type of ours, and
 * loses a name of an earlier cell that stands in a shorthand property.
 */
export const tour: Lesson = {
  number: "00",
  name: "tour",
  title: { en: "A tour of label-free reinforcement learning", ko: "레이블 없는 강화 학습 둘러보기" },
  cells: [
    text("opening", {
      en: `# A tour of label-free reinforcement learning

A language model that solves problems can be trained by *reinforcement learning*: it samples several responses to a prompt (*rollouts*), each gets a
*reward*, and what is rewarded becomes more likely. Usually the reward comes from the right answer, the *label*. **Label-free** methods do
without it, and take the reward from the model itself:

| method | reward of a rollout | looks at labels |
|---|---|---|
| GRPO | 1 if its answer is right | yes |
| TTRL | 1 if its answer is the most frequent one of its group | no |
| Intuitor | how certain the model was of its tokens | no |
| CuMa | as TTRL, but groups without agreement are masked, and problems come in order of difficulty | no |

**Question.** When does that work? The paper *You Need Reasoning to Learn Reasoning* (arXiv 2511.04902) says: if the model can reason
already. A weak one believes its own wrong votes and collapses; CuMa is its cure. This tour follows one group of eight rollouts through all
four methods, first by hand and then in the trainer. The models are tiny transformers on synthetic arithmetic: they show mechanisms, not
the paper's numbers.`,
      ko: `# 레이블 없는 강화 학습 둘러보기

문제를 푸는 언어 모델은 *강화 학습*(reinforcement learning)으로 훈련할 수 있습니다. 프롬프트(prompt) 하나에 응답, 곧 *롤아웃*(rollout)을 여러 개
뽑고, 각각에 *보상*(reward)을 준 다음, 보상받은 응답의 확률을 높입니다. 보통은 정답, 곧 *레이블*(label)에서 보상이 나옵니다. **레이블 없는(label-free)**
방법은 정답 없이 모델 자신에게서 보상을 얻습니다.

| 방법 | 롤아웃의 보상 | 레이블 사용 |
|---|---|---|
| GRPO | 답이 정답이면 1 | 예 |
| TTRL | 답이 그룹에서 가장 많이 나온 답이면 1 | 아니요 |
| Intuitor | 모델이 토큰을 얼마나 확신했는가 | 아니요 |
| CuMa | TTRL과 같되, 의견이 모이지 않은 그룹은 마스킹(masking)하고 문제를 난도순으로 학습 | 아니요 |

**질문.** 이런 방법은 언제 통할까요? 논문 *You Need Reasoning to Learn Reasoning*(arXiv 2511.04902)에 따르면, 모델이 이미 추론할 수 있을 때입니다.
약한 모델은 자신의 잘못된 투표를 믿고 무너지며, CuMa가 그 처방입니다. 여기서는 롤아웃 여덟 개로 된 그룹 하나를 네 가지 방법으로 따라가 봅니다. 먼저
손으로, 그다음 트레이너(trainer)로 계산합니다. 모델은 인공 산술 문제를 푸는 아주 작은 트랜스포머입니다. 원리를 보여 줄 뿐, 논문의 수치를 재현하는 것은
아닙니다.`,
    }),
    parameters(
      `let tier = "s"; // of the policy, from weakest to strongest: "xs", "s", "m", "l"
let level = 3; // of the problem, 1 to 5
let seed = 39;
let runsFolder = "../runs"; // of runs that are trained here`,
      { hasChecks: false },
    ),
    text("import-note", {
      en: `Elsewhere one writes \`import { ... } from "labelfree"\`. The three lines below do the same in every TypeScript kernel, tslab too.`,
      ko: `다른 노트북에서는 \`import { ... } from "labelfree"\`라고 씁니다. 아래 세 줄은 tslab을 비롯한 모든 TypeScript 커널에서 같은 일을 합니다.`,
    }),
    code(
      "import",
      `import * as vm from "node:vm"
const loader: any = (vm as any).constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
const load: any = vm.runInThisContext("name => import(name)", { importModuleDynamically: loader })
const labelfree: any = await load("labelfree")`,
    ),
    text("group", {
      en: `## One group of eight rollouts

A pre-trained policy answers one problem eight times. Its answer is what stands after the last \`#\`.`,
      ko: `## 롤아웃 여덟 개로 된 그룹

사전 학습(pre-training)한 정책(policy)이 한 문제에 여덟 번 답합니다. 마지막 \`#\` 뒤에 오는 것이 답입니다.`,
    }),
    code(
      "sample",
      `const problem: any = labelfree.generateProblem(level, labelfree.Random.fromSeed(seed))
const [group]: any[] = await labelfree.sampleGroups([problem], { tier: tier, seed: seed, method: "grpo" })
const answers: any[] = group.readings.map((reading: any) => reading.answer)
console.log(problem.prompt, "right answer:", problem.answer)
for (const { text, answer, certainty } of group.readings) console.log(answer, certainty.toFixed(3), text)`,
    ),
    text("by-hand", {
      en: `## Rewards by hand

Four methods, four ways to reward the same eight responses. Where most of them share a wrong guess, TTRL rewards the guess.`,
      ko: `## 손으로 구하는 보상

같은 응답 여덟 개에 네 가지 방법으로 보상을 줍니다. 여럿이 같은 찍기 오답을 내면, TTRL은 그 오답에 보상을 줍니다.`,
    }),
    code(
      "rewards",
      `const votesFor = (answer: any) => answers.filter((other: any) => other === answer).length
const votes: number[] = answers.map((answer: any) => (answer === null ? 0 : votesFor(answer)))
const most = Math.max(...votes)
const majority: any = answers[votes.indexOf(most)] // the first seen of the most frequent answers
const byMajority: number[] = answers.map((answer: any) => (answer !== null && answer === majority ? 1 : 0))
const rewards: any = {
  grpo: answers.map((answer: any) => (answer === problem.answer ? 1 : 0)),
  ttrl: byMajority,
  intuitor: group.readings.map((reading: any) => reading.certainty),
  cuma: byMajority,
}`,
    ),
    text("advantages-note", {
      en: `## Advantages by hand

All four then compare each reward with its group: $A_j = (r_j - \\bar r) / (s + 10^{-6})$. A rollout with a positive advantage becomes more likely. CuMa gives a group
no advantage at all if no answer was given twice.`,
      ko: `## 손으로 구하는 어드밴티지

그다음은 네 방법이 모두 같습니다. 보상을 그룹 안에서 비교해 어드밴티지(advantage) $A_j = (r_j - \\bar r) / (s + 10^{-6})$를 구합니다. 어드밴티지가 양수인
롤아웃은 확률이 올라갑니다. CuMa는 두 번 이상 나온 답이 없는 그룹에는 어드밴티지를 주지 않습니다.`,
    }),
    code(
      "advantages",
      `const average = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
const advantagesOf = (r: number[]) => {
  const squares = r.reduce((total, value) => total + (value - average(r)) ** 2, 0)
  return r.map((value) => (value - average(r)) / (Math.sqrt(squares / (r.length - 1)) + 1e-6))
}
const byHand: any = {}
for (const method of Object.keys(rewards)) byHand[method] = advantagesOf(rewards[method])
if (most < 2) byHand.cuma = answers.map(() => 0)
for (const method of Object.keys(byHand)) {
  console.log(method.padEnd(9), byHand[method].map((a: number) => a.toFixed(3).padStart(7)).join(""))
}`,
    ),
    text("in-the-trainer", {
      en: `## The same in the trainer

\`sampleGroups\` judges rollouts with the code that trains. Same seed, same rollouts, one method after the other, and the largest difference to
the numbers above.`,
      ko: `## 트레이너에서도 똑같이

\`sampleGroups\`는 학습에 쓰이는 바로 그 코드로 롤아웃을 평가합니다. 같은 시드(seed)로 같은 롤아웃을 뽑아 방법마다 계산한 다음, 위에서 구한 값과의
최대 차이를 출력합니다.`,
    }),
    code(
      "trainer",
      `for (const method of Object.keys(byHand)) {
  const [judged]: any[] = await labelfree.sampleGroups([problem], { tier: tier, seed: seed, method })
  const gaps = judged.advantages.map((advantage: number, i: number) => Math.abs(advantage - byHand[method][i]))
  console.log(method.padEnd(9), \`masked: \${judged.masked}, largest difference: \${Math.max(...gaps).toFixed(9)}\`)
}`,
    ),
    text("training", {
      en: `## And now train

The weakest policy, 50 short steps with each method and the same settings: a few seconds each. Accuracy is measured on held-out problems.`,
      ko: `## 이제 학습해 봅시다

가장 약한 정책을 같은 설정으로 방법마다 50스텝씩 짧게 학습합니다. 한 번에 몇 초면 됩니다. 정확도는 학습에 쓰지 않은 평가용 문제로 잽니다.`,
    }),
    code(
      "train",
      `const shared = { base: { tier: "xs", baseSeed: 1 }, seed: 1, data: { size: 400 }, optimizer: { learningRate: 2e-4 } }
const evaluation = { everySteps: 10, endSets: [] }
const curve: any[] = []
for (const method of Object.keys(byHand)) {
  const run = await labelfree.trainRun({ ...shared, method, evaluation }, { root: runsFolder })
  const rows = run.evaluations.map((row: any) => ({ method, step: row.step, accuracy: row["eval/math-like/accuracy"] }))
  curve.push(...rows)
  console.log(method.padEnd(9), rows.map(({ accuracy }: any) => accuracy.toFixed(3)).join("  "))
}`,
    ),
    code(
      "figure",
      `const field = (name: string, type: string, more: object = {}) => ({ field: name, type, title: name, ...more })
const color = field("method", "nominal", { scale: labelfree.methodScale(Object.keys(byHand)), title: null })
const values = curve.map((row: any) => ({ ...row, method: labelfree.METHOD_LABELS[row.method] }))
const x = field("step", "quantitative")
const y = field("accuracy", "quantitative", { title: "held-out accuracy" })
const title = "Fifty steps of the weakest policy, one seed"
await labelfree.showFigure({ title, data: { values }, mark: "line", encoding: { x, y, color } })`,
    ),
    text("on", {
      en: `## Go on

One seed shows what can happen, not how often. The lessons in \`lessons/\` build each piece with you:
1 [vote and mask](lessons/01-vote-and-mask.ipynb) ·
2 [group advantage](lessons/02-group-advantage.ipynb) ·
3 [why eight identical wrong answers teach nothing](lessons/03-identical-answers.ipynb) ·
4 [certainty is not correctness](lessons/04-certainty.ipynb) ·
5 [build a curriculum](lessons/05-curriculum.ipynb) ·
6 [make a model collapse and save it](lessons/06-collapse.ipynb).
The notebooks of the findings then ask what the paper claims, over many seeds, with intervals and a verdict.`,
      ko: `## 다음으로

시드 하나는 무슨 일이 일어날 수 있는지를 보여 줄 뿐, 얼마나 자주 일어나는지는 알려 주지 않습니다. \`lessons/\`의 각 과에서 조각을 하나씩 직접 만들어 봅니다.
1 [투표와 마스크](lessons/01-vote-and-mask.ko.ipynb) ·
2 [그룹 어드밴티지](lessons/02-group-advantage.ko.ipynb) ·
3 [똑같은 오답 여덟 개는 왜 아무것도 가르치지 못하는가](lessons/03-identical-answers.ko.ipynb) ·
4 [확신은 정답이 아니다](lessons/04-certainty.ko.ipynb) ·
5 [커리큘럼 만들기](lessons/05-curriculum.ko.ipynb) ·
6 [모델을 무너뜨리고, 구하기](lessons/06-collapse.ko.ipynb).
그다음 발견(finding)별 노트북에서는 논문의 주장을 여러 시드로, 구간(interval)과 판정을 붙여 검증합니다.`,
    }),
  ],
};
