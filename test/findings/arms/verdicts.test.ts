import { describe, expect, test } from "vitest";
import type { ArmsClaim, ArmsPart } from "../../../src/findings/arms/arms-claims.ts";
import { loadArmsClaim } from "../../../src/findings/arms/arms-claims.ts";
import type { Comparison } from "../../../src/findings/arms/arm.ts";
import { methodArm } from "../../../src/findings/arms/arm.ts";
import { analyseArms } from "../../../src/findings/arms/arms-analysis.ts";
import type { ArmsOutcomes } from "../../../src/findings/arms/arms-verdicts.ts";
import { judgeArms } from "../../../src/findings/arms/arms-verdicts.ts";
import { loadClaims, ruleHash } from "../../../src/findings/claim.ts";
import type { VerdictKind } from "../../../src/findings/verdict.ts";
import { armRecord, plausibleArms, studyOf } from "./arm-records.ts";
import { CASES } from "./findings.ts";

const PAIR: Comparison = {
  name: "pair",
  title: "A pair",
  tiers: ["xs"],
  reference: "ttrl",
  arms: [methodArm("ttrl"), methodArm("cuma")],
};

type Finals = Readonly<Record<string, readonly number[]>>;

const around = (value: number): number[] => [-0.01, -0.005, 0, 0.005, 0.01].map((spread) => value + spread);

function outcomesOf(finals: Finals, more: Partial<ArmsOutcomes> = {}): ArmsOutcomes {
  const records = Object.entries(finals).flatMap(([arm, values]) =>
    values.map((final, index) => armRecord({ comparison: PAIR, arm, tier: "xs", seed: index + 1, base: 0.2, final })),
  );
  const analysis = analyseArms(records, { finding: "pair", comparisons: [PAIR] });
  return { scale: "micro", analysis, missing: [], labelOf: ({ arm }) => arm.toUpperCase(), ...more };
}

const DIFFERENCE: ArmsPart = {
  label: "cuma − ttrl",
  terms: [
    { sign: 1, comparison: "pair", tier: "xs", arm: "cuma" },
    { sign: -1, comparison: "pair", tier: "xs", arm: "ttrl" },
  ],
  value: "final",
  expect: "greater",
};

function claimOf(part: Partial<ArmsPart>, more: Partial<ArmsClaim["rule"]> = {}): ArmsClaim {
  const claim = loadArmsClaim("claim-9");
  const parts = [{ ...DIFFERENCE, ...part }] as const;
  return { ...claim, rule: { ...claim.rule, parts: [...parts], beside: [], collapses: [], ...more } };
}

const verdictOn = (finals: Finals, part: Partial<ArmsPart> = {}): VerdictKind =>
  judgeArms(outcomesOf(finals), claimOf(part)).verdict;

describe("the claims about arms", () => {
  const claims = CASES.flatMap(({ finding, comparisons }) =>
    loadClaims()
      .filter((claim) => claim.finding === finding.name)
      .map(({ id }) => ({ id, comparisons })),
  );

  test("are those that were fixed before any run", () => {
    // a change here is a change of the rule: raise its version, and say why in LOG.md
    const hashes = claims.map(({ id }) => [id, ruleHash(loadArmsClaim(id)).slice(0, 16)]);
    expect(Object.fromEntries(hashes)).toMatchInlineSnapshot(`
      {
        "claim-10": "2274d71afb0b3156",
        "claim-11": "de771e64506104a0",
        "claim-12": "af4736aec8455fda",
        "claim-13": "d00a670fdf3d9e62",
        "claim-14": "00e73345fc85de79",
        "claim-15": "9819db7badd2b502",
        "claim-16": "830ee1b9689095b8",
        "claim-17": "934a6943f4eefaa5",
        "claim-18": "3974d25f9a4ae326",
        "claim-19": "60b5059fa6101ba6",
        "claim-20": "9b2a8286722db995",
        "claim-21": "4525d444338a062a",
        "claim-22": "52cc19d86af48dc2",
        "claim-23": "52edec459fbaa487",
        "claim-24": "25d818c9a553c9b1",
        "claim-9": "6dbca225775a0ee5",
      }
    `);
  });

  test("have the hash that a reader of the file without its code sees", () => {
    const loose = new Map(loadClaims().map((claim) => [claim.id, ruleHash(claim)]));
    for (const { id } of claims) expect(ruleHash(loadArmsClaim(id)), id).toBe(loose.get(id));
  });

  test.each(claims)(
    "$id names cells of its finding, and says what it answers beyond the paper",
    ({ id, comparisons }) => {
      const { rule, place, statement } = loadArmsClaim(id);
      const terms = [...rule.parts, ...rule.beside].flatMap((measure) => measure.terms);
      for (const { comparison, tier, arm } of [...terms, ...rule.collapses]) {
        const found = comparisons.find(({ name }) => name === comparison);
        expect(found?.tiers).toContain(tier);
        expect(found?.arms.map(({ name }) => name)).toContain(arm);
      }
      expect(place).toMatch(/^beyond the paper/);
      expect(statement).toMatch(/\.$/);
      const labels = [...rule.parts, ...rule.beside].map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
    },
  );
});

