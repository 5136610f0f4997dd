import { code, exercise, type Lesson, parameters, text } from "../lesson.ts";
import { VOTE_AND_MASK } from "./exercises.ts";

const [majority, rewards, masked] = VOTE_AND_MASK;

export const voteAndMask: Lesson = {
  number: "01",
  name: "vote-and-mask",
  title: { en: "Lesson 1: vote and mask", ko: "1과: 투표와 마스크" },
  cells: [
    text("opening", {
      en: `# Lesson 1: vote and mask

**Question.** Nobody knows the right answer. What can a policy be rewarded for?

TTRL lets the policy vote: it samples eight responses (*rollouts*) to one prompt, takes the most frequent answer for the
truth, and rewards the rollouts that gave it. CuMa adds a *mask*: a group whose best answer has too few votes teaches nothing.

You will write the vote, the rewards and the mask. Put your code in place of \`todo()\` and run the cell: the check says what is
wrong, and why. The solution is folded under each exercise.`,
      ko: `# 1과: 투표와 마스크

**질문.** 정답을 아무도 모를 때, 정책(policy)에 무엇을 근거로 보상(reward)을 줄 수 있을까요?

TTRL은 정책이 스스로 투표하게 합니다. 프롬프트(prompt) 하나에 응답, 곧 롤아웃(rollout)을 여덟 개 뽑은 뒤, 가장 많이 나온 답을 정답으로
간주하고 그 답을 낸 롤아웃에 보상을 줍니다. CuMa는 여기에 마스크(mask)를 더합니다. 가장 많은 답의 표가 너무 적은 그룹(group)에서는
아무것도 배우지 않습니다.

이번 과에서는 투표, 보상, 마스크를 직접 작성합니다. \`todo()\` 자리에 코드를 쓰고 셀을 실행하면, 무엇이 왜 틀렸는지 알려 줍니다. 풀이는
연습 문제마다 아래에 접혀 있습니다.`,
    }),
    parameters(`let tier = "xs"; // of the policy: "xs", "s", "m" or "l"
let level = 3; // of the problems, 1 to 5
let seed = 1;`),
    code(
      "open",
      `import { generateProblem, majorityRewards, majorityVote, openLesson, Random, sampleGroups } from "labelfree";

const { check, todo } = openLesson("vote-and-mask", { language });
const random = Random.fromSeed(seed);
const problems = Array.from({ length: 64 }, () => generateProblem(level, random));
const groups = await sampleGroups(problems, { tier, seed });`,
    ),
    text("a-group", {
      en: `## A real group

A small transformer that was pre-trained on arithmetic answers the first of 64 problems eight times. Its answer is what
stands after the last \`#\`; where that is not exactly two digits, there is no answer (\`null\`).`,
      ko: `## 실제 그룹 하나

산술로 사전 학습(pre-training)한 작은 트랜스포머가 64문제 가운데 첫 문제에 여덟 번 답합니다. 마지막 \`#\` 뒤에 오는 것이 답이며, 그것이
정확히 두 자리 숫자가 아니면 답이 없는 것(\`null\`)으로 봅니다.`,
    }),
    code(
      "responses",
      `const [first] = groups;
console.log(first.problem.prompt, "the right answer, which no vote sees:", first.problem.answer);
console.table(first.readings.map(({ text, answer, correct }) => ({ text, answer, correct })));`,
    ),
    text("majority-task", {
      en: `## Exercise: the vote

\`majority(answers)\` is the most frequent answer. A missing or blank answer does not vote. Of several equally frequent answers the one
that was seen first wins. Where nobody votes it is \`null\`.`,
      ko: `## 연습: 투표

\`majority(answers)\`는 가장 많이 나온 답입니다. 답이 없거나 비어 있으면 표로 세지 않습니다. 동점이면 먼저 나온 답이 이깁니다. 아무도 투표하지
않았으면 \`null\`입니다.`,
    }),
    exercise(majority),
    text("rewards-task", {
      en: `## Exercise: the rewards

\`rewards(answers, majority)\` gives each rollout 1 if its answer is the majority answer, else 0.`,
      ko: `## 연습: 보상

\`rewards(answers, majority)\`는 답이 다수 답과 같은 롤아웃에 1, 나머지에 0을 줍니다.`,
    }),
    exercise(rewards),
    text("masked-task", {
      en: `## Exercise: the mask

\`masked(answers, minVotes)\` says whether a group is dropped: no answer was given at least \`minVotes\` times. CuMa takes 2.`,
      ko: `## 연습: 마스크

\`masked(answers, minVotes)\`는 그룹을 버릴지를 알려 줍니다. \`minVotes\`번 이상 나온 답이 하나도 없으면 버립니다. CuMa에서는 2입니다.`,
    }),
    exercise(masked),
    text("how-often", {
      en: `## How often is the vote right?

All 64 groups, by the number of rollouts behind the majority answer. With eight rollouts the mask acts only on the row of 1: all
answers differ. Look at what it lets through.`,
      ko: `## 투표는 얼마나 자주 맞을까요?

64개 그룹을 다수 답의 득표수별로 정리합니다. 롤아웃이 여덟 개이면 마스크는 득표수가 1인 행, 곧 모든 답이 서로 다른 그룹에만 작용합니다.
마스크를 통과하는 것이 무엇인지 살펴보세요.`,
    }),
    code(
      "by-votes",
      `const byVotes = [1, 2, 3, 4, 5, 6, 7, 8].map((votes) => {
  const those = groups.filter(({ vote }) => vote.count === votes);
  return { votes, groups: those.length, majorityRight: those.filter((group) => group.labelCorrect).length };
});
console.table(byVotes);`,
    ),
    text("try", {
      en: `## Try it

Set \`tier = "l"\` or \`level = 1\` above and run all cells again: where is the vote right, and where is a large majority wrong? Go on with
lesson 2. \`labelfree notebook progress\` tells which exercises you have passed.`,
      ko: `## 더 해 보기

위에서 \`tier = "l"\` 또는 \`level = 1\`로 바꾸고 모든 셀을 다시 실행해 보세요. 투표는 어디에서 맞고, 큰 다수가 틀리는 곳은 어디인가요? 이어서
2과로 넘어갑니다. 지금까지 통과한 연습은 \`labelfree notebook progress\`로 볼 수 있습니다.`,
    }),
  ],
};
