import { expect, test } from "vitest";
import type { Comparison } from "../../../src/findings/arms/arm.ts";
import { methodArm } from "../../../src/findings/arms/arm.ts";
import type { ArmsAnalysis } from "../../../src/findings/arms/arms-analysis.ts";
import { analyseArms, basesOf, cellBySeed } from "../../../src/findings/arms/arms-analysis.ts";
import type { ArmRecord } from "../../../src/findings/arms/arm-rows.ts";
import { HELD_OUT_ACCURACY } from "../../../src/findings/run-record.ts";
import { ADAPTIVE_COMPARISONS } from "../../../src/findings/adaptive/sweep.ts";
import { armRecord, plausibleArms } from "./arm-records.ts";

const LENGTH = "eval/math-like/mean_length";
const PAIR: Comparison = {
  name: "pair",
  title: "A pair",
  tiers: ["xs", "l"],
  reference: "ttrl",
  arms: [methodArm("ttrl"), methodArm("cuma")],
};

const run = (arm: string, seed: number, final: number, more: object = {}): ArmRecord =>
  armRecord({ comparison: PAIR, arm, tier: "xs", seed, base: 0.1, final, ...more });
const analyse = (records: readonly ArmRecord[], columns?: readonly string[]): ArmsAnalysis =>
  analyseArms(records, { finding: "test", comparisons: [PAIR], ...(columns === undefined ? {} : { columns }) });

test("differences to the reference are paired by seed, and a seed that only one has does not count", () => {
  const { differences } = analyse([
    run("ttrl", 1, 0.1),
    run("ttrl", 2, 0.2),
    run("cuma", 1, 0.3),
    run("cuma", 2, 0.4),
    run("cuma", 3, 0.9),
  ]);
  expect(differences).toHaveLength(1);
  expect(differences[0]).toMatchObject({ comparison: "pair", tier: "xs", arm: "cuma", n: 2, improvement: 1 });
  expect(differences[0].mean).toBeCloseTo(0.2, 12);
  expect(differences[0].smallest).toBeCloseTo(0, 12); // no spread: anything can be seen
});

test("the probability of improvement counts ties half", () => {
  const { differences } = analyse([run("ttrl", 1, 0.2), run("ttrl", 2, 0.2), run("cuma", 1, 0.2), run("cuma", 2, 0.4)]);
  expect(differences[0].improvement).toBe(0.75);
});

test("one seed has a difference but no interval and nothing that it can see", () => {
  const { differences, means } = analyse([run("ttrl", 1, 0.1), run("cuma", 1, 0.3)]);
  expect(differences[0]).toMatchObject({ n: 1, low: null, high: null, smallest: null });
  expect(means[0]).toMatchObject({ n: 1, low: null });
});

test("a change is minus the mean base of the checkpoint, shared by the runs that start from it", () => {
  const analysis = analyse([
    armRecord({ comparison: PAIR, arm: "ttrl", tier: "xs", seed: 1, base: 0.1, final: 0.3 }),
    armRecord({ comparison: PAIR, arm: "cuma", tier: "xs", seed: 4, base: 0.2, final: 0.3 }), // base checkpoint 1 again
  ]);
  expect(basesOf(analysis, "pair", HELD_OUT_ACCURACY)).toHaveLength(1);
  const cell = { comparison: "pair", tier: "xs", arm: "ttrl" };
  expect(cellBySeed(analysis, cell, HELD_OUT_ACCURACY, "change").get(1)).toBeCloseTo(0.15, 12);
});

test("a column that some runs did not measure has values only where it was", () => {
  const analysis = analyse(
    [run("ttrl", 1, 0.1, { columns: { [LENGTH]: [12, 9] } }), run("cuma", 1, 0.3)],
    [HELD_OUT_ACCURACY, LENGTH],
  );
  expect(analysis.means.filter(({ column }) => column === LENGTH).map(({ arm, mean }) => [arm, mean])).toEqual([
    ["ttrl", 9],
  ]);
  expect(analysis.rows.map(({ values }) => values[LENGTH].final)).toEqual([9, null]);
  expect(analysis.differences.every(({ column }) => column === HELD_OUT_ACCURACY)).toBe(true);
});

test("columns that only the first and the last evaluation have are read there", () => {
  const whole = run("ttrl", 1, 0.1, { columns: { "eval/lcb-like/accuracy": [0.2, 0.4] } });
  const evaluations = whole.evaluations.map((row, index) =>
    index === 0 || index === 4 ? row : { ...row, "eval/lcb-like/accuracy": null },
  );
  const { rows } = analyse([{ ...whole, evaluations }], [HELD_OUT_ACCURACY, "eval/lcb-like/accuracy"]);
  expect(rows[0].values["eval/lcb-like/accuracy"]).toEqual({ base: 0.2, final: 0.4 });
});

test("a diverged run has accuracy 0 in every accuracy, and keeps its last length", () => {
  const columns = { "eval/lcb-like/accuracy": [0.2, 0.4], [LENGTH]: [12, 9] };
  const { rows } = analyse(
    [run("ttrl", 1, 0.1, { columns, hasDiverged: true })],
    [HELD_OUT_ACCURACY, "eval/lcb-like/accuracy", LENGTH],
  );
  const finals = Object.values(rows[0].values).map(({ final }) => final);
  expect(finals).toEqual([0, 0, 9]);
});

test("a missing held-out accuracy is an error that names the run", () => {
  const broken = run("ttrl", 1, 0.1);
  const evaluations = broken.evaluations.map((row) => ({ ...row, [HELD_OUT_ACCURACY]: null }));
  expect(() => analyse([{ ...broken, evaluations }])).toThrow(
    expect.objectContaining({ code: "finding/not-finite", message: expect.stringContaining("pair-xs-ttrl-1") }),
  );
});

test("steps, rollouts and the masked share are those of the run", () => {
  const { rows } = analyse([run("cuma", 1, 0.3, { masked: 0.25, collapseStep: 17 })]);
  expect(rows[0]).toMatchObject({
    steps: 40,
    rollouts: 40 * 64,
    maskedShare: 0.25,
    collapseStep: 17,
    hasCollapsed: true,
  });
});

test("comparisons, tiers and arms without runs are left out, and their order is the comparison's own", () => {
  const { comparisons } = analyse([run("cuma", 1, 0.3), run("ttrl", 1, 0.1)]);
  expect(comparisons).toHaveLength(1);
  expect(comparisons[0].tiers).toEqual(["xs"]);
  expect(comparisons[0].arms.map(({ name }) => name)).toEqual(["ttrl", "cuma"]);
});

test("training curves are means over blocks of steps of each run", () => {
  const records = plausibleArms(ADAPTIVE_COMPARISONS, 1);
  const { curves } = analyseArms(records, {
    finding: "adaptive",
    comparisons: ADAPTIVE_COMPARISONS,
    metrics: ["labelfree/level"],
  });
  const line = curves.filter((row) => row.column === "labelfree/level" && row.tier === "xs" && row.arm === "reverse");
  expect(line).toHaveLength(20); // 40 steps in blocks of two
  expect(line[0]).toMatchObject({ step: 1.5, seed: 1 });
  expect(line[0].value).toBeCloseTo(5 - 4 * (0.5 / 40), 12);
});

test("the same records give the same tables to the last bit, in whatever order they come", () => {
  const records = plausibleArms(ADAPTIVE_COMPARISONS, 2);
  const options = { finding: "adaptive", comparisons: ADAPTIVE_COMPARISONS };
  expect(analyseArms([...records].reverse(), options)).toEqual(analyseArms(records, options));
});
