import { expect, test } from "vitest";
import { ruleHash } from "../../../src/findings/claim.ts";
import type { LengthRun } from "../../../src/findings/length/analysis.ts";
import type { LengthClaims } from "../../../src/findings/length/claims.ts";
import { loadLengthClaims } from "../../../src/findings/length/claims.ts";
import type { LengthOutcomes } from "../../../src/findings/length/outcomes.ts";
import { judgeLength } from "../../../src/findings/length/verdicts.ts";
import type { Verdict } from "../../../src/findings/verdict.ts";

type Method = LengthRun["method"];

/** Mean final length and mean final accuracy of a cell; seeds lie around them. */
type Cells = Readonly<Record<string, Readonly<Partial<Record<Method, readonly [length: number, accuracy: number]>>>>>;

const METHODS = ["grpo", "ttrl", "intuitor", "cuma"] as const;
const BASE_LENGTH = 16;
const SPREAD = [-2, -1, 0, 1, 2];

/** Within a cell length and accuracy go against each other a little, so that order comes from the methods. */
function outcomesOf(cells: Cells, extra: Partial<LengthOutcomes> = {}, seeds = 5): LengthOutcomes {
  const finals = Object.entries(cells).flatMap(([tier, methods]) =>
    Object.entries(methods).flatMap(([method, [length, accuracy]]) =>
      SPREAD.slice(0, seeds).map((offset, index): LengthRun => {
        const finalLength = length + 0.02 * offset;
        const final = accuracy - 0.0002 * offset;
        const base = { xs: 0.1, s: 0.15, m: 0.3, l: 0.5 }[tier] ?? 0;
        return {
          tier,
          method: method as Method,
          seed: index + 1,
          baseSeed: (index % 3) + 1,
          base,
          final,
          gain: final - base,
          hasCollapsed: false,
          hasDiverged: false,
          baseLength: BASE_LENGTH,
          finalLength,
          growth: finalLength - BASE_LENGTH,
          truncated: 0,
          reflection: null,
        };
      }),
    ),
  );
  return { scale: "micro", tiers: Object.keys(cells), finals, missing: [], ...extra };
}

/** Longer is better among the methods of a tier. */
const ORDERED = { ttrl: [5, 0.02], intuitor: [9, 0.1], cuma: [20, 0.2], grpo: [24, 0.3] } as const;
/** Longer is worse. */
const REVERSED = { ttrl: [5, 0.3], intuitor: [9, 0.2], cuma: [20, 0.1], grpo: [24, 0.02] } as const;
/** All methods are nearly equally good, whatever the length. */
const LEVEL = { ttrl: [24, 0.95], intuitor: [23, 0.96], cuma: [22, 0.97], grpo: [21, 0.98] } as const;
/** Length and accuracy have little to do with each other: rho 0.4 between the methods. */
const LOOSE = { ttrl: [5, 0.1], intuitor: [9, 0.2], cuma: [20, 0.02], grpo: [24, 0.3] } as const;

/** The claims with fewer resamples, for speed. */
const CLAIMS: LengthClaims = (() => {
  const { growth, sign } = loadLengthClaims();
  const resamples = 400;
  return {
    growth: { ...growth, rule: { ...growth.rule, resamples } },
    sign: { ...sign, rule: { ...sign.rule, resamples } },
  };
})();

function judge(outcomes: LengthOutcomes): [growth: Verdict, sign: Verdict] {
  const [growth, sign] = judgeLength(outcomes, CLAIMS);
  return [growth, sign];
}

function verdictsOn(cells: Cells, extra: Partial<LengthOutcomes> = {}, seeds = 5): [growth: Verdict, sign: Verdict] {
  return judge(outcomesOf(cells, extra, seeds));
}

test("the rules are those that were fixed before any run", () => {
  // a change here is a change of the rule: raise its version, and say why in LOG.md
  const { growth, sign } = loadLengthClaims();
  expect(Object.fromEntries([growth, sign].map((claim) => [claim.id, ruleHash(claim)]))).toMatchInlineSnapshot(`
    {
      "claim-3": "7ea57ea7534a1295566c6819bfed29b59b9390a7955b062984c4e1fd46628de3",
      "claim-5": "5a9b3a0f4b3cc5d8ec18bd1a2c6db2fd113db29b4afe97c05672a3e349dfa6ac",
    }
  `);
});

