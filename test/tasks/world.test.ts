import { describe, expect, it } from "vitest";
import { TIERS } from "../../src/tasks/micro/tiers.ts";
import { MICRO_WORLD, ofLevel, toWorld, type WorldSettings } from "../../src/tasks/micro/world.ts";

const IMPOSSIBLE: readonly (readonly [name: string, changes: Partial<WorldSettings>])[] = [
  ["modulus", { modulus: 101 }],
  ["modulus", { modulus: 1 }],
  ["chainLengths", { chainLengths: [0, 1, 1, 1, 1] }],
  ["operandRanges", { operandRanges: [3, 4, 5, 7, 10] }],
  ["corpusLevelWeights", { corpusLevelWeights: [0, 0, 0, 0, 0] }],
  ["corpusLevelWeights", { corpusLevelWeights: [1, -1, 1, 1, 1] }],
  ["styleShares", { styleShares: { chainOfThought: 0.5, direct: 0.4, junk: 0.2, checked: 0 } }],
  ["styleShares", { styleShares: { chainOfThought: 1.1, direct: 0, junk: -0.1, checked: 0 } }],
  ["checkedSteps", { checkedSteps: 0 }],
  ["directKnowledge", { directKnowledge: [0.4, 0.2, 0.1, 0.05, 1.02] }],
  ["popularGuesses", { popularGuesses: [] }],
  ["popularGuesses", { popularGuesses: [10, 100] }],
  ["guessExponent", { guessExponent: Number.NaN }],
  ["junkLengths", { junkLengths: [29, 4] }],
  ["naturalCounts", { naturalCounts: [86, 180, 210, 256, 0.5] }],
  ["fullCounts", { fullCounts: [-1, 200, 200, 200, 200] }],
];

describe("world", () => {
  it("is the default one when nothing changes", () => {
    expect(toWorld({})).toEqual(MICRO_WORLD);
  });

  it.each(IMPOSSIBLE)("is refused with an impossible %s: %j", (name, changes) => {
    expect(() => toWorld(changes)).toThrow(
      expect.objectContaining({ code: "tasks/world-invalid", message: expect.stringContaining(`world.${name}:`) }),
    );
  });

  it("has a value for the levels 1 to 5 only", () => {
    expect([1, 5].map((level) => ofLevel(MICRO_WORLD.operandRanges, level))).toEqual([3, 9]);
    expect(() => ofLevel(MICRO_WORLD.operandRanges, 6)).toThrow("level: unknown level, got 6, expected 1 to 5");
  });
});

describe("tiers", () => {
  it.each(Object.entries(TIERS))(
    "%s divides its width into even heads and its heads into key-value groups",
    (_, tier) => {
      expect(tier.hiddenSize % (2 * tier.heads)).toBe(0);
      expect(tier.heads % tier.kvHeads).toBe(0);
      expect(tier.intermediateSize).toBe(3 * tier.hiddenSize);
      expect(tier.pretraining.warmupSteps).toBeLessThan(tier.pretraining.steps);
    },
  );
});
