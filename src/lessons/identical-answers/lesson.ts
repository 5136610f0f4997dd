import { code, exercise, type Lesson, parameters, text } from "../lesson.ts";
import { IDENTICAL_ANSWERS } from "./exercises.ts";

const [teaches, rewardAccuracy] = IDENTICAL_ANSWERS;

export const identicalAnswers: Lesson = {
  number: "03",
  name: "identical-answers",
  title: {
    en: "Lesson 3: why eight identical wrong answers teach nothing",
    ko: "3과: 똑같은 오답 여덟 개는 왜 아무것도 가르치지 못하는가",
  },
  cells: [
    text("opening", {
      en: `# Lesson 3: why eight identical wrong answers teach nothing

**Question.** A collapsed policy says \`#10\` to everything. Its reward is perfect. Why does training not lead it out again?

Each of its groups agrees fully, so every rollout is rewarded, and a reward that all have is the group's mean.`,
      ko: `# 3과: 똑같은 오답 여덟 개는 왜 아무것도 가르치지 못하는가

**질문.** 붕괴(collapse)한 정책은 무엇을 물어도 \`#10\`이라고 답합니다. 그런데도 보상은 만점입니다. 왜 학습을 계속해도 빠져나오지 못할까요?

이런 정책의 그룹에서는 답이 모두 같으므로 모든 롤아웃(rollout)이 보상을 받습니다. 그리고 모두가 받는 보상은 곧 그룹의 평균입니다.`,
    }),
    parameters(`let tier = "xs";
let level = 5; // of the problems
let seed = 1;`),
    code(
      "open",
      `import { DEFAULT_SETTINGS, generateProblem, groupAdvantages, majorityRewards, majorityVote, mean } from "labelfree";
import { openLesson, policyLoss, Random, sampleGroups } from "labelfree";

const { check, todo } = openLesson("identical-answers", { language });
const settings = DEFAULT_SETTINGS;`,
    ),
    text("gradient", {
      en: `## The gradient of three groups

Four tokens a rollout. All right, all wrong, and five to three: the reward, and the size of the gradient of the policy loss that follows.`,
      ko: `## 세 그룹의 기울기

롤아웃 하나에 토큰이 네 개라고 합시다. 모두 정답인 그룹, 모두 오답인 그룹, 다섯 대 셋으로 갈린 그룹에 대해 보상과, 그로부터 나오는 정책
손실(policy loss)의 기울기(gradient) 크기를 계산합니다.`,
    }),
    code(
      "gradients",
      `const tokens = new Float32Array(32).fill(-0.5); // logp of 8 rollouts x 4 tokens
const offsets = Int32Array.from({ length: 9 }, (_, rollout) => 4 * rollout);
const gradientOf = (answers: string[]) => {
  const rewards = majorityRewards(answers, majorityVote(answers, { tieRule: "first" }).majority);
  const advantages = groupAdvantages(rewards, settings.advantage);
  const { gradient } = policyLoss({ offsets, logp: tokens, logpOld: tokens, advantages }, settings.loss, 4);
  const size = gradient.reduce((total, part) => total + Math.abs(part), 0);
  return { answers: answers.join(" "), meanReward: mean(rewards), gradient: size };
};
const split = [...Array(5).fill("10"), ...Array(3).fill("42")];
console.table([Array(8).fill("42"), Array(8).fill("10"), split].map(gradientOf));`,
    ),
    text("teaches-task", {
      en: `## Exercise: does this group teach?

\`teaches(rewards)\` says whether a group with these rewards has any gradient. Mind that rewards need not be 0 or 1.`,
      ko: `## 연습: 이 그룹에서 배울 것이 있는가

\`teaches(rewards)\`는 이런 보상을 받은 그룹에 기울기가 있는지를 알려 줍니다. 보상이 0이나 1이 아닐 수도 있다는 점에 주의하세요.`,
    }),
    exercise(teaches),
    text("accuracy-task", {
      en: `## Exercise: how right is the reward?

A run without labels sees its own reward only. Someone who knows the truth can ask how right that reward is.

\`rewardAccuracy(answers, truth)\` is the share of rollouts whose 0/1 reward from the vote is the one that they would get for being correct.`,
      ko: `## 연습: 보상은 얼마나 옳은가

레이블(label) 없이 학습할 때는 스스로 매긴 보상만 보입니다. 정답을 아는 사람이라면 그 보상이 얼마나 옳은지 물을 수 있습니다.

\`rewardAccuracy(answers, truth)\`는 투표로 받은 0/1 보상이, 정답 여부로 받았을 보상과 같은 롤아웃의 비율입니다.`,
    }),
    exercise(rewardAccuracy),
    text("real", {
      en: `## Real groups, hard problems

What a weak policy's groups teach. A group of eight that are wrong in the same way counts for nothing; those that are split push most rollouts
towards the wrong answer that leads. That is the way down: each step makes the leader more common, until all agree and learning stops.`,
      ko: `## 실제 그룹, 어려운 문제

약한 정책의 그룹이 무엇을 가르치는지 봅니다. 여덟 개가 똑같이 틀린 그룹은 아무 영향이 없고, 의견이 갈린 그룹은 앞서 있는 오답 쪽으로 정책을
밉니다. 이것이 내리막길입니다. 스텝마다 앞선 답이 더 흔해지다가, 모두가 같은 답을 하게 되면 학습이 멈춥니다.`,
    }),
    code(
      "groups",
      `const random = Random.fromSeed(seed);
const problems = Array.from({ length: 96 }, () => generateProblem(level, random));
const groups = await sampleGroups(problems, { tier, seed });
const kindOf = ({ rewards, labelCorrect }: (typeof groups)[number]) =>
  new Set(rewards).size === 1 ? "no signal" : labelCorrect ? "towards the right answer" : "towards a wrong answer";
for (const kind of ["no signal", "towards the right answer", "towards a wrong answer"]) {
  const rewards = groups.filter((group) => kindOf(group) === kind).map((group) => mean(group.rewards));
  console.log(\`\${rewards.length} groups: \${kind}\`, rewards.length > 0 ? \`(mean reward \${mean(rewards).toFixed(2)})\` : "");
}`,
    ),
  ],
};
