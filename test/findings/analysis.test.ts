import { expect, test } from "vitest";
import { analyseCollapse } from "../../src/findings/collapse/analysis.ts";
import type { RunRecord } from "../../src/findings/run-record.ts";
import { evaluationRow, plausibleSweep, recordOf, stepRow } from "./synthetic-records.ts";

const run = (seed: number, base: number, final: number): RunRecord =>
  recordOf({ tier: "xs", method: "ttrl", seed, base, final });

test("base, final and gain of each run are those of its first and last evaluation", () => {
  const { finals } = analyseCollapse([run(1, 0.1, 0.3), run(2, 0.2, 0.1)]);
  expect(finals).toMatchObject([
    { tier: "xs", method: "ttrl", seed: 1, baseSeed: 1, base: 0.1, final: 0.3 },
    { tier: "xs", method: "ttrl", seed: 2, baseSeed: 2, base: 0.2, final: 0.1 },
  ]);
  expect(finals[0].gain).toBeCloseTo(0.2, 12);
  expect(finals[1].gain).toBeCloseTo(-0.1, 12);
});

test("runs from one base checkpoint share its base accuracy, the mean of what they measured", () => {
  const { bases, finals } = analyseCollapse([run(1, 0.1, 0.3), run(4, 0.2, 0.3)]); // seeds 1 and 4 start from base 1
  expect(bases).toHaveLength(1);
  expect(bases[0].accuracy).toBeCloseTo(0.15, 12);
  expect(finals.map(({ gain }) => Math.round(gain * 1e9) / 1e9)).toEqual([0.15, 0.15]);
});

test("held-out means are over seeds at each step, with a bootstrap interval within their range", () => {
  const { heldOutMeans } = analyseCollapse([run(1, 0.1, 0.3), run(2, 0.1, 0.2), run(3, 0.1, 0.4)]);
  const last = heldOutMeans.find(({ step }) => step === 4);
  expect(last?.mean).toBeCloseTo(0.3, 12);
  expect(last?.n).toBe(3);
  expect(last?.low).toBeCloseTo(0.2, 12); // of three seeds the interval is the range
  expect(last?.high).toBeCloseTo(0.4, 12);
});

test("one seed has a mean but no interval", () => {
  const { heldOutMeans, levels, mechanism } = analyseCollapse([run(1, 0.1, 0.3)]);
  for (const row of [...heldOutMeans, ...levels, ...mechanism])
    expect(row).toMatchObject({ n: 1, low: null, high: null });
});

test("training curves are means over blocks of steps first, then over seeds", () => {
  const steps = (values: readonly number[]) => values.map((entropy, index) => stepRow(index + 1, { entropy }));
  const fifty = (low: number) => Array.from({ length: 50 }, (_, index) => low + (index % 2)); // mean low + 0.5
  const { mechanism, blockSteps } = analyseCollapse([
    { ...run(1, 0.1, 0.3), steps: steps(fifty(0)) },
    { ...run(2, 0.1, 0.3), steps: steps(fifty(2)) },
  ]);
  expect(blockSteps).toBe(2);
  const entropy = mechanism.filter(({ metric }) => metric === "entropy");
  expect(entropy).toHaveLength(25);
  expect(entropy[0]).toMatchObject({ step: 1.5, mean: 1.5, n: 2 });
});

test("a metric without meaning for a run leaves no row, not a zero", () => {
  const steps = [1, 2].map((step) => stepRow(step, { "labelfree/masked_fraction": null }));
  const { mechanism } = analyseCollapse([{ ...run(1, 0.1, 0.3), steps }]);
  expect(mechanism.some(({ metric }) => metric === "labelfree/masked_fraction")).toBe(false);
  expect(mechanism.some(({ metric }) => metric === "entropy")).toBe(true);
});

test("accuracy by level is shown after training and for the base", () => {
  const evaluations = [evaluationRow(0, 0.2, 0.2), { ...evaluationRow(4, 0.4, 0.2), "eval/math-like/level_5": 0.07 }];
  const { levels } = analyseCollapse([{ ...run(1, 0.2, 0.4), evaluations }]);
  expect(levels.find(({ method, level }) => method === "ttrl" && level === 5)?.mean).toBe(0.07);
  expect(levels.find(({ method, level }) => method === "base" && level === 1)?.mean).toBeCloseTo(0.31, 12);
});

test("a diverged run counts with accuracy 0, in total and by level", () => {
  const record = recordOf({ tier: "xs", method: "ttrl", seed: 1, base: 0.2, final: 0.3, hasDiverged: true });
  const { finals, levels } = analyseCollapse([record]);
  expect(finals[0]).toMatchObject({ final: 0, gain: -0.2, hasDiverged: true });
  expect(levels.filter(({ method }) => method === "ttrl").map(({ mean }) => mean)).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  [
    "an accuracy that is null",
    { evaluations: [evaluationRow(0, 0.1, 0.1), { ...evaluationRow(4, 0.1, 0.1), "eval/math-like/accuracy": null }] },
  ],
  ["an accuracy that is NaN", { evaluations: [evaluationRow(0, Number.NaN, 0.1), evaluationRow(4, 0.1, 0.1)] }],
  [
    "a level without a value",
    { evaluations: [evaluationRow(0, 0.1, 0.1), { ...evaluationRow(4, 0.1, 0.1), "eval/math-like/level_3": null }] },
  ],
  ["a training metric that is NaN", { steps: [stepRow(1, { entropy: Number.NaN })] }],
  ["a missing evaluation of the base", { evaluations: [evaluationRow(4, 0.1, 0.1)] }],
])("%s is an error that names the run, not a smaller n", (_, part) => {
  const record = { ...run(1, 0.1, 0.3), ...part } as RunRecord;
  expect(() => analyseCollapse([record, run(2, 0.1, 0.2)])).toThrow(
    expect.objectContaining({ code: "finding/not-finite", message: expect.stringContaining("xs-ttrl-1") }),
  );
});

test("no runs at all is an error", () => {
  expect(() => analyseCollapse([])).toThrow(expect.objectContaining({ code: "finding/no-runs" }));
});

test("the same records give the same tables to the last bit, in whatever order they come", () => {
  const records = plausibleSweep({ seeds: 3, steps: 20, everySteps: 10, tiers: ["xs", "l"] });
  expect(analyseCollapse([...records].reverse())).toEqual(analyseCollapse(records));
});
