import { expect, test } from "vitest";
import { analyseLength } from "../../../src/findings/length/analysis.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { stepRow } from "../synthetic-records.ts";
import { lengthRecordOf, plausibleLengths, reflecting } from "./length-records.ts";

const run = (seed: number, baseLength: number, finalLength: number, part: Partial<RunRecord> = {}): RunRecord => ({
  ...lengthRecordOf({ tier: "xs", method: "ttrl", seed, base: 0.1, final: 0.3, baseLength, finalLength }),
  ...part,
});

test("growth is the last held-out length less the base's, which runs from one base share", () => {
  const { runs } = analyseLength([run(1, 16, 20), run(2, 15, 25), run(4, 18, 21)]); // 1 and 4 start from base 1
  expect(runs.map(({ seed, baseLength, finalLength, growth }) => [seed, baseLength, finalLength, growth])).toEqual([
    [1, 17, 20, 3],
    [2, 15, 25, 10],
    [4, 17, 21, 4],
  ]);
});

test("a curriculum that makes training rollouts longer is not growth", () => {
  const steps = [8, 16, 24, 32].map((length, index) => stepRow(index + 1, { "completions/mean_length": length }));
  const { runs, rolloutMeans } = analyseLength([run(1, 16, 16, { steps })]);
  expect(runs[0].growth).toBe(0);
  expect(rolloutMeans.filter(({ metric }) => metric === "completions/mean_length").map(({ mean }) => mean)).toEqual([
    8, 16, 24, 32,
  ]);
});

test("truncation and reflection are means over the last 10 % of steps", () => {
  const steps = Array.from({ length: 20 }, (_, index) => {
    const row = stepRow(index + 1, { "completions/clipped_ratio": index < 18 ? 1 : (index - 17) / 4 });
    return { ...row, "labelfree/reflection_share": index < 18 ? 0.9 : 0.1 };
  });
  const [last] = analyseLength([run(1, 16, 20, { steps })]).runs;
  expect(last).toMatchObject({ truncated: 0.375, reflection: 0.1 });
});

test("reflection that was not recorded is null and leaves no row, not a zero", () => {
  const { runs, rollouts } = analyseLength([run(1, 16, 20)]);
  expect(runs[0].reflection).toBeNull();
  expect(rollouts.some(({ metric }) => metric === "labelfree/reflection_share")).toBe(false);
  const { rollouts: recorded } = analyseLength([reflecting(run(1, 16, 20), 0)]);
  expect(recorded.filter(({ metric }) => metric === "labelfree/reflection_share")).toHaveLength(4);
});

test("a step without a value for truncation is passed over", () => {
  const steps = [1, 2].map((step) => stepRow(step, { "completions/clipped_ratio": step === 1 ? 0.5 : null }));
  const { runs, rollouts } = analyseLength([run(1, 16, 20, { steps })]);
  expect(runs[0].truncated).toBeNull();
  expect(rollouts.filter(({ metric }) => metric === "completions/clipped_ratio")).toHaveLength(1);
});

test("a diverged run counts with accuracy 0 and the length of its last evaluation", () => {
  const [diverged] = analyseLength([run(1, 16, 20, { hasDiverged: true })]).runs;
  expect(diverged).toMatchObject({ final: 0, finalLength: 20, hasDiverged: true });
});

test("blocks are means within a run first, and keep a line for every seed", () => {
  const steps = Array.from({ length: 50 }, (_, index) => stepRow(index + 1, { "completions/mean_length": index % 2 }));
  const { rollouts, rolloutMeans, blockSteps } = analyseLength([run(1, 16, 20, { steps }), run(2, 16, 20, { steps })]);
  expect(blockSteps).toBe(2);
  const lengths = rollouts.filter(({ metric }) => metric === "completions/mean_length");
  expect(lengths).toHaveLength(2 * 25);
  expect(new Set(lengths.map(({ value }) => value))).toEqual(new Set([0.5]));
  expect(rolloutMeans[0]).toMatchObject({ step: 1.5, n: 2 });
});

test("a held-out length that is missing is an error that names the run", () => {
  const record = run(1, 16, 20);
  const [first, ...rest] = record.evaluations;
  const evaluations = [{ ...first, "eval/math-like/mean_length": null }, ...rest];
  expect(() => analyseLength([{ ...record, evaluations }])).toThrow(
    expect.objectContaining({ code: "finding/not-finite", message: expect.stringContaining("xs-ttrl-1") }),
  );
});

test("the same records give the same tables to the last bit, in whatever order they come", () => {
  const records = plausibleLengths({ seeds: 3, steps: 20, everySteps: 10, tiers: ["xs", "l"] });
  expect(analyseLength([...records].reverse())).toEqual(analyseLength(records));
});