describe.each(CASES)("the verdicts of $finding.name", ({ finding, comparisons }) => {
  test("are all reached from a whole study, each with its parts, and the paper's numbers as unknown", () => {
    const study = studyOf(plausibleArms(comparisons, 5));
    const verdicts = finding.verdicts(finding.analyse(study), study);
    expect(verdicts.length).toBeGreaterThanOrEqual(1);
    for (const { verdict, parts, notes } of verdicts) {
      expect(verdict).not.toBe("not run");
      for (const { paper } of parts) expect(paper.every(({ difference }) => difference === null)).toBe(true);
      expect(notes.join()).toContain("no number of the paper answers this");
    }
  });

  test("say why they were not run where a sweep lacks their arms", () => {
    const [first] = plausibleArms(comparisons, 1);
    const study = studyOf([first], "smoke");
    for (const { verdict, why } of finding.verdicts(finding.analyse(study), study)) {
      expect(verdict).toBe("not run");
      expect(why).toMatch(/no run of .+ on .+ in this sweep/);
    }
  });
});

describe("a part that expects", () => {
  test.each<[ArmsPart["expect"], number, VerdictKind]>([
    ["greater", 0.3, "reproduced"],
    ["greater", 0.21, "same direction"], // smaller than counts
    ["greater", 0.1, "not reproduced"],
    ["less", 0.1, "reproduced"],
    ["less", 0.3, "not reproduced"],
    ["no less", 0.3, "reproduced"],
    ["no less", 0.17, "reproduced"], // within the margin of 0.05
    ["no less", 0.1, "not reproduced"],
    ["close", 0.22, "reproduced"],
    ["close", 0.3, "not reproduced"],
  ])("%s, with 0.2 against %f, is %s", (expected, final, verdict) => {
    expect(verdictOn({ ttrl: around(0.2), cuma: around(final) }, { expect: expected })).toBe(verdict);
  });

  test("greater than the base looks at the change", () => {
    const terms = [DIFFERENCE.terms[0]];
    expect(verdictOn({ cuma: around(0.3) }, { terms, value: "change", label: "cuma, final − base" })).toBe(
      "reproduced",
    );
    expect(verdictOn({ cuma: around(0.1) }, { terms, value: "change", label: "cuma, final − base" })).toBe(
      "not reproduced",
    );
  });
});

test("with fewer seeds than the rule asks for nothing is concluded", () => {
  const four = { ttrl: around(0.2).slice(1), cuma: around(0.4).slice(1) };
  expect(verdictOn(four)).toBe("inconclusive at this n");
});

test("a claim is as good as its weakest part", () => {
  const parts = [DIFFERENCE, { ...DIFFERENCE, label: "the opposite", expect: "less" as const }];
  const { verdict, decidedBy } = judgeArms(outcomesOf({ ttrl: around(0.2), cuma: around(0.4) }), {
    ...claimOf({}, { parts: parts as unknown as ArmsClaim["rule"]["parts"] }),
  });
  expect([verdict, decidedBy?.label]).toEqual(["not reproduced", "the opposite"]);
});

test("a difference of differences sums its cells seed by seed", () => {
  const [plus, minus] = DIFFERENCE.terms;
  const terms = [plus, minus, minus, plus]; // twice the difference
  const { parts } = judgeArms(outcomesOf({ ttrl: around(0.2), cuma: around(0.4) }), claimOf({ terms }));
  expect(parts[0].estimate).toBeCloseTo(0.4, 12);
});

test("an arm without runs gives the reason of its failure, and a failed seed is noted", () => {
  const missing = [{ comparison: "pair", arm: "ttrl", tier: "xs", seed: 2, why: "disk full" }];
  const judged = judgeArms(outcomesOf({ cuma: around(0.3) }, { missing }), claimOf({}));
  expect(judged).toMatchObject({ verdict: "not run", why: "TTRL on xs gave no result: disk full" });
  expect(judged.notes).toContain("TTRL on xs, seed 2, is missing: disk full");
});

test("a column that was not measured is a reason too", () => {
  const judged = judgeArms(
    outcomesOf({ cuma: around(0.3), ttrl: around(0.2) }),
    claimOf({ column: "eval/x/accuracy" }),
  );
  expect(judged).toMatchObject({ verdict: "not run", why: "CUMA on xs did not measure eval/x/accuracy" });
});

test("beside the verdict stand measures without a say, collapsed shares and what the seeds can see", () => {
  const beside = [{ label: "ttrl, final − base", terms: [DIFFERENCE.terms[1]], value: "change" as const }];
  const claim = claimOf({}, { beside, collapses: [{ comparison: "pair", tier: "xs", arm: "cuma" }] });
  const { sideMeasures, notes } = judgeArms(outcomesOf({ ttrl: around(0.2), cuma: around(0.4) }), claim);
  expect(sideMeasures.map(({ label, unit, n }) => [label, unit, n])).toEqual([
    ["ttrl, final − base", "accuracy", 5],
    ["CUMA on xs: collapsed seeds, 0 of 5", "share of seeds", 5],
  ]);
  expect(notes.at(-1)).toMatch(/80 % power, in points: cuma − ttrl \d+\.\d$/);
});

test("the same outcomes give the same verdict to the last bit", () => {
  const judge = () => judgeArms(outcomesOf({ ttrl: [0.1, 0.2, 0.3, 0.2, 0.1], cuma: around(0.3) }), claimOf({}));
  expect(judge()).toEqual(judge());
});
