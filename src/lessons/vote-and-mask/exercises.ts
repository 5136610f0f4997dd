// Lesson 1: the vote of TTRL, its rewards, and the mask of CuMa. The right answers are the trainer's own functions.

import { isMasked } from "../../rl/mask.ts";
import { majorityRewards } from "../../rl/rewards.ts";
import { countVotes, majorityVote } from "../../rl/votes.ts";
import { type Exercise, functionExercise } from "../exercise.ts";

type Answers = readonly (string | null)[];

const FIRST = { tieRule: "first" } as const;
const isBlank = (answer: string | null) => answer === null || answer.trim() === "";

/** The most frequent of these; among equals the first by `order` (default: as seen). */
function mostFrequent<Answer>(answers: readonly Answer[], order?: (a: Answer, b: Answer) => number): Answer | null {
  const count = (answer: Answer) => answers.filter((other) => other === answer).length;
  const most = Math.max(0, ...answers.map(count));
  const leaders = answers.filter((answer) => count(answer) === most);
  return (order === undefined ? leaders : leaders.toSorted(order))[0] ?? null;
}

const voting = (answers: Answers) => answers.filter((answer): answer is string => !isBlank(answer));
const largestCount = (answers: Answers) => Math.max(0, ...countVotes(answers).values());

const majority = functionExercise<[Answers], string | null>({
  name: "majority",
  gap: `function majority(answers: readonly (string | null)[]): string | null {
  return todo();
}
check("majority", majority)`,
  solution: `function majority(answers: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    if (answer === null || answer.trim() === "") continue;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return [...counts.keys()].find((answer) => counts.get(answer) === most) ?? null;
}
check("majority", majority)`,
  cases: [
    [["42", "42", "17", "42", "10", "42", "42", "42"]],
    [[null, null, null, "10", "10", "37", "05", null]],
    [["37", "10", "37", "10"]],
    [["10", "37", "10", "37"]],
    [["", " ", "", "42"]],
    [["10", "42", "37"]],
    [[null, null]],
  ],
  right: (answers) => majorityVote(answers, FIRST).majority,
  mistakes: [
    {
      name: "counts-empty",
      why: {
        en: "You counted the missing answer as a vote. In public code that answer can win, and every response without an answer is then rewarded: a ready path to collapse.",
        ko: "답이 없는 응답(null)도 한 표로 세었습니다. 공개된 코드에서도 이런 빈 답이 투표에서 이기는 일이 있는데, 그러면 답을 내지 않은 응답이 모두 보상을 받아 붕괴(collapse)로 가는 지름길이 됩니다.",
      },
      answer: (answers) => mostFrequent(answers),
    },
    {
      name: "counts-blank",
      why: {
        en: 'You leave out null but count the blank answer (`""` or spaces) as a vote.',
        ko: 'null은 뺐지만 빈 문자열(`""` 또는 공백)은 한 표로 세었습니다.',
      },
      answer: (answers) => mostFrequent(answers.filter((answer) => answer !== null)),
    },
    {
      name: "last-of-tie",
      why: {
        en: "Ties go to the answer that was seen first, not last: compare with `>`, not `>=`.",
        ko: "동점이면 마지막이 아니라 먼저 나온 답이 이깁니다. `>=`가 아니라 `>`로 비교해야 합니다.",
      },
      answer: (answers) =>
        mostFrequent(
          [...new Set(voting(answers))]
            .reverse()
            .flatMap((answer) => voting(answers).filter((other) => other === answer)),
        ),
    },
    {
      name: "smallest-of-tie",
      why: {
        en: "You break ties by sorting the answers; a tie goes to the answer that was seen first.",
        ko: "동점일 때 답을 정렬해서 골랐습니다. 동점이면 먼저 나온 답이 이깁니다.",
      },
      answer: (answers) => mostFrequent(voting(answers), (a, b) => (a < b ? -1 : 1)),
    },
    {
      name: "more-than-half",
      why: {
        en: "You ask for more than half of the votes. TTRL takes the most frequent answer, however few gave it.",
        ko: "과반을 요구했습니다. TTRL은 표가 아무리 적어도 가장 많이 나온 답을 택합니다.",
      },
      answer: (answers) => (largestCount(answers) * 2 > answers.length ? majorityVote(answers, FIRST).majority : null),
    },
    {
      name: "count-itself",
      why: {
        en: "You give back how often the answer was given; the answer itself is asked for.",
        ko: "답이 나온 횟수를 돌려주었습니다. 필요한 것은 답 그 자체입니다.",
      },
      answer: largestCount,
    },
  ],
});

