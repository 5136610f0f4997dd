import { expect, test } from "vitest";
import { collapseSweep } from "../../../src/findings/collapse/sweep.ts";
import { analyseThreshold, tiersByAbility } from "../../../src/findings/threshold/analysis.ts";
import { describeBoundary } from "../../../src/findings/threshold/boundary.ts";
import { loadThresholdClaims } from "../../../src/findings/threshold/claims.ts";
import { LADDER_TIERS, thresholdSweep } from "../../../src/findings/threshold/sweep.ts";
import { thresholdTable } from "../../../src/findings/threshold/threshold-table.ts";
import { judgeThreshold } from "../../../src/findings/threshold/verdicts.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { Verdict } from "../../../src/findings/verdict.ts";
import { BASES, mapRecords, plausibleFinal, runFrom } from "./threshold-records.ts";

const { threshold, lower: lowerClaim } = loadThresholdClaims();
const CLAIMS = {
  threshold: { ...threshold, rule: { ...threshold.rule, resamples: 400 } },
  lower: { ...lowerClaim, rule: { ...lowerClaim.rule, resamples: 400 } },
};
const plausible = mapRecords(plausibleFinal);

const analyse = (records: readonly RunRecord[]) => analyseThreshold(records, CLAIMS);

function judge(records: readonly RunRecord[]): [location: Verdict, lower: Verdict] {
  const [location, lower] = judgeThreshold({ scale: "micro", analysis: analyse(records), missing: [] }, CLAIMS);
  return [location, lower];
}

test("the main tiers' runs are collapse's own, and only the ladder's are new", () => {
  const known = new Set(collapseSweep({ scale: "micro", seeds: 6 }).map((spec) => JSON.stringify(spec)));
  const sweep = thresholdSweep({ scale: "micro", seeds: 6 });
  const others = sweep.filter((spec) => !known.has(JSON.stringify(spec)));
  expect(sweep.length - others.length).toBe(known.size);
  expect(new Set(others.map(({ base }) => base?.tier))).toEqual(new Set(LADDER_TIERS));
});

