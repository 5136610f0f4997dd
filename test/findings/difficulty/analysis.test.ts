import { expect, test } from "vitest";
import { analyseDifficulty } from "../../../src/findings/difficulty/analysis.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { stepRow } from "../synthetic-records.ts";
import { plausibleDifficultySweep, recordOn } from "./records.ts";

const on = (hardestLevel: number, seed: number, final: number, method: "ttrl" | "grpo" = "ttrl"): RunRecord =>
  recordOn({ tier: "xs", method, seed, hardestLevel, base: 0.16, final });

test("final accuracies are told apart by level set and held-out set", () => {
  const { finals, finalMeans } = analyseDifficulty([on(2, 1, 0.22), on(2, 2, 0.24), on(5, 1, 0.01)]);
  expect(finals).toHaveLength(6);
  const of = (column: string, hardestLevel: number) =>
    finalMeans.find((row) => row.column === column && row.hardestLevel === hardestLevel);
  expect(of("eval/math-like/accuracy", 2)?.n).toBe(2);
  expect(of("eval/math-like/accuracy", 2)?.mean).toBeCloseTo(0.23, 12);
  expect(of("eval/gsm-like/accuracy", 2)?.mean).toBeCloseTo(0.33, 12);
  expect(of("eval/math-like/accuracy", 5)).toMatchObject({ n: 1, mean: 0.01, low: null });
});

test("each held-out set has a base of its own", () => {
  const { bases, finals } = analyseDifficulty([on(2, 1, 0.22)]);
  expect(bases.map(({ column, accuracy }) => [column, accuracy])).toEqual([
    ["eval/math-like/accuracy", 0.16],
    ["eval/gsm-like/accuracy", 0.26],
  ]);
  for (const { gain } of finals) expect(gain).toBeCloseTo(0.06, 12);
});

test("a fall is 1-2 minus 1-5 by seed, and a seed without both ends has none", () => {
  const runs = [on(2, 1, 0.2), on(5, 1, 0.05), on(2, 2, 0.3), on(5, 2, 0.05), on(2, 3, 0.9), on(3, 1, 0.7)];
  const { falls } = analyseDifficulty(runs);
  const [math] = falls.filter(({ column }) => column === "eval/math-like/accuracy");
  expect(math).toMatchObject({ tier: "xs", method: "ttrl", n: 2 });
  expect(math.values.map((value) => value.toFixed(12))).toEqual(["0.150000000000", "0.250000000000"]);
  expect(math.mean).toBeCloseTo(0.2, 12);
});

test("the control is the fall of TTRL minus the fall of GRPO, for the seeds that have all four ends", () => {
  const ttrl = [on(2, 1, 0.2), on(5, 1, 0.05), on(2, 2, 0.3), on(5, 2, 0.05)];
  const grpo = [on(2, 2, 0.3, "grpo"), on(5, 2, 0.35, "grpo")];
  const { falls } = analyseDifficulty([...ttrl, ...grpo]);
  const difference = falls.find(({ method }) => method === "difference");
  expect(difference).toMatchObject({ n: 1, low: null });
  expect(difference?.mean).toBeCloseTo(0.3, 12);
});

test("a block is the mean over the steps that had a problem of level 2", () => {
  const level2 = (value: number | null) => ({ "labelfree/label_accuracy/level_2": value });
  const steps = Array.from({ length: 50 }, (_, index) => stepRow(index + 1, level2(index % 2 === 0 ? 0.5 : null)));
  const { votes, blockSteps } = analyseDifficulty([{ ...on(5, 1, 0.1), steps }]);
  const rows = votes.filter(({ metric }) => metric === "labelfree/label_accuracy/level_2");
  expect(blockSteps).toBe(2);
  expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, index) => 2 * index + 1.5));
  for (const { mean } of rows) expect(mean).toBe(0.5);
});

test("a diverged run counts with accuracy 0 on both held-out sets", () => {
  const { finals } = analyseDifficulty([{ ...on(4, 1, 0.3), hasDiverged: true }]);
  expect(finals.map(({ final }) => final)).toEqual([0, 0]);
});

test("a held-out set that was not evaluated is an error that names the run", () => {
  const record = on(2, 1, 0.3);
  const evaluations = record.evaluations.map(({ "eval/gsm-like/accuracy": _, ...row }) => row);
  expect(() => analyseDifficulty([{ ...record, evaluations } as RunRecord])).toThrow(
    expect.objectContaining({ code: "finding/not-finite", message: expect.stringContaining("xs-ttrl-1-2") }),
  );
});

test("no runs at all is an error", () => {
  expect(() => analyseDifficulty([])).toThrow(expect.objectContaining({ code: "finding/no-runs" }));
});

test("the same records give the same tables to the last bit, in whatever order they come", () => {
  const records = plausibleDifficultySweep({ seeds: 3, steps: 20, tiers: ["xs", "l"] });
  expect(analyseDifficulty([...records].reverse())).toEqual(analyseDifficulty(records));
});
