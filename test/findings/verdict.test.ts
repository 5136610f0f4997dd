import { expect, test } from "vitest";
import type { Interval, VerdictKind, VerdictPart } from "../../src/findings/verdict.ts";
import { judgeCloseness, judgeDifference, strongestPart, weakestPart } from "../../src/findings/verdict.ts";

const interval = (estimate: number, low: number | null, high: number | null): Interval => ({
  estimate,
  low,
  high,
  n: 5,
});

test.each<[string, Interval, VerdictKind]>([
  ["clear and large", interval(0.1, 0.05, 0.15), "reproduced"],
  ["clear but smaller than counts", interval(0.015, 0.01, 0.02), "same direction"],
  ["large but not clear", interval(0.1, -0.01, 0.2), "same direction"],
  ["exactly the bound", interval(0.02, 0.01, 0.03), "same direction"],
  ["clearly the opposite", interval(-0.1, -0.2, -0.01), "not reproduced"],
  ["the opposite, not clear", interval(-0.1, -0.2, 0.01), "inconclusive at this n"],
  ["nothing", interval(0, -0.1, 0.1), "inconclusive at this n"],
  ["too few seeds", interval(0.5, null, null), "inconclusive at this n"],
])("a difference that is %s", (_, measured, verdict) => {
  const bounds = { estimateBeyond: 0.02, intervalBeyond: 0 };
  expect(judgeDifference(measured, "greater", bounds)).toBe(verdict);
  const { estimate, low, high, n } = measured;
  const mirrored = { estimate: -estimate, low: high === null ? null : -high, high: low === null ? null : -low, n };
  expect(judgeDifference(mirrored, "less", bounds)).toBe(verdict);
});

test("an interval must lie beyond its own bound", () => {
  const bounds = { estimateBeyond: 0.02, intervalBeyond: 0.02 };
  expect(judgeDifference(interval(-0.1, -0.2, -0.03), "less", bounds)).toBe("reproduced");
  expect(judgeDifference(interval(-0.1, -0.2, -0.01), "less", bounds)).toBe("same direction");
});

test.each<[string, Interval, VerdictKind]>([
  ["within the margin", interval(-0.01, -0.04, 0.02), "reproduced"],
  ["at the margin", interval(-0.01, -0.05, 0.02), "same direction"],
  ["near by estimate only", interval(-0.04, -0.1, 0.02), "same direction"],
  ["far by estimate only", interval(-0.07, -0.1, -0.02), "inconclusive at this n"],
  ["surely below", interval(-0.2, -0.3, -0.06), "not reproduced"],
  ["surely above", interval(0.2, 0.06, 0.3), "not reproduced"],
  ["measured too few times", interval(0, null, null), "inconclusive at this n"],
])("closeness of what is %s", (_, measured, verdict) => {
  expect(judgeCloseness(measured, 0.05)).toBe(verdict);
});

const partOf = (label: string, verdict: VerdictKind): VerdictPart => ({
  ...interval(0, 0, 0),
  label,
  verdict,
  paper: [],
});

test("a claim about all parts is as good as its weakest, and one counterexample outweighs doubt", () => {
  const weakest = weakestPart([
    partOf("a", "reproduced"),
    partOf("b", "inconclusive at this n"),
    partOf("c", "not reproduced"),
    partOf("d", "not reproduced"),
    partOf("e", "same direction"),
  ]);
  expect(weakest.label).toBe("c");
});

test("a claim that one part can settle is as good as its strongest, and doubt outweighs counterexamples", () => {
  const refuted = partOf("a", "not reproduced");
  expect(strongestPart([refuted, partOf("b", "not reproduced")]).label).toBe("a");
  expect(strongestPart([refuted, partOf("b", "inconclusive at this n")]).label).toBe("b");
  expect(strongestPart([refuted, partOf("b", "same direction"), partOf("c", "reproduced")]).label).toBe("c");
});