test("with six seeds every base checkpoint has two runs of each method without labels", () => {
  const counts = new Map<string, number>();
  for (const { base, method } of thresholdSweep({ scale: "micro", seeds: 6 })) {
    if (method === "grpo") continue;
    const cell = `${base?.tier}-${base?.baseSeed} ${method}`;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  expect(counts.size).toBe((4 * 3 + 5 * 2) * 3);
  expect(new Set(counts.values())).toEqual(new Set([2]));
});

test("smoke needs no checkpoint of the ladder, and paper scale says what it lacks", () => {
  const smoke = thresholdSweep({ scale: "smoke", seeds: 1 });
  expect(new Set(smoke.map(({ base }) => base?.tier))).toEqual(new Set(["xs", "l"]));
  expect(() => thresholdSweep({ scale: "paper", seeds: 1 })).toThrow(/MATH-500/);
});

test("a run holds within the noise of two measurements and helps or hurts beyond it", () => {
  // p 0.5, m 500, one evaluation: 1.96 sqrt(0.25 / 500 * 2) = 0.062
  const base = { tier: "l", baseSeed: 1, accuracy: 0.5 };
  const outcomes = [0.57, 0.561, 0.44, 0.43].map((final, index) => {
    const [run] = analyse([runFrom(base, "cuma", index, final)]).runs;
    return run.outcome;
  });
  expect(outcomes).toEqual(["helps", "holds", "holds", "hurts"]);
});

test("several evaluations of one base make its noise smaller", () => {
  // two seeds: 1.96 sqrt(0.25 / 500 * 1.5) = 0.0537
  const base = { tier: "l", baseSeed: 1, accuracy: 0.5 };
  const runs = [runFrom(base, "cuma", 1, 0.557), runFrom(base, "cuma", 4, 0.5)];
  expect(analyse(runs).runs.map(({ outcome }) => outcome)).toEqual(["helps", "holds"]);
});

test("each method's boundary counts base checkpoints and lies where its outcomes turn", () => {
  const { boundaries, oneShapeBoundaries } = analyse(plausible);
  const byMethod = new Map(boundaries.map((boundary) => [boundary.method, boundary]));
  expect([...byMethod.keys()]).toEqual(["ttrl", "intuitor", "cuma"]);
  expect(byMethod.get("ttrl")).toMatchObject({ n: 22 });
  expect(byMethod.get("ttrl")?.estimate).toBeGreaterThan(0.22);
  expect(byMethod.get("ttrl")?.estimate).toBeLessThan(0.32);
  expect(byMethod.get("cuma")?.estimate).toBe(0.1);
  expect(oneShapeBoundaries[0]).toMatchObject({ method: "ttrl", n: 16 });
});

test("a boundary at an end of the range is written as a bound", () => {
  const [, , cuma] = analyse(plausible).boundaries;
  expect(describeBoundary(cuma)).toBe("≤ 0.10 [≤ 0.10, ≤ 0.10]");
  const below = analyse(mapRecords((method, base) => (method === "ttrl" ? 0.01 : base * 1.2)));
  expect(describeBoundary(below.boundaries[0])).toBe("≥ 0.53 [≥ 0.53, ≥ 0.53]");
});

test("the analysis does not depend on the order of the records", () => {
  expect(analyse([...plausible].reverse())).toEqual(analyse(plausible));
});

test("a turn from harm to help is reproduced, and CuMa's lower boundary with it", () => {
  const [location, lower] = judge(plausible);
  expect(location.verdict).toBe("reproduced");
  expect(location.parts.map(({ verdict }) => verdict)).toEqual(["reproduced", "reproduced", "reproduced"]);
  expect(lower.verdict).toBe("reproduced");
  expect(lower.notes).toContain("CuMa: the boundary is at or below the weakest base tried");
});

test("help from the weakest base on is no threshold", () => {
  const [location] = judge(mapRecords((_, base) => base + 0.1));
  expect(location.verdict).toBe("not reproduced");
  expect(location.notes).toContain("TTRL: the boundary is at or below the weakest base tried");
});

test("a turn without harm below it is not the claimed threshold", () => {
  const [location] = judge(mapRecords((_, base) => (base < 0.27 ? base - 0.005 : base + 0.2)));
  expect(location.verdict).toBe("same direction");
  expect(location.decidedBy?.label).toMatch(/gain on bases below/);
});

test("harm that grows with ability is said to be so", () => {
  const [location] = judge(mapRecords((_, base) => (base < 0.27 ? base + 0.1 : base - 0.1)));
  expect(location.verdict).not.toBe("reproduced");
  expect(location.notes.some((note) => note.includes("does not rise with base accuracy"))).toBe(true);
});

test("equal boundaries are not one lower than the other", () => {
  const [, lower] = judge(mapRecords((_, base) => (base < 0.27 ? 0.01 : base + 0.2)));
  expect(lower.verdict).toBe("inconclusive at this n");
});

test("few bases conclude nothing", () => {
  const few = BASES.filter(({ tier, baseSeed }) => ["xs", "l"].includes(tier) && baseSeed === 1);
  const [location, lower] = judge(mapRecords(plausibleFinal, few));
  expect([location.verdict, lower.verdict]).toEqual(["inconclusive at this n", "inconclusive at this n"]);
  expect(location.parts).toHaveLength(1);
});

test("a method without runs is not judged", () => {
  const [location, lower] = judge(plausible.filter(({ method }) => method !== "ttrl"));
  expect([location.verdict, lower.verdict]).toEqual(["not run", "not run"]);
});

test("tiers are ordered by the accuracy that was measured", () => {
  expect(tiersByAbility(analyse(plausible)).map(({ tier }) => tier)).toEqual([
    ...["t10", "xs", "t15", "s", "t25", "t30", "m", "t45", "l"],
  ]);
});

test("the table counts outcomes by tier and says what was not run", () => {
  const text = thresholdTable(analyse(plausible), "micro", 120);
  expect(text).toMatch(/t10 +10\.2 +2 .*\(0\/0\/4\).*not run/);
  expect(text).toMatch(/CuMa +≤ 0\.10/);
  for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(120);
});