test.each<[string, Cells, string]>([
  [
    "both methods grow by a worked step more on l",
    { xs: { ttrl: [5, 0], cuma: [15, 0] }, l: { ttrl: [28, 0], cuma: [28, 0] } },
    "reproduced",
  ],
  [
    "CuMa grows more on l, by less than a worked step",
    { xs: { ttrl: [5, 0], cuma: [24, 0] }, l: { ttrl: [28, 0], cuma: [28, 0] } },
    "same direction",
  ],
  [
    "CuMa grows more on xs",
    { xs: { ttrl: [5, 0], cuma: [28, 0] }, l: { ttrl: [28, 0], cuma: [24, 0] } },
    "not reproduced",
  ],
  [
    "CuMa grows alike",
    { xs: { ttrl: [5, 0], cuma: [28, 0] }, l: { ttrl: [28, 0], cuma: [28, 0] } },
    "inconclusive at this n",
  ],
])("claim 3 where %s", (_, cells, verdict) => {
  const [growth] = verdictsOn(cells);
  expect(growth.verdict).toBe(verdict);
});

test("claim 3 counts in tokens, pairs seeds and shows each cell's growth beside its parts", () => {
  const [{ parts, sideMeasures }] = verdictsOn({ xs: ORDERED, l: LEVEL });
  expect(parts[0]).toMatchObject({ label: "TTRL: growth on l − growth on xs", unit: "tokens", n: 5 });
  expect(parts[0].estimate).toBeCloseTo(24 - 5, 12);
  expect(sideMeasures.map(({ label, unit }) => [label, unit])).toContainEqual([
    "CuMa on xs: growth in length",
    "tokens",
  ]);
  expect(sideMeasures[0].estimate).toBeCloseTo(5 - BASE_LENGTH, 12);
});

test("claim 3 says that it speaks of length only, and whether reflection was recorded", () => {
  const cells = { xs: ORDERED, l: LEVEL };
  const [without] = verdictsOn(cells);
  expect(without.notes.join()).toMatch(
    /length of responses only.*reflection-like steps were not recorded in these runs/,
  );
  const { finals } = outcomesOf(cells);
  const recorded = finals.map((row) => ({ ...row, reflection: 0.25 }));
  const [with_] = verdictsOn(cells, { finals: recorded });
  expect(with_.notes.join()).toMatch(/beside the rule and does not enter it/);
  expect(with_.sideMeasures).toContainEqual(
    expect.objectContaining({
      unit: "share of responses",
      estimate: 0.25,
      label: expect.stringContaining("TTRL on l"),
    }),
  );
  expect(with_.verdict).toBe(without.verdict);
  const more = finals.map((row) => ({ ...row, reflection: row.tier === "l" ? 0.3 : 0.1 }));
  const [apart] = verdictsOn(cells, { finals: more });
  const gap = apart.sideMeasures.find(({ label }) => label === "CuMa: reflecting responses at the end on l − on xs");
  expect(gap).toMatchObject({ unit: "share of responses", estimate: expect.closeTo(0.2, 12), n: 5 });
  expect(without.sideMeasures.map(({ label }) => label).join()).not.toContain("reflecting");
});

test("claim 3 shows the paper's lengths as the review words them, the unknown one as ?", () => {
  const [{ notes }] = verdictsOn({ xs: ORDERED, l: LEVEL });
  expect(notes.at(-1)).toContain("0.5B stays at 500-700, 1.5B stays at 500-700, 3B ?, 7B from about 500 to about 1400");
});

test.each<[string, Cells, string, RegExp]>([
  ["length orders the runs on every tier", { xs: ORDERED, l: ORDERED }, "not reproduced", /^xs/],
  ["it does on one tier and not on another", { xs: ORDERED, l: REVERSED }, "reproduced", /^l/],
  ["longer is worse everywhere", { xs: REVERSED, l: REVERSED }, "reproduced", /^xs/],
  ["lengths say little", { xs: ORDERED, l: LOOSE }, "reproduced", /^l/],
])("claim 5 where %s", (_, cells, verdict, decider) => {
  const [, sign] = verdictsOn(cells);
  expect(sign.verdict).toBe(verdict);
  expect(sign.decidedBy?.label).toMatch(decider);
});