const rewards = functionExercise<[Answers, string | null], number[]>({
  name: "rewards",
  gap: `function rewards(answers: readonly (string | null)[], majority: string | null): number[] {
  return todo();
}
check("rewards", rewards)`,
  solution: `function rewards(answers: readonly (string | null)[], majority: string | null): number[] {
  return answers.map((answer) => (answer !== null && answer === majority ? 1 : 0));
}
check("rewards", rewards)`,
  cases: [
    [["42", "42", "10", null], "42"],
    [[null, "10", null, "37"], "10"],
    [[null, null, null], null],
  ],
  right: majorityRewards,
  mistakes: [
    {
      name: "empty-equals-empty",
      why: {
        en: "Where nobody answered the majority is null, and your comparison finds null equal to null: responses without an answer get a reward.",
        ko: "아무도 답하지 않으면 다수 답은 null입니다. 그런데 null끼리 같다고 비교되어, 답이 없는 응답이 보상을 받았습니다.",
      },
      answer: (answers, winner) => answers.map((answer) => Number(answer === winner)),
    },
    {
      name: "share",
      why: {
        en: "You reward an answer with its share of the votes. That is EMPO's reward; TTRL gives 1 or 0.",
        ko: "답의 득표율을 보상으로 주었습니다. 그것은 EMPO의 보상이고, TTRL은 1 또는 0을 줍니다.",
      },
      answer: (answers) =>
        answers.map((answer) =>
          answer === null ? 0 : answers.filter((other) => other === answer).length / answers.length,
        ),
    },
    {
      name: "minus-one",
      why: {
        en: "A response outside the majority gets 0, not -1.",
        ko: "다수 답이 아닌 응답의 보상은 -1이 아니라 0입니다.",
      },
      answer: (answers, winner) => majorityRewards(answers, winner).map((reward) => 2 * reward - 1),
    },
    {
      name: "booleans",
      why: {
        en: "A reward is a number: 1 for true, 0 for false.",
        ko: "보상은 참/거짓이 아니라 숫자입니다. 참은 1, 거짓은 0으로 바꿔야 합니다.",
      },
      answer: (answers, winner) => majorityRewards(answers, winner).map(Boolean),
    },
  ],
});

const masked = functionExercise<[Answers, number], boolean>({
  name: "masked",
  gap: `function masked(answers: readonly (string | null)[], minVotes: number): boolean {
  return todo();
}
check("masked", masked)`,
  solution: `function masked(answers: readonly (string | null)[], minVotes: number): boolean {
  const votes = answers.filter((answer) => answer !== null);
  const counts = votes.map((answer) => votes.filter((other) => other === answer).length);
  return Math.max(0, ...counts) < minVotes;
}
check("masked", masked)`,
  cases: [
    [["10", "11", "12", "13", "14", "15", "16", "17"], 2],
    [["10", "10", "12", "13", "14", "15", "16", "17"], 2],
    [["10", "10", "10", "10", "10", "10", "10", "10"], 2],
    [["42", "42", "42", "10", "11", "12", "13", "14"], 2],
    [["10", "10", "12", "13", "14", "15", "16", "17"], 3],
    [[null, null, null, "42"], 2],
  ],
  right: (answers, minVotes) =>
    isMasked(majorityVote(answers, FIRST), { minVotes, minShare: null, scope: "advantage" }),
  mistakes: [
    {
      name: "at-most",
      why: {
        en: "You mask a group whose largest count is exactly `minVotes`. It takes fewer: with `minVotes` 2 a pair keeps its group.",
        ko: "가장 많은 표가 정확히 `minVotes`인 그룹까지 마스킹(masking)했습니다. 그보다 적을 때만 마스킹합니다. `minVotes`가 2이면 같은 답 두 개만 있어도 그룹이 남습니다.",
      },
      answer: (answers, minVotes) => largestCount(answers) <= minVotes,
    },
    {
      name: "inverted",
      why: {
        en: "You say true for the groups that are kept; the question is which are masked.",
        ko: "남겨야 할 그룹에 true를 돌려주었습니다. 물음은 어떤 그룹이 마스킹되는가입니다.",
      },
      answer: (answers, minVotes) => largestCount(answers) >= minVotes,
    },
    {
      name: "counts-empty",
      why: {
        en: "You counted missing answers as equal answers; a response without an answer does not vote, here neither.",
        ko: "답이 없는 응답끼리 같은 답으로 세었습니다. 답이 없는 응답은 여기서도 표가 아닙니다.",
      },
      answer: (answers, minVotes) =>
        answers.every((answer) => answers.filter((other) => other === answer).length < minVotes),
    },
    {
      name: "masks-unanimous",
      why: {
        en: "You also masked the group whose answers are all equal. It passes the mask; why it teaches nothing all the same is lesson 3.",
        ko: "답이 모두 같은 그룹까지 마스킹했습니다. 그런 그룹은 마스크를 통과합니다. 그래도 아무것도 배우지 못하는 까닭은 3과에서 다룹니다.",
      },
      answer: (answers, minVotes) => largestCount(answers) < minVotes || new Set(answers).size === 1,
    },
    {
      name: "more-than-half",
      why: {
        en: "You keep only groups with more than half of their rollouts behind one answer; the rule looks at `minVotes` alone.",
        ko: "과반이 같은 답일 때만 그룹을 남겼습니다. 규칙은 `minVotes`만 봅니다.",
      },
      answer: (answers) => largestCount(answers) * 2 <= answers.length,
    },
  ],
});

export const VOTE_AND_MASK: readonly Exercise[] = [majority, rewards, masked];
