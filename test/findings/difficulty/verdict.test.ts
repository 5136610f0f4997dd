import { expect, test } from "vitest";
import { ruleHash } from "../../../src/findings/claim.ts";
import type { DifficultyRow } from "../../../src/findings/difficulty/analysis.ts";
import { loadDifficultyClaim } from "../../../src/findings/difficulty/claims.ts";
import { loadPaperCurves } from "../../../src/findings/difficulty/paper-curves.ts";
import type { DifficultyOutcomes } from "../../../src/findings/difficulty/verdicts.ts";
import { judgeDifficulty } from "../../../src/findings/difficulty/verdicts.ts";

type Gains = Readonly<Record<string, readonly (readonly number[])[]>>;

const BASE = 0.16;

/** Gains per "tier method", for the level sets 1-2 to 1-5, by seed; on the easy held-out set the opposite. */
function outcomesOf(gains: Gains, extra: Partial<DifficultyOutcomes> = {}): DifficultyOutcomes {
  const finals = Object.entries(gains).flatMap(([cell, sets]) =>
    sets.flatMap((values, set) =>
      values.flatMap((gain, index) => {
        const [tier, method] = cell.split(" ");
        const row = {
          tier,
          method: method as DifficultyRow["method"],
          hardestLevel: set + 2,
          seed: index + 1,
          baseSeed: (index % 3) + 1,
          base: BASE,
          hasCollapsed: false,
          hasDiverged: false,
        };
        return [
          { ...row, column: "eval/math-like/accuracy" as const, gain, final: BASE + gain },
          { ...row, column: "eval/gsm-like/accuracy" as const, gain: -gain, final: BASE - gain },
        ];
      }),
    ),
  );
  return { scale: "micro", tiers: ["xs"], finals, missing: [], ...extra };
}

const around = (value: number, spread = 0.01): number[] => [-2, -1, 0, 1, 2].map((i) => value + (spread * i) / 2);

const AS_CLAIMED = [around(0.08), around(0.02), around(-0.1), around(-0.14)];

const judge = (sets: readonly (readonly number[])[], extra: Partial<DifficultyOutcomes> = {}) =>
  judgeDifficulty(outcomesOf({ "xs ttrl": sets }, extra));

test("the rule is the one that was fixed before any run", () => {
  // a change here is a change of the rule: raise its version, and say why in LOG.md
  expect(ruleHash(loadDifficultyClaim())).toMatchInlineSnapshot(
    `"223b51007fa7b7e7d71cfd22491d8610768dcfab512114f2614c223c50055b44"`,
  );
});

test("runs as the paper draws them reproduce the claim", () => {
  const { verdict, parts, decidedBy } = judge(AS_CLAIMED);
  expect(verdict).toBe("reproduced");
  expect(parts.map((part) => part.verdict)).toEqual(["reproduced", "reproduced", "reproduced"]);
  expect(decidedBy).toBe(parts[0]);
});

test.each<[string, readonly (readonly number[])[], string, RegExp]>([
  ["nothing succeeds", [around(-0.05), around(-0.1), around(-0.14), around(-0.14)], "same direction", /success/],
  ["success is smaller than counts", [around(0.01, 0.001), ...AS_CLAIMED.slice(1)], "same direction", /success/],
  ["success is not sure", [[-0.08, 0, 0.03, 0.1, 0.1], ...AS_CLAIMED.slice(1)], "same direction", /success/],
  ["nothing fails", [around(0.3), around(0.2), around(0.1), around(0.1)], "same direction", /failure/],
  ["the fall is smaller than counts", [around(0.05), [], [], around(0.04, 0.001)], "same direction", /after levels/],
  ["the fall is not sure", [around(0.08), [], [], [-0.1, -0.1, 0.1, 0.1, 0.2]], "same direction", /after levels/],
  ["harder data perhaps helps", [around(0.03), [], [], [0, 0, 0, 0.1, 0.1]], "inconclusive at this n", /after levels/],
  ["harder data surely helps", [around(0.02), [], [], around(0.1)], "not reproduced", /after levels/],
])("where %s", (_, sets, verdict, decider) => {
  const judged = judge(sets);
  expect(judged.verdict).toBe(verdict);
  expect(judged.decidedBy?.label).toMatch(decider);
});

test("the fall is paired by seed, so what the seeds share does not widen its interval", () => {
  const [fall] = judge([around(0.08, 0.1), [], [], around(-0.14, 0.1)]).parts;
  expect(fall.estimate).toBeCloseTo(0.22, 12);
  expect(fall.low).toBeCloseTo(0.22, 12);
  expect(fall.n).toBe(5);
});

test("four seeds are not enough to conclude anything", () => {
  const { verdict, parts } = judge(AS_CLAIMED.map((values) => values.slice(0, 4)));
  expect(verdict).toBe("inconclusive at this n");
  expect(parts[0]).toMatchObject({ low: null, high: null, n: 4 });
});

