import { expect, test } from "vitest";
import type { FinalRow } from "../../src/findings/outcomes.ts";
import type { Outcomes } from "../../src/findings/outcomes.ts";
import { judgeCollapse } from "../../src/findings/collapse/verdicts.ts";
import type { Verdict } from "../../src/findings/verdict.ts";

type Method = FinalRow["method"];
type Gains = Readonly<Record<string, Readonly<Partial<Record<Method, readonly number[]>>>>>;

const BASES: Readonly<Record<string, number>> = { xs: 0.14, s: 0.2, m: 0.3, l: 0.5 };

/** Outcomes with stated gains per tier, method and seed; `without` drops single runs. */
function outcomesOf(gains: Gains, extra: Partial<Outcomes> = {}, collapsed = false): Outcomes {
  const finals = Object.entries(gains).flatMap(([tier, methods]) =>
    Object.entries(methods).flatMap(([method, values]) =>
      values.map((gain, index) => ({
        tier,
        method: method as Method,
        seed: index + 1,
        baseSeed: index + 1,
        base: BASES[tier],
        final: BASES[tier] + gain,
        gain,
        hasCollapsed: collapsed && gain < -0.1,
        hasDiverged: false,
      })),
    ),
  );
  return { scale: "micro", tiers: Object.keys(gains), finals, missing: [], ...extra };
}

const around = (value: number, spread = 0.01): number[] => [value - spread, value, value + spread];

/** As the paper says: label-free methods fall on xs and rise on l, CuMa rises everywhere and is near GRPO on l. */
const AS_CLAIMED: Gains = {
  xs: { grpo: around(0.15), ttrl: around(-0.12), intuitor: around(-0.06), cuma: around(0.05) },
  s: { grpo: around(0.2), ttrl: around(-0.1), intuitor: around(0), cuma: around(0.1) },
  m: { grpo: around(0.3), ttrl: around(0.1), intuitor: around(0.1), cuma: around(0.2) },
  l: { grpo: around(0.4), ttrl: around(0.35), intuitor: around(0.3), cuma: around(0.39) },
};

function changed(changes: Gains): Gains {
  const tiers = Object.entries(AS_CLAIMED).map(([tier, methods]) => [tier, { ...methods, ...changes[tier] }] as const);
  return Object.fromEntries(tiers);
}

function verdictOn(claim: string, gains: Gains, extra: Partial<Outcomes> = {}): Verdict {
  const found = judgeCollapse(outcomesOf(gains, extra)).find((verdict) => verdict.claim === claim);
  if (found === undefined) throw new Error(`no verdict on ${claim}`);
  return found;
}

test("runs as the paper claims reproduce all three claims", () => {
  expect(judgeCollapse(outcomesOf(AS_CLAIMED)).map(({ claim, verdict }) => [claim, verdict])).toEqual([
    ["claim-1", "reproduced"],
    ["claim-2", "reproduced"],
    ["claim-6", "reproduced"],
  ]);
});

test.each<[string, Gains, string, RegExp]>([
  ["gains grow but not surely", { l: { ttrl: [-0.15, 0, 0.2] } }, "same direction", /^TTRL/],
  ["gains grow by less than counts", { l: { intuitor: around(-0.05) } }, "same direction", /^Intuitor/],
  ["gains surely shrink", { l: { ttrl: around(-0.3) } }, "not reproduced", /^TTRL/],
  ["gains perhaps shrink", { l: { ttrl: [-0.3, -0.12, 0] } }, "inconclusive at this n", /^TTRL/],
])("claim 1 where %s", (_, changes, verdict, decider) => {
  const judged = verdictOn("claim-1", changed(changes));
  expect(judged.verdict).toBe(verdict);
  expect(judged.decidedBy?.label).toMatch(decider);
});

test("claim 1's estimate is the difference of gains, its interval over paired seeds", () => {
  const [ttrl] = verdictOn("claim-1", AS_CLAIMED).parts;
  expect(ttrl.estimate).toBeCloseTo(0.47, 12);
  expect(ttrl.low).toBeCloseTo(0.47, 12); // both gains vary alike with the seed, so the pairs do not vary
  expect(ttrl.n).toBe(3);
});

