import { expect, test } from "vitest";
import { agreementCurves, onsetCurves } from "../../../src/findings/collapse/agreement.ts";
import { onsetTable } from "../../../src/findings/collapse/onset-table.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { StepMetrics } from "../../../src/rl/metrics.ts";
import { plausibleSweep, recordOf, stepRow } from "../synthetic-records.ts";

function runOf(seed: number, steps: number, values: (step: number) => Partial<StepMetrics> = () => ({})): RunRecord {
  const record = recordOf({ tier: "xs", method: "ttrl", seed, base: 0.1, final: 0.05 });
  return { ...record, steps: Array.from({ length: steps }, (_, index) => stepRow(index + 1, values(index + 1))) };
}

test("the onset ends with step 50, in blocks of five steps", () => {
  const rising = (step: number) => ({ "labelfree/majority_share": step / 1000 });
  const { rows, means, blockSteps, steps } = onsetCurves([runOf(1, 120, rising), runOf(2, 120, rising)]);
  expect({ blockSteps, steps }).toEqual({ blockSteps: 5, steps: 50 });
  expect(rows).toHaveLength(20);
  expect(means.map(({ step }) => step)).toEqual([3, 8, 13, 18, 23, 28, 33, 38, 43, 48]);
  expect(means.at(-1)?.agreement).toBeCloseTo(0.048, 12);
});

test("a run shorter than 50 steps is shown whole, step by step where it is short", () => {
  const { means, blockSteps, steps } = onsetCurves([runOf(1, 6)]);
  expect({ blockSteps, steps }).toEqual({ blockSteps: 1, steps: 6 });
  expect(means.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("agreement, label accuracy and accuracy are means over seeds of means over blocks", () => {
  const of = (agreement: number, labels: number, accuracy: number) => () => ({
    "labelfree/majority_share": agreement,
    "labelfree/label_accuracy": labels,
    "labelfree/accuracy": accuracy,
  });
  const { means } = agreementCurves([runOf(1, 4, of(0.5, 0.25, 0.2)), runOf(2, 4, of(0.9, 0.75, 0.6))], 4);
  expect(means).toHaveLength(1);
  expect(means[0]).toMatchObject({ tier: "xs", method: "ttrl", step: 2.5, n: 2 });
  expect(means[0].agreement).toBeCloseTo(0.7, 12);
  expect(means[0].labelAccuracy).toBeCloseTo(0.5, 12);
  expect(means[0].accuracy).toBeCloseTo(0.4, 12);
});

test("the row in which a run diverged is left out, and a number that is not finite is an error", () => {
  const diverged = runOf(1, 3, (step) => (step === 3 ? { "labelfree/accuracy": null } : {}));
  expect(onsetCurves([diverged]).means.map(({ step }) => step)).toEqual([1, 2]);
  const broken = runOf(1, 3, (step) => (step === 2 ? { "labelfree/majority_share": Number.NaN } : {}));
  expect(() => onsetCurves([broken])).toThrow(expect.objectContaining({ code: "finding/not-finite" }));
});

test("the table of the onset goes from the first block to the last and keeps to its width", () => {
  const records = plausibleSweep({ seeds: 2, steps: 60, everySteps: 30, tiers: ["xs", "l"] });
  const text = onsetTable(onsetCurves(records), ["xs", "l"], 90);
  expect(text).toContain("The first 50 steps");
  expect(text.match(/^(xs|l) .*\d\.\d → \d+\.\d/gm)).toHaveLength(8);
  for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(90);
});
