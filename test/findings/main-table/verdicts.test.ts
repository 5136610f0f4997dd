import { describe, expect, test } from "vitest";
import { ruleHash } from "../../../src/findings/claim.ts";
import { analyseMainTable } from "../../../src/findings/main-table/analysis.ts";
import type { BenchmarkSet } from "../../../src/findings/main-table/benchmarks.ts";
import { loadTransferClaim } from "../../../src/findings/main-table/claims.ts";
import { judgeTransfer } from "../../../src/findings/main-table/verdicts.ts";
import type { Verdict } from "../../../src/findings/verdict.ts";
import { answeredRun, everywhere } from "./records.ts";

const ITEMS = 40;

/** Right on the first so many of 40 items. */
const right = (count: number): string => "1".repeat(count) + "0".repeat(ITEMS - count);

interface Shape {
  /** Items that CuMa gains by benchmark, by seed of it one more or less; 0 elsewhere. */
  readonly gains: Partial<Record<BenchmarkSet, number>>;
  readonly base?: number;
  readonly seeds?: number;
  readonly tier?: string;
}

function judge({ gains, base = 16, seeds = 6, tier = "l" }: Shape): Verdict {
  const records = Array.from({ length: seeds }, (_, index) => {
    const final = Object.entries(gains).map(([set, gain]) => [set, right(base + gain + (index % 3) - 1)]);
    const before = everywhere(right(base));
    const after = { ...before, ...(Object.fromEntries(final) as object) };
    return answeredRun({ tier, method: "cuma", seed: index + 1, base: before, final: after });
  });
  const { finals, scores } = analyseMainTable(records);
  return judgeTransfer({ scale: "micro", tiers: [tier], finals, scores, missing: [] });
}

test("the rule is the one that was fixed before any run", () => {
  // a change here is a change of the rule: raise its version, and say why in LOG.md
  expect(ruleHash(loadTransferClaim())).toMatchInlineSnapshot(
    `"2f4ea7db3743821e6fb45e3410ca210127d5ff56a6c74684ce75ecdea97d1967"`,
  );
});

describe("claim 8", () => {
  test("is reproduced when two of the three untrained forms improve, the second strongest deciding", () => {
    const { verdict, decidedBy, parts } = judge({ gains: { "gsm-like": 14, "lcb-like": 12 } });
    expect(verdict).toBe("reproduced");
    expect(parts.map((part) => part.verdict)).toEqual(["reproduced", "inconclusive at this n", "reproduced"]);
    expect(decidedBy?.label).toContain("LCB-like");
    expect(decidedBy?.estimate).toBeCloseTo(12 / ITEMS, 12);
  });

  test("is not reproduced by the trained form, however much it gains", () => {
    const { verdict, sideMeasures } = judge({ gains: { "math-like": 20, "aime-like": 20, "gsm-like": 14 } });
    expect(verdict).toBe("inconclusive at this n");
    expect(sideMeasures.map(({ label, estimate }) => [label.includes("sums"), Number(estimate.toFixed(9))])).toEqual([
      [true, 0.5],
      [true, 0.5],
    ]);
  });

  test("points in its direction where the second strongest gain is not clear", () => {
    expect(judge({ gains: { "gsm-like": 14, "lcb-like": 1 } }).verdict).toBe("same direction");
  });

  test("is refuted where two of the three fall", () => {
    expect(judge({ gains: { "gsm-like": -14, "gpqa-like": -13, "lcb-like": 14 } }).verdict).toBe("not reproduced");
  });

  test("concludes nothing from four seeds", () => {
    const { verdict, parts } = judge({ gains: { "gsm-like": 14, "lcb-like": 14, "gpqa-like": 14 }, seeds: 4 });
    expect(verdict).toBe("inconclusive at this n");
    expect(parts.every(({ low }) => low === null)).toBe(true);
  });

  test("is not run without the strongest tier", () => {
    const { verdict, why } = judge({ gains: {}, tier: "m" });
    expect([verdict, why]).toEqual(["not run", "no run of cuma on l in this sweep"]);
  });

  test("says where a gain on choices does not go beyond chance, and only there", () => {
    const note = "CuMa on l ends at 20.0 % on GPQA-like, not above chance (25 %)";
    expect(judge({ gains: { "gpqa-like": 6 }, base: 2 }).notes).toContain(note);
    expect(judge({ gains: { "gpqa-like": 14 }, base: 2 }).notes).toEqual([]);
  });

  test("stands beside the paper's numbers of that size, unknown ones as unknown", () => {
    const { parts } = judge({ gains: {} });
    expect(parts.map(({ paper }) => paper.map(({ benchmark, difference }) => [benchmark, difference]))).toEqual([
      [["GSM8K", 0.0299]],
      [["GPQA", 0.0455]],
      [["LCB", null]],
    ]);
  });
});