test("claim 1 shows the rank correlation of base accuracy and gain over all runs", () => {
  const [ttrl] = verdictOn("claim-1", AS_CLAIMED).sideMeasures;
  expect(ttrl).toMatchObject({ unit: "rank correlation", n: 12 });
  expect(ttrl.estimate).toBeGreaterThan(0.9);
  expect(ttrl.low).toBeLessThanOrEqual(ttrl.estimate);
  expect(ttrl.high).toBeGreaterThanOrEqual(ttrl.estimate);
});

test.each<[string, Gains, string]>([
  ["the fall is smaller than counts", { xs: { intuitor: around(-0.015, 0.001) } }, "same direction"],
  ["the fall is not sure", { xs: { intuitor: [-0.1, -0.05, 0.02] } }, "same direction"],
  ["Intuitor surely rises", { xs: { intuitor: around(0.05) } }, "not reproduced"],
  ["Intuitor perhaps rises", { xs: { intuitor: [-0.01, 0.01, 0.05] } }, "inconclusive at this n"],
])("claim 2 where %s", (_, changes, verdict) => {
  const judged = verdictOn("claim-2", changed(changes));
  expect(judged.verdict).toBe(verdict);
  expect(judged.decidedBy?.label).toMatch(/^Intuitor/);
  expect(judged.parts[0].verdict).toBe("reproduced"); // TTRL's part is shown as it is
});

test("claim 2 counts collapsed and diverged seeds with Wilson's interval", () => {
  const outcomes = outcomesOf(changed({ xs: { ttrl: [-0.12, -0.05, -0.13] } }), {}, true);
  const finals = outcomes.finals.map((row) =>
    row.tier === "xs" && row.method === "intuitor" && row.seed === 1 ? { ...row, hasDiverged: true } : row,
  );
  const [ttrl, intuitor] = judgeCollapse({ ...outcomes, finals })[1].sideMeasures;
  expect(ttrl).toMatchObject({ label: "TTRL on xs: collapsed seeds, 2 of 3", n: 3 });
  expect(ttrl.low).toBeCloseTo(0.2077, 3); // Wilson, 2 of 3
  expect(intuitor.label).toBe("Intuitor on xs: collapsed seeds, 1 of 3");
});

test.each<[string, Gains, string, RegExp]>([
  ["CuMa rises everywhere but is surely not close to GRPO", { l: { cuma: around(0.2) } }, "same direction", /GRPO/],
  ["closeness is not sure", { l: { cuma: [0.3, 0.39, 0.48] } }, "same direction", /GRPO/],
  ["a rise is not sure", { xs: { cuma: [-0.01, 0.02, 0.05] } }, "same direction", /CuMa on xs/],
  ["a rise is doubtful", { s: { cuma: [-0.05, -0.01, 0.02] } }, "inconclusive at this n", /CuMa on s/],
  ["one tier surely falls", { m: { cuma: around(-0.1) } }, "not reproduced", /CuMa on m/],
])("claim 6 where %s", (_, changes, verdict, decider) => {
  const judged = verdictOn("claim-6", changed(changes));
  expect(judged.verdict).toBe(verdict);
  expect(judged.decidedBy?.label).toMatch(decider);
});

test("with fewer than three seeds nothing is concluded, and no interval is shown", () => {
  const two = Object.fromEntries(
    Object.entries(AS_CLAIMED).map(([tier, methods]) => [
      tier,
      Object.fromEntries(Object.entries(methods).map(([method, values]) => [method, values.slice(0, 2)])),
    ]),
  );
  for (const verdict of judgeCollapse(outcomesOf(two))) {
    expect(verdict.verdict).toBe("inconclusive at this n");
    for (const part of verdict.parts) expect(part).toMatchObject({ low: null, high: null, n: 2 });
  }
});