test("claim 5 passes over a tier whose methods are equally good, and says so", () => {
  const [, sign] = verdictsOn({ xs: ORDERED, l: LEVEL });
  expect(sign.verdict).toBe("not reproduced");
  expect(sign.parts.map(({ verdict }) => verdict)).toEqual(["not reproduced", "inconclusive at this n"]);
  expect(sign.parts[1].estimate).toBeLessThan(-0.5); // a correlation that would have settled it
  expect(sign.notes.join()).toMatch(
    /l does not count: its methods' mean accuracies lie within 3\.0 points, less than 10/,
  );
});

test("claim 5 concludes nothing where no tier counts", () => {
  const [, sign] = verdictsOn({ xs: LEVEL, l: LEVEL });
  expect(sign).toMatchObject({ verdict: "inconclusive at this n", decidedBy: null });
});

test("claim 5 is of the same direction where the estimate lies below, but not the interval", () => {
  const { finals, ...rest } = outcomesOf({ xs: ORDERED, l: LOOSE });
  const noisy = finals.map((row) =>
    row.tier === "l" ? { ...row, final: row.final + 0.3 * (((row.seed * 7 + row.method.length * 3) % 5) / 5) } : row,
  );
  const [, sign] = judge({ ...rest, finals: noisy });
  expect(sign.parts[1].estimate).toBeLessThan(0.5);
  expect(sign.parts[1].high).toBeGreaterThan(0.5);
  expect(sign.verdict).toBe("same direction");
});

test("equal lengths order nothing and count as a correlation of 0", () => {
  const { finals, ...rest } = outcomesOf({ xs: ORDERED });
  const [, sign] = judge({ ...rest, finals: finals.map((row) => ({ ...row, finalLength: 20 })) });
  expect(sign.parts[0]).toMatchObject({ estimate: 0, low: 0, high: 0, n: 20, verdict: "reproduced" });
});

test("the tiers share the error: an interval is wider among four tiers than alone", () => {
  const four = verdictsOn({ xs: LOOSE, s: LOOSE, m: LOOSE, l: LOOSE })[1];
  const one = verdictsOn({ xs: LOOSE })[1];
  expect(four.notes.join()).toContain("each tier's interval is at 98.75\u00a0%");
  expect(one.notes.join()).toContain("each tier's interval is at 95\u00a0%, so that it is at 95\u00a0%");
  const width = ({ parts: [{ low, high }] }: Verdict): number => (high ?? 0) - (low ?? 0);
  expect(width(four)).toBeGreaterThan(width(one));
});

test("beside claim 5 stands the correlation over all tiers, with and without the cells that collapsed", () => {
  const { finals, ...rest } = outcomesOf({ xs: ORDERED, l: REVERSED });
  const collapsed = finals.map((row) => ({ ...row, hasCollapsed: row.tier === "xs" && row.seed === 1 }));
  const [, { sideMeasures }] = judge({ ...rest, finals: collapsed });
  expect(sideMeasures.map(({ n, unit }) => [n, unit])).toEqual([
    [40, "rank correlation"],
    [20, "rank correlation"],
  ]);
  expect(sideMeasures[1].estimate).toBeLessThan(-0.9);
});

test("with fewer than five seeds nothing is concluded, and no interval is shown", () => {
  for (const verdict of verdictsOn({ xs: ORDERED, l: REVERSED }, {}, 4)) {
    expect(verdict.verdict).toBe("inconclusive at this n");
    for (const part of verdict.parts) expect(part).toMatchObject({ low: null, high: null });
  }
});

test("a cell without runs is not run, with the sweep's reason or the failure's", () => {
  const { ttrl: _, ...withoutTtrl } = ORDERED;
  const [growth, sign] = verdictsOn({ xs: withoutTtrl, l: LEVEL });
  for (const verdict of [growth, sign]) {
    expect(verdict).toMatchObject({ verdict: "not run", why: "no run of ttrl on xs in this sweep", parts: [] });
  }
  const missing = [{ tier: "xs", method: "ttrl", seed: 1, why: "disk full" }];
  expect(verdictsOn({ xs: withoutTtrl, l: LEVEL }, { missing })[1].why).toBe("ttrl on xs gave no result: disk full");
});

test("verdicts are plain JSON", () => {
  const verdicts = verdictsOn({ xs: ORDERED, l: REVERSED });
  expect(JSON.parse(JSON.stringify(verdicts))).toEqual(verdicts);
  expect(METHODS).toEqual(loadLengthClaims().sign.rule.methods);
});
