import { expect, test } from "vitest";
import { analyseAblation } from "../../../src/findings/ablation/analysis.ts";
import type { ArmName } from "../../../src/findings/ablation/arms.ts";
import { loadAblationClaim } from "../../../src/findings/ablation/claims.ts";
import type { AblationOutcomes } from "../../../src/findings/ablation/verdicts.ts";
import { judgeAblation } from "../../../src/findings/ablation/verdicts.ts";
import { ruleHash } from "../../../src/findings/claim.ts";
import type { Verdict } from "../../../src/findings/verdict.ts";
import { armRecord } from "./ablation-records.ts";

type Finals = Readonly<Partial<Record<ArmName, readonly number[]>>>;

const around = (value: number, spread = 0.01): number[] => [-1, -0.5, 0, 0.5, 1].map((place) => value + place * spread);

/** As the paper says, in its own numbers. */
const AS_CLAIMED: Finals = {
  cuma: around(0.328),
  "no-mask": around(0.307),
  "no-generation": around(0.245),
  "no-curriculum": around(0.201),
};

function outcomesOf(finals: Finals, { masked = 0.01, tier = "xs", ...extra } = {}): AblationOutcomes {
  const records = (Object.entries(finals) as [ArmName, readonly number[]][]).flatMap(([arm, values]) =>
    values.map((final, index) => armRecord({ tier, arm, seed: index + 1, base: 0.234, final, masked })),
  );
  return { ...analyseAblation(records), scale: "micro", tiers: [tier], missing: [], ...extra };
}

function verdictOn(changes: Finals, extra: object = {}): Verdict {
  return judgeAblation(outcomesOf({ ...AS_CLAIMED, ...changes }, extra))[0];
}

test("the rule is the one that was fixed before any run", () => {
  // a change here is a change of the rule: raise its version, and say why in LOG.md
  expect(ruleHash(loadAblationClaim())).toMatchInlineSnapshot(
    `"10e8e398722182408c4eb1a54e2f5d11f5cdbed8cad703ebdc757e843882e28f"`,
  );
});

test("runs as the paper claims reproduce claim 7, in two parts whose estimates are differences of drops", () => {
  const { claim, verdict, parts } = verdictOn({});
  expect([claim, verdict]).toEqual(["claim-7", "reproduced"]);
  expect(parts.map(({ label }) => label)).toEqual([
    "xs: drop without curriculum − drop without data generation",
    "xs: drop without data generation − drop without reward mask",
  ]);
  expect(parts[0].estimate).toBeCloseTo(0.044, 12);
  expect(parts[1].estimate).toBeCloseTo(0.062, 12);
  expect(parts.map(({ n }) => n)).toEqual([5, 5]);
});

test.each<[string, Finals, string, RegExp]>([
  ["the mask matters more than generation", { "no-mask": around(0.2) }, "not reproduced", /reward mask$/],
  [
    "generation matters more than the curriculum",
    { "no-generation": around(0.1) },
    "not reproduced",
    /data generation$/,
  ],
  [
    "mask and generation matter alike",
    { "no-mask": [0.24, 0.25, 0.23, 0.26, 0.24] },
    "inconclusive at this n",
    /reward mask$/,
  ],
  [
    "curriculum and generation are ordered by less than counts",
    { "no-curriculum": around(0.23) },
    "same direction",
    /data generation$/,
  ],
  ["the order is likely but not sure", { "no-mask": [0.2, 0.4, 0.3, 0.4, 0.25] }, "same direction", /reward mask$/],
])("claim 7 where %s", (_, changes, verdict, decider) => {
  const judged = verdictOn(changes);
  expect(judged.verdict).toBe(verdict);
  expect(judged.decidedBy?.label).toMatch(decider);
});

test("with four seeds nothing is concluded, and no interval is shown", () => {
  const four = Object.fromEntries(Object.entries(AS_CLAIMED).map(([arm, values]) => [arm, values.slice(0, 4)]));
  const [{ verdict, parts }] = judgeAblation(outcomesOf(four));
  expect(verdict).toBe("inconclusive at this n");
  for (const part of parts) expect(part).toMatchObject({ low: null, high: null, n: 4 });
});