test("a cell without runs is not run, and the reason is the sweep's or the failure's", () => {
  const { l: _, ...withoutStrongest } = AS_CLAIMED;
  expect(verdictOn("claim-1", withoutStrongest)).toMatchObject({
    verdict: "not run",
    why: "no run of ttrl on l in this sweep",
    parts: [],
  });
  const missing = [{ tier: "l", method: "ttrl", seed: 1, why: "disk full" }];
  expect(verdictOn("claim-1", changed({ l: { ttrl: [] } }), { missing }).why).toBe(
    "ttrl on l gave no result: disk full",
  );
  expect(verdictOn("claim-6", changed({ l: { grpo: [] } }))).toMatchObject({ verdict: "not run" });
  expect(verdictOn("claim-2", changed({ xs: { intuitor: [] } }))).toMatchObject({ verdict: "not run" });
});

test("cells without a common seed are not compared", () => {
  const outcomes = outcomesOf(AS_CLAIMED);
  const finals = outcomes.finals.map((row) => (row.tier === "l" ? { ...row, seed: row.seed + 10 } : row));
  const [first] = judgeCollapse({ ...outcomes, finals });
  expect(first).toMatchObject({ verdict: "not run", why: "no seed ran in all of ttrl on l, ttrl on xs" });
});

test("a missing seed lowers n and is noted, a diverged one is noted and counts", () => {
  const outcomes = outcomesOf(AS_CLAIMED, { missing: [{ tier: "xs", method: "ttrl", seed: 3, why: "killed" }] });
  const finals = outcomes.finals
    .filter(({ tier, method, seed }) => !(tier === "xs" && method === "ttrl" && seed === 3))
    .map((row) =>
      row.tier === "xs" && row.method === "intuitor" && row.seed === 1 ? { ...row, hasDiverged: true } : row,
    );
  const [first] = judgeCollapse({ ...outcomes, finals });
  expect(first.parts.map(({ n }) => n)).toEqual([2, 3]);
  expect(first.verdict).toBe("inconclusive at this n");
  expect(first.notes).toEqual([
    "ttrl on xs, seed 3, is missing: killed",
    "intuitor on xs, seed 1, diverged and counts as accuracy 0",
  ]);
});

test("tiers whose measured base accuracies are out of order are noted", () => {
  const outcomes = outcomesOf(AS_CLAIMED);
  const finals = outcomes.finals.map((row) => (row.tier === "s" ? { ...row, base: 0.1 } : row));
  const [first] = judgeCollapse({ ...outcomes, finals });
  expect(first.notes).toEqual(["the base accuracy measured on s is not above that on xs"]);
});

test("at a scale with fewer tiers claim 6 speaks of those", () => {
  const { xs, l } = AS_CLAIMED;
  const judged = verdictOn("claim-6", { xs, l }, { scale: "smoke" });
  expect(judged.scale).toBe("smoke");
  expect(judged.parts.map(({ label }) => label)).toEqual([
    "CuMa on xs: final − base",
    "CuMa on l: final − base",
    "CuMa − GRPO on l, within ±5 points",
  ]);
});

test("the paper's numbers stand beside ours, and what is not known stays unknown", () => {
  const [ttrl, intuitor] = verdictOn("claim-1", AS_CLAIMED).parts;
  // (73.6 - 58.2) - (0.0 - 23.4) on MATH-500; TTRL's 0.5B GSM8K cell is not known, Intuitor's MATH-500 one neither
  expect(ttrl.paper.map(({ benchmark, difference }) => [benchmark, difference])).toEqual([
    ["MATH-500", 0.388],
    ["GSM8K", null],
  ]);
  expect(intuitor.paper.map(({ difference }) => difference)).toEqual([null, 0.2239]);
});

test("the same outcomes give the same verdicts to the last bit", () => {
  expect(judgeCollapse(outcomesOf(AS_CLAIMED))).toEqual(judgeCollapse(outcomesOf(AS_CLAIMED)));
});
