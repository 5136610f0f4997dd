import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { groupRewards } from "../../src/rl/rewards.ts";

const group = {
  answers: ["7", "7", null, "9"],
  correct: [false, false, false, true],
  wellFormed: [true, false, false, true],
  certainty: [3.5, 2.25, 4, 1],
  entropy: [0.5, 1, 0.25, 2],
  majority: "7",
};

describe("group rewards", () => {
  test("each kind looks at its own signal", () => {
    const random = Random.fromSeed(1);
    expect(groupRewards("label", group, random)).toEqual([0, 0, 0, 1]);
    expect(groupRewards("majority", group, random)).toEqual([1, 1, 0, 0]);
    expect(groupRewards("certainty", group, random)).toEqual([3.5, 2.25, 4, 1]);
    expect(groupRewards("format", group, random)).toEqual([1, 0, 0, 1]);
    expect(random.state()).toEqual(Random.fromSeed(1).state());
  });

  test("only the label reward changes with true correctness", () => {
    const flipped = { ...group, correct: group.correct.map((correct) => !correct) };
    for (const kind of ["majority", "certainty", "format", "random"] as const) {
      expect(groupRewards(kind, flipped, Random.fromSeed(5))).toEqual(groupRewards(kind, group, Random.fromSeed(5)));
    }
    expect(groupRewards("label", flipped, Random.fromSeed(5))).toEqual([1, 1, 1, 0]);
  });

  test("random rewards are fair coins of the given generator", () => {
    const random = Random.fromSeed(2);
    const rewards = Array.from({ length: 500 }, () => groupRewards("random", group, random)).flat();
    expect(new Set(rewards)).toEqual(new Set([0, 1]));
    const heads = rewards.filter((reward) => reward === 1).length;
    expect(heads).toBeGreaterThan(900);
    expect(heads).toBeLessThan(1100);
  });
});
