import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { groupAdvantages } from "../../src/rl/advantages.ts";
import { groupRewards, isBinary, type RewardGroup } from "../../src/rl/rewards.ts";
import { DEFAULT_SETTINGS, type RewardKind, type RunSettings } from "../../src/rl/settings.ts";
import { consensusPenalty } from "../../src/rl/soft-majority.ts";
import { majorityVote } from "../../src/rl/votes.ts";

const group: RewardGroup = {
  answers: ["7", "7", null, "9"],
  correct: [false, false, false, true],
  wellFormed: [true, false, false, true],
  certainty: [3.5, 2.25, 4, 1],
  entropy: [0.5, 1, 0.25, 2],
  majority: "7",
};

const KINDS = [
  "label",
  "majority",
  "certainty",
  "random",
  "format",
  "wrong",
  "cluster-share",
  "neg-entropy",
  "mixed",
  "soft-majority",
] as const satisfies readonly RewardKind[];

const rewarded = (
  reward: RewardKind,
  judged: RewardGroup,
  random = Random.fromSeed(1),
  rewardMix = DEFAULT_SETTINGS.rewardMix,
): number[] => groupRewards({ reward, rewardMix }, judged, random);

/** A group of one to 64 rollouts whose majority is the one that the vote finds. */
const groups = fc
  .array(
    fc.record({
      answer: fc.option(fc.constantFrom("", "1", "2", "3", "4")),
      correct: fc.boolean(),
      wellFormed: fc.boolean(),
      certainty: fc.double({ min: 0, max: 20, noNaN: true }),
      entropy: fc.double({ min: 0, max: 4, noNaN: true }),
    }),
    { minLength: 1, maxLength: 64 },
  )
  .map((rollouts): RewardGroup => {
    const answers = rollouts.map(({ answer }) => answer);
    return {
      answers,
      correct: rollouts.map(({ correct, answer }) => correct && answer !== null && answer !== ""),
      wellFormed: rollouts.map(({ wellFormed }) => wellFormed),
      certainty: rollouts.map(({ certainty }) => certainty),
      entropy: rollouts.map(({ entropy }) => entropy),
      majority: majorityVote(answers, { tieRule: "first" }).majority,
    };
  });

describe("group rewards", () => {
  test("each kind looks at its own signal", () => {
    const random = Random.fromSeed(1);
    expect(rewarded("label", group, random)).toEqual([0, 0, 0, 1]);
    expect(rewarded("majority", group, random)).toEqual([1, 1, 0, 0]);
    expect(rewarded("certainty", group, random)).toEqual([3.5, 2.25, 4, 1]);
    expect(rewarded("format", group, random)).toEqual([1, 0, 0, 1]);
    expect(rewarded("wrong", group, random)).toEqual([1, 1, 0, 0]);
    expect(rewarded("cluster-share", group, random)).toEqual([0.5, 0.5, 0, 0.25]);
    expect(rewarded("neg-entropy", group, random)).toEqual([-0.5, -1, -0.25, -2]);
    expect(rewarded("soft-majority", group, random)).toEqual([0.8, 0.8, 0, 0.2]);
    expect(random.state()).toEqual(Random.fromSeed(1).state());
  });

  test("only the rewards with labels change with true correctness", () => {
    const flipped = { ...group, correct: group.correct.map((correct) => !correct) };
    for (const kind of KINDS.filter((kind) => kind !== "label" && kind !== "wrong")) {
      expect(rewarded(kind, flipped)).toEqual(rewarded(kind, group));
    }
    expect(rewarded("label", flipped)).toEqual([1, 1, 1, 0]);
    expect(rewarded("wrong", flipped)).toEqual([0, 0, 0, 1]);
  });

  test("random rewards are fair coins of the given generator", () => {
    const random = Random.fromSeed(2);
    const rewards = Array.from({ length: 500 }, () => rewarded("random", group, random)).flat();
    expect(new Set(rewards)).toEqual(new Set([0, 1]));
    const heads = rewards.filter((reward) => reward === 1).length;
    expect(heads).toBeGreaterThan(900);
    expect(heads).toBeLessThan(1100);
  });

  test("a binary reward is 0 or 1 in every group; each other one is neither in some group", () => {
    for (const kind of KINDS) {
      const isNeverOther = (judged: RewardGroup) =>
        rewarded(kind, judged).every((reward) => reward === 0 || reward === 1);
      if (isBinary(kind)) fc.assert(fc.property(groups, isNeverOther));
      else expect(isNeverOther(group), kind).toBe(false);
    }
  });

  test("every rollout is labelled correct, wrong or without an answer", () => {
    fc.assert(
      fc.property(groups, (judged) => {
        const label = rewarded("label", judged);
        const wrong = rewarded("wrong", judged);
        for (const [index, answer] of judged.answers.entries()) {
          expect(label[index] + wrong[index]).toBe(answer === null || answer === "" ? 0 : 1);
        }
      }),
    );
  });

  test("cluster shares and soft votes order answers as their counts do", () => {
    fc.assert(
      fc.property(groups, (judged) => {
        const shares = rewarded("cluster-share", judged);
        const soft = rewarded("soft-majority", judged);
        for (const [a, share] of shares.entries()) {
          for (const [b, other] of shares.entries())
            expect(Math.sign(share - other)).toBe(Math.sign(soft[a] - soft[b]));
        }
        const leader = judged.answers.findIndex((answer) => answer === judged.majority && answer !== null);
        if (leader >= 0) expect(Math.max(...soft)).toBe(soft[leader]);
      }),
    );
  });

  test("the soft votes of a group's answers sum to 1", () => {
    fc.assert(
      fc.property(groups, (judged) => {
        const byAnswer = new Map(rewarded("soft-majority", judged).map((vote, index) => [judged.answers[index], vote]));
        const total = [...byAnswer.values()].reduce((sum, vote) => sum + vote, 0);
        expect(total).toBeCloseTo(judged.majority === null ? 0 : 1, 12);
      }),
    );
  });
});