test("only the claim's held-out set decides", () => {
  const { finals, ...others } = outcomesOf({ "xs ttrl": AS_CLAIMED });
  const swapped = finals.map((row) => ({
    ...row,
    column: row.column === "eval/gsm-like/accuracy" ? "eval/math-like/accuracy" : "eval/gsm-like/accuracy",
  })) as DifficultyRow[];
  expect(judgeDifficulty({ ...others, finals: swapped }).verdict).toBe("not reproduced");
});

test("a note says the smallest fall that so many seeds can see, and nothing below the fewest", () => {
  const sets = [[0.1, 0.12, 0.1, 0.08, 0.1], [], [], around(-0.1, 0)];
  // sd 0.01414; 5 pairs see 1.70 sd with 80 % power
  expect(judge(sets).notes).toEqual([expect.stringMatching(/n 5 can see with 80 % power is 2\.4 points$/)]);
  expect(judge(sets.map((values) => values.slice(0, 4))).notes).toEqual([]);
});

test("neither a stronger tier nor labels decide, but their trends stand beside the verdict", () => {
  const rising = [around(0.1), around(0.2), around(0.3), around(0.4)];
  const gains = { "xs ttrl": AS_CLAIMED, "l ttrl": rising, "xs grpo": rising };
  const { verdict, sideMeasures } = judgeDifficulty(outcomesOf(gains, { tiers: ["xs", "l"] }));
  expect(verdict).toBe("reproduced");
  expect(sideMeasures.map(({ label }) => label.split(":")[0])).toEqual([
    "fall of TTRL − fall of GRPO with labels on xs, in points",
    "TTRL on xs",
    "TTRL on l",
    "GRPO on xs",
  ]);
  const [control, xs, l, grpo] = sideMeasures;
  expect(control).toMatchObject({ unit: "accuracy", n: 5 });
  expect(control.estimate).toBeCloseTo(0.22 + 0.3, 12);
  expect(xs).toMatchObject({ unit: "rank correlation", n: 20 });
  expect(xs.estimate).toBeCloseTo(-Math.sqrt((20 ** 2 - 5 ** 2) / (20 ** 2 - 1)), 12); // the bound that ties leave
  expect(xs.high).toBeLessThan(-0.9);
  expect(l.estimate).toBeGreaterThan(0.9);
  expect(grpo.estimate).toBeGreaterThan(0.9);
});

test("equal accuracies everywhere are no trend", () => {
  const [trend] = judge([around(0, 0), around(0, 0), around(0, 0), around(0, 0)]).sideMeasures;
  expect(trend).toMatchObject({ estimate: 0, low: 0, high: 0 });
});

test("a missing level set is said so, with its reason where there is one", () => {
  const sets = [AS_CLAIMED[0], AS_CLAIMED[1], AS_CLAIMED[2], []];
  expect(judge(sets).why).toBe("no run of ttrl on xs, levels 1–5 in this sweep");
  const failed = { tier: "xs", method: "ttrl", seed: 1, hardestLevel: 5, why: "the disk was full" };
  const { verdict, why, notes } = judge(sets, { missing: [failed] });
  expect(verdict).toBe("not run");
  expect(why).toBe("ttrl on xs, levels 1–5 gave no result: the disk was full");
  expect(notes).toEqual(["ttrl on xs, levels 1–5, seed 1, is missing: the disk was full"]);
});

test("sets without a common seed cannot be compared", () => {
  const { finals, ...others } = outcomesOf({ "xs ttrl": AS_CLAIMED });
  const apart = finals.map((row) => (row.hardestLevel === 5 ? { ...row, seed: row.seed + 10 } : row));
  expect(judgeDifficulty({ ...others, finals: apart }).why).toBe("no seed ran in all of levels 1–2, levels 1–5");
});

test("a diverged run is named with its level set, once", () => {
  const { finals, ...others } = outcomesOf({ "xs ttrl": AS_CLAIMED });
  const diverged = finals.map((row) => ({ ...row, hasDiverged: row.hardestLevel === 4 && row.seed === 2 }));
  const notes = judgeDifficulty({ ...others, finals: diverged }).notes.filter((note) => note.includes("diverged"));
  expect(notes).toEqual(["ttrl on xs, levels 1–4, seed 2, diverged and counts as accuracy 0"]);
});

test("the paper's counterpart is a difference only where both of its numbers are known", () => {
  const [fall, success, failure] = judge(AS_CLAIMED).parts.map(({ paper }) =>
    Object.fromEntries(paper.map(({ benchmark, difference }) => [benchmark, difference])),
  );
  expect(fall).toEqual({ "MATH-500": null, GSM8K: 0.13 });
  expect(success).toEqual({ "MATH-500": 0.116, GSM8K: 0.0162 });
  expect(failure).toEqual({ "MATH-500": null, GSM8K: -0.1138 });
});

test("what is known of the paper's curves is four numbers of eight", () => {
  const { curves, size } = loadPaperCurves();
  expect(size).toBe("0.5B");
  expect(curves.map(({ benchmark, byHardestLevel }) => [benchmark, ...Object.values(byHardestLevel)])).toEqual([
    ["MATH-500", "0.35", null, "about 0", null],
    ["GSM8K", "0.28", null, null, "0.15"],
  ]);
});