test("an arm without runs is not run, and the reason is the sweep's or the failure's", () => {
  const { "no-mask": _, ...rest } = AS_CLAIMED;
  expect(judgeAblation(outcomesOf(rest))[0]).toMatchObject({
    verdict: "not run",
    why: "no run of without mask on xs in this sweep",
  });
  const missing = [{ tier: "xs", method: "cuma", arm: "no-mask" as const, seed: 1, why: "disk full" }];
  const [failed] = judgeAblation({ ...outcomesOf(rest), missing });
  expect(failed.why).toBe("without mask on xs gave no result: disk full");
  expect(failed.notes).toContain("without mask on xs, seed 1, is missing: disk full");
});

test("arms without a common seed are not compared", () => {
  const outcomes = outcomesOf(AS_CLAIMED);
  const finals = outcomes.finals.map((row) => (row.arm === "no-mask" ? { ...row, seed: row.seed + 10 } : row));
  expect(judgeAblation({ ...outcomes, finals })[0]).toMatchObject({
    verdict: "not run",
    why: "no seed ran in both of without generation and without mask on xs",
  });
});

test("only the weakest tier is judged", () => {
  expect(judgeAblation(outcomesOf(AS_CLAIMED, { tier: "l" }))[0]).toMatchObject({ verdict: "not run" });
});

test("a diverged seed is noted and counts", () => {
  const outcomes = outcomesOf(AS_CLAIMED);
  const finals = outcomes.finals.map((row) =>
    row.arm === "no-curriculum" && row.seed === 2 ? { ...row, final: 0, hasDiverged: true } : row,
  );
  const [{ notes, parts }] = judgeAblation({ ...outcomes, finals });
  expect(notes).toContain("without curriculum (shuffled) on xs, seed 2, diverged and counts as accuracy 0");
  expect(parts[0].n).toBe(5);
});

test("the notes say how much work the mask had, and that it was little only where it was", () => {
  const little = verdictOn({}, { masked: 0.013 }).notes.join("\n");
  expect(little).toContain("1.3 % on xs");
  expect(little).toContain("little work");
  const much = verdictOn({}, { masked: 0.4 }).notes.join("\n");
  expect(much).toContain("40.0 % on xs");
  expect(much).not.toContain("little work");
});

test("the notes say what the paper's numbers cannot be, and what so many seeds can see", () => {
  const { notes } = verdictOn({ "no-mask": [0.29, 0.31, 0.3, 0.32, 0.3] });
  expect(notes).toContain(
    "the paper's 30.7, 24.5, 20.1 are not attainable with one sample per item on MATH-500's 500 items",
  );
  expect(notes.at(-1)).toMatch(/reward mask: the smallest that n 5 can see with 80 % power is \d\.\d points$/);
});

test("the paper's drops stand beside ours", () => {
  const { parts } = verdictOn({});
  expect(parts.map(({ paper }) => paper.map(({ benchmark, difference }) => [benchmark, difference]))).toEqual([
    [["MATH-500", 0.044]],
    [["MATH-500", 0.062]],
  ]);
});

test("the drops themselves stand beside the verdict, with the paper's", () => {
  const { sideMeasures } = verdictOn({});
  expect(sideMeasures.map(({ label, estimate, unit }) => [label, Math.round(estimate * 1e9) / 1e9, unit])).toEqual([
    ["xs: drop without curriculum (paper MATH-500 +12.7)", 0.127, "accuracy"],
    ["xs: drop without data generation (paper MATH-500 +8.3)", 0.083, "accuracy"],
    ["xs: drop without reward mask (paper MATH-500 +2.1)", 0.021, "accuracy"],
  ]);
  const { cuma: _, ...withoutFull } = AS_CLAIMED;
  const [judged] = judgeAblation(outcomesOf(withoutFull)); // full CuMa cancels from the order, not from a drop
  expect(judged).toMatchObject({ verdict: "reproduced", sideMeasures: [] });
});

test("the same outcomes give the same verdict to the last bit", () => {
  expect(verdictOn({})).toEqual(verdictOn({}));
});