describe("the mixed reward", () => {
  test("adds the standardised certainty to the majority reward", () => {
    const pair = { ...group, answers: ["7", "9"], certainty: [1, 3] };
    const [first, second] = rewarded("mixed", pair, undefined, { certaintyWeight: 0.1 });
    expect(first).toBeCloseTo(1 - 0.1 / Math.SQRT2, 6);
    expect(second).toBeCloseTo(0.1 / Math.SQRT2, 6);
  });

  test("is the majority reward at weight 0, and where all are equally certain", () => {
    fc.assert(
      fc.property(groups, (judged) => {
        const majority = rewarded("majority", judged);
        expect(rewarded("mixed", judged, undefined, { certaintyWeight: 0 })).toEqual(majority);
        const even = { ...judged, certainty: judged.certainty.map(() => 7.3) };
        expect(rewarded("mixed", even)).toEqual(majority);
      }),
    );
  });

  test("does not change with the unit or the zero of certainty", () => {
    const scaled = { ...group, certainty: group.certainty.map((value) => 8 * value - 3) };
    for (const [index, reward] of rewarded("mixed", scaled).entries()) {
      expect(reward).toBeCloseTo(rewarded("mixed", group)[index], 6);
    }
  });

  test("at the default weight never rewards another answer more than the majority's in a group of eight", () => {
    fc.assert(
      fc.property(groups, (judged) => {
        const first = <T>(values: readonly T[]): T[] => values.slice(0, 8);
        const answers = first(judged.answers);
        const { majority } = majorityVote(answers, { tieRule: "first" });
        fc.pre(majority !== null);
        const rewards = rewarded("mixed", { ...judged, answers, certainty: first(judged.certainty), majority });
        const least = Math.min(...rewards.filter((_, index) => answers[index] === majority));
        for (const [index, reward] of rewards.entries()) {
          if (answers[index] !== majority) expect(reward).toBeLessThan(least);
        }
      }),
    );
  });

  test("orders the rollouts of a unanimous group by certainty alone, at full strength", () => {
    const unanimous = { ...group, answers: ["7", "7", "7", "7"] };
    const ofMixed = groupAdvantages(rewarded("mixed", unanimous), DEFAULT_SETTINGS.advantage);
    const ofCertainty = groupAdvantages(rewarded("certainty", unanimous), DEFAULT_SETTINGS.advantage);
    for (const [index, advantage] of ofMixed.entries()) expect(advantage).toBeCloseTo(ofCertainty[index], 4);
  });
});

describe("the penalty for low consensus", () => {
  const settings = (reward: RewardKind): Pick<RunSettings, "reward" | "softVotes"> => ({
    reward,
    softVotes: { minShare: 0.25, penalty: 0.5 },
  });

  test("falls on soft votes whose leading answer has less than the smallest share", () => {
    const split = majorityVote(["1", "2", "3", "4", "5", "6", "7", "8"], { tieRule: "first" });
    const pair = majorityVote(["1", "1", "3", "4", "5", "6", "7", "8"], { tieRule: "first" });
    const silent = majorityVote([null, null, "", null], { tieRule: "first" });
    expect([split, pair, silent].map((vote) => consensusPenalty(settings("soft-majority"), vote))).toEqual([
      0.5, 0, 0.5,
    ]);
    for (const kind of KINDS.filter((kind) => kind !== "soft-majority")) {
      expect(consensusPenalty(settings(kind), split)).toBe(0);
    }
  });
});
