import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { responseOffsets, type Rollouts } from "../../src/model/sequence-batch.ts";
import { judgeRollouts } from "../../src/rl/judge.ts";
import { DEFAULT_SETTINGS, type RunSettings } from "../../src/rl/settings.ts";
import { answerClass } from "../../src/tasks/answers/answer-class.ts";
import type { Problem, Task } from "../../src/tasks/task.ts";

const problem: Problem = { id: "half", level: 1, prompt: "2 / 4", answer: "1/2", generated: false };

/** Rollouts that say these answers, one token each; certainty and entropy are 1 but where given. */
function saying(
  answers: readonly string[],
  scores: { certainty?: readonly number[]; entropy?: readonly number[] } = {},
) {
  const responses = answers.map((_, index) => ({ prompt: 0, tokens: [index] }));
  const ones = () => new Float32Array(answers.length).fill(1);
  const rollouts: Rollouts = {
    prompts: [[0]],
    responses,
    ended: answers.map(() => false),
    scores: {
      offsets: responseOffsets(responses),
      logp: ones(),
      entropy: Float32Array.from(scores.entropy ?? ones()),
      certainty: Float32Array.from(scores.certainty ?? ones()),
    },
  };
  const task: Task = {
    name: "spoken",
    stopIds: [],
    encodePrompt: () => [0],
    decode: ([id]) => answers[id],
    extractAnswer: (text) => text,
    answerClass,
    isCorrect: (answer, { answer: truth }) => answer !== null && answerClass(answer) === answerClass(truth),
    hasFormat: () => true,
    reflects: () => null,
  };
  return { rollouts, task };
}

function judge({ rollouts, task }: ReturnType<typeof saying>, changes: Partial<RunSettings>) {
  const settings = { ...DEFAULT_SETTINGS, ...changes };
  return judgeRollouts(rollouts, [problem], task, settings, Random.fromSeed(1))[0];
}

describe("a judged group", () => {
  const forms = saying(["3", "0.5", "3", "1/2", "\\frac12", "3", ".50", "7"]);

  test("votes by string for a wrong label, and by class for the right one, in its first written form", () => {
    const byString = judge(forms, { reward: "majority" });
    expect(byString).toMatchObject({ vote: { majority: "3", count: 3 }, labelCorrect: false });
    expect(byString.rewards).toEqual([1, 0, 1, 0, 0, 1, 0, 0]);

    const byClass = judge(forms, { reward: "majority", votes: { equivalence: "class" } });
    expect(byClass).toMatchObject({ vote: { majority: "0.5", count: 4, share: 0.5 }, labelCorrect: true });
    expect(byClass.rewards).toEqual([0, 1, 0, 1, 1, 0, 1, 0]);
    expect(byClass.readings.map(({ answer }) => answer)).toEqual(byString.readings.map(({ answer }) => answer));
  });

  test("has its mask and its soft votes by class too", () => {
    const mask = { minVotes: 4, minShare: null, scope: "advantage" } as const;
    expect(judge(forms, { mask }).masked).toBe(true);
    const byClass = judge(forms, { mask, reward: "cluster-share", votes: { equivalence: "class" } });
    expect(byClass.masked).toBe(false);
    expect(byClass.rewards).toEqual([0.375, 0.5, 0.375, 0.5, 0.5, 0.375, 0.5, 0.125]);
  });

  test("without consensus is pushed down as a whole by soft votes, unless it is masked", () => {
    const split = saying(["1", "2", "3", "4", "5", "6", "7", "8"]);
    const soft = judge(split, { reward: "soft-majority" });
    expect(soft.rewards).toEqual(Array(8).fill(0.125));
    expect(soft.advantages).toEqual(Array(8).fill(-0.5));
    const mask = { minVotes: 2, minShare: null, scope: "advantage" } as const;
    expect(judge(split, { reward: "soft-majority", mask }).advantages).toEqual(Array(8).fill(0));
    expect(judge(split, { reward: "cluster-share" }).advantages).toEqual(Array(8).fill(0));
  });

  test("with consensus has no penalty: soft advantages sum to 0 and favour the leader", () => {
    const { advantages } = judge(forms, { reward: "soft-majority", votes: { equivalence: "class" } });
    expect(advantages.reduce((sum, advantage) => sum + advantage, 0)).toBeCloseTo(0, 12);
    expect(Math.max(...advantages)).toBe(advantages[1]);
  });

  test("takes each rollout's own entropy and certainty", () => {
    const scored = saying(["1", "1", "2"], { entropy: [0.5, 2, 0.25], certainty: [3, 1, 2] });
    expect(judge(scored, { reward: "neg-entropy" }).rewards).toEqual([-0.5, -2, -0.25]);
    const mixed = judge(scored, { reward: "mixed", rewardMix: { certaintyWeight: 0.25 } }).rewards;
    for (const [index, expected] of [1.25, 0.75, 0].entries()) expect(mixed[index]).toBeCloseTo(expected, 5);
  });
});
