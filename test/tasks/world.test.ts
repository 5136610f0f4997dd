import { describe, expect, it } from "vitest";
import {
  BENCHMARKS,
  type EvaluationName,
  FORMS,
  MICRO_WORLD,
  ofLevel,
  type PerLevel,
  toWorld,
  type WorldSettings,
} from "../../src/tasks/micro/world.ts";

const IMPOSSIBLE: readonly (readonly [name: string, changes: Partial<WorldSettings>])[] = [
  ["modulus", { modulus: 101 }],
  ["modulus", { modulus: 9 }],
  ["answerWidth", { answerWidth: 4 as 3 }],
  ["chainLengths", { chainLengths: [0, 1, 1, 1, 1] }],
  ["operandRanges", { operandRanges: [3, 4, 5, 7, 10] }],
  ["corpusLevelWeights", { corpusLevelWeights: [0, 0, 0, 0, 0] }],
  ["corpusLevelWeights", { corpusLevelWeights: [1, -1, 1, 1, 1] }],
  ["styleShares", { styleShares: { chainOfThought: 0.5, direct: 0.4, junk: 0.2, checked: 0 } }],
  ["styleShares", { styleShares: { chainOfThought: 1.1, direct: 0, junk: -0.1, checked: 0 } }],
  ["formShares", { formShares: { sum: 0.5, story: 0.5, choice: 0.5, program: -0.5 } }],
  ["formShares", { formShares: { sum: 0.5, story: 0.1, choice: 0.1, program: 0.1 } }],
  ["formShares", { formShares: { sum: Number.NaN, story: 0.5, choice: 0.5, program: 0 } }],
  ["checkedSlips", { checkedSlips: -0.1 }],
  ["checkedSlips", { checkedSlips: 1.1 }],
  ["checkedSlips", { checkedSlips: Number.NaN }],
  ["checkedSteps", { checkedSteps: 0 }],
  ["directKnowledge", { directKnowledge: [0.4, 0.2, 0.1, 0.05, 1.02] }],
  ["popularGuesses", { popularGuesses: [] }],
  ["popularGuesses", { popularGuesses: [10, 100] }],
  ["popularLabels", { popularLabels: [] }],
  ["popularLabels", { popularLabels: [0] }],
  ["popularLabels", { popularLabels: [1, 5] }],
  ["popularLabels", { popularLabels: [1.5] }],
  ["guessExponent", { guessExponent: Number.NaN }],
  ["junkLengths", { junkLengths: [29, 4] }],
  ["naturalCounts", { naturalCounts: [86, 180, 210, 256, 0.5] }],
  ["fullCounts", { fullCounts: [-1, 200, 200, 200, 200] }],
  ["evaluations.math-like", withCounts("math-like", [-1, 0, 0, 0, 0])],
  ["evaluations.gpqa-like", withCounts("gpqa-like", [0, 0.5, 0, 0, 0])],
  ["evaluations.placement", withCounts("placement", [1, 1, 1, 1] as unknown as PerLevel)],
];

function withCounts(name: EvaluationName, counts: PerLevel): Partial<WorldSettings> {
  const { evaluations } = MICRO_WORLD;
  return { evaluations: { ...evaluations, [name]: { ...evaluations[name], counts } } };
}

describe("world", () => {
  it("is the default one when nothing changes", () => {
    expect(toWorld({})).toEqual(MICRO_WORLD);
  });

  it.each(IMPOSSIBLE)("is refused with an impossible %s: %j", (name, changes) => {
    expect(() => toWorld(changes)).toThrow(
      expect.objectContaining({ code: "tasks/world-invalid", message: expect.stringContaining(`world.${name}:`) }),
    );
  });

  it("keeps what is not changed", () => {
    const world = toWorld({ checkedSlips: 1, popularLabels: [4] });
    expect(world).toEqual({ ...MICRO_WORLD, checkedSlips: 1, popularLabels: [4] });
    expect(toWorld({ modulus: 10, popularGuesses: [9] }).modulus).toBe(10);
  });

  it("has four forms, and five benchmarks beside the set that places tiers", () => {
    expect(FORMS).toEqual(["sum", "story", "choice", "program"]);
    expect(Object.keys(MICRO_WORLD.formShares)).toEqual([...FORMS]);
    expect(Object.keys(MICRO_WORLD.evaluations)).toEqual([...BENCHMARKS, "placement"]);
  });

  it("has a value for the levels 1 to 5 only", () => {
    expect([1, 5].map((level) => ofLevel(MICRO_WORLD.operandRanges, level))).toEqual([3, 9]);
    expect(() => ofLevel(MICRO_WORLD.operandRanges, 6)).toThrow("level: unknown level, got 6, expected 1 to 5");
  });
});
