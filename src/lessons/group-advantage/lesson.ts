import { code, exercise, type Lesson, parameters, text } from "../lesson.ts";
import { GROUP_ADVANTAGE } from "./exercises.ts";

const [advantages, signal] = GROUP_ADVANTAGE;

export const groupAdvantage: Lesson = {
  number: "02",
  name: "group-advantage",
  title: { en: "Lesson 2: group advantage", ko: "2과: 그룹 어드밴티지" },
  cells: [
    text("opening", {
      en: `# Lesson 2: group advantage

**Question.** How does a reward become a push on the policy?

GRPO compares each rollout with the others of its group. For rewards $r_1, \\dots, r_N$ of one prompt,

$$A_j = \\frac{r_j - \\bar r}{s + 10^{-6}}, \\qquad s^2 = \\frac{1}{N-1} \\sum_k (r_k - \\bar r)^2 .$$

The tokens of a rollout with $A_j > 0$ become more likely, those with $A_j < 0$ less. TTRL and CuMa change the reward, not this formula.`,
      ko: `# 2과: 그룹 어드밴티지

**질문.** 보상(reward)은 어떻게 정책(policy)을 움직이는 힘이 될까요?

GRPO는 각 롤아웃(rollout)을 같은 그룹의 다른 롤아웃과 비교합니다. 한 프롬프트의 보상이 $r_1, \\dots, r_N$일 때 어드밴티지(advantage)는
다음과 같습니다.

$$A_j = \\frac{r_j - \\bar r}{s + 10^{-6}}, \\qquad s^2 = \\frac{1}{N-1} \\sum_k (r_k - \\bar r)^2 .$$

$A_j > 0$인 롤아웃의 토큰은 확률이 올라가고, $A_j < 0$이면 내려갑니다. TTRL과 CuMa는 보상을 바꿀 뿐, 이 식은 그대로 씁니다.`,
    }),
    parameters("let n = 8; // rollouts of a group"),
    code(
      "open",
      `import { DEFAULT_SETTINGS, groupAdvantages, majorityRewards, majorityVote, openLesson, showFigure } from "labelfree";

const { check, todo } = openLesson("group-advantage", { language });`,
    ),
    text("advantages-task", {
      en: `## Exercise: the advantage

\`advantages(rewards)\` gives one advantage for each rollout, by the formula above.`,
      ko: `## 연습: 어드밴티지

\`advantages(rewards)\`는 위 식에 따라 롤아웃마다 어드밴티지를 하나씩 돌려줍니다.`,
    }),
    exercise(advantages),
    text("table", {
      en: `## What a rare reward is worth

The trainer's own function, for groups in which 0 to $N$ rollouts are rewarded. The rarer the reward, the harder the push; where all or
none are rewarded there is no push at all.`,
      ko: `## 드문 보상의 값어치

$N$개 가운데 0개부터 $N$개까지 보상을 받는 그룹에 대해 트레이너(trainer)가 실제로 쓰는 함수를 적용해 봅니다. 보상이 드물수록 미는 힘이
세고, 모두 받거나 아무도 받지 못하면 힘은 0입니다.`,
    }),
    code(
      "by-count",
      `const byCount = Array.from({ length: n + 1 }, (_, rewarded) => {
  const rewards = Array.from({ length: n }, (_, index) => (index < rewarded ? 1 : 0));
  const exact = groupAdvantages(rewards, DEFAULT_SETTINGS.advantage);
  const values = exact.map((value) => Number(value.toFixed(3)));
  return { rewarded, ofRewarded: rewarded === 0 ? null : values[0], ofOthers: rewarded === n ? null : values[n - 1] };
});
console.table(byCount);`,
    ),
    code(
      "figure",
      `const sides = byCount.flatMap(({ rewarded, ofRewarded, ofOthers }) => [
  { rewarded, advantage: ofRewarded, rollout: "rewarded" },
  { rewarded, advantage: ofOthers, rollout: "not rewarded" },
]);
const x = { field: "rewarded", type: "ordinal", title: "rewarded rollouts of the group", axis: { labelAngle: 0 } } as const;
const y = { field: "advantage", type: "quantitative" } as const;
const shape = { field: "rollout", type: "nominal", title: null } as const;
const title = "A rare reward pushes hardest";
await showFigure({ title, data: { values: sides }, mark: "point", encoding: { x, y, shape } })`,
    ),
    text("signal-task", {
      en: `## Exercise: the learning signal of CuMa

\`signal(answers, minVotes)\` puts lesson 1 and this one together: vote, reward, and then the advantages, all 0 where the largest count is
below \`minVotes\`.`,
      ko: `## 연습: CuMa의 학습 신호

\`signal(answers, minVotes)\`는 1과와 이번 과를 합친 것입니다. 투표하고 보상을 준 다음 어드밴티지를 구하되, 가장 많은 표가 \`minVotes\`보다 적으면
모두 0으로 합니다.`,
    }),
    exercise(signal),
    text("without-mask", {
      en: `## Without the mask

Eight different answers: the first one wins a vote of one. TTRL then pushes an arbitrary rollout as hard as it can; CuMa does not. A wrong
pair passes the mask and gets its push, too.`,
      ko: `## 마스크가 없다면

답이 여덟 개 모두 다르면 첫 번째 답이 한 표로 이깁니다. 이때 TTRL은 아무 롤아웃이나 하나를 있는 힘껏 밀어 올리지만 CuMa는 그러지 않습니다.
다만 틀린 답이라도 둘이 같으면 마스크를 통과해 똑같이 힘을 받습니다.`,
    }),
    code(
      "arbitrary",
      `for (const answers of [["10", "11", "12", "13", "14", "15", "16", "17"], ["10", "10", "12", "13", "14", "15", "16", "17"]]) {
  const { majority, count } = majorityVote(answers, { tieRule: "first" });
  const pushes = groupAdvantages(majorityRewards(answers, majority), DEFAULT_SETTINGS.advantage);
  console.log(\`\${majority} wins with \${count}:\`, pushes.map((push) => push.toFixed(3)).join("  "));
}`,
    ),
  ],
};
