import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeRecords, readRecords, writeRecords } from "../../src/records/run-records.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";
import { syntheticRun } from "./synthetic-run.ts";

const RUNS = [
  syntheticRun({ method: "cuma", seed: 2, base: { tier: "xs" } }),
  syntheticRun({ method: "grpo", seed: 10, base: { tier: "l" }, evaluation: { sets: ["gsm-like"] } }),
  syntheticRun({ method: "grpo", seed: 2, base: { tier: "l" }, evaluation: { sets: [] }, steps: 5 }),
];

const written = (runs: readonly RecordedRun[]) => {
  const folder = temporaryDirectory();
  writeRecords(folder, runs);
  return folder;
};

const bytesIn = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "base64")]));

describe("records of runs", () => {
  it("give back every run as it was, every double and null, and no column it did not have", async () => {
    const read = await readRecords(written(RUNS));
    expect(read.map(({ result }) => result.key)).toEqual([2, 1, 0].map((index) => RUNS[index].result.key));
    // as text, for it tells apart a null from nothing and shows the order of the columns
    expect(read.map((run) => JSON.stringify(run))).toEqual([2, 1, 0].map((index) => JSON.stringify(RUNS[index])));
  });

  it("keep a collapse beside runs without one, and a run that diverged", async () => {
    const [first, ...others] = RUNS;
    const collapse = { step: 2, reason: "accuracy-fell", evidence: { drop: 0.1 } } as unknown as null;
    const odd = { ...first, result: { ...first.result, collapse, hasDiverged: true } };
    const read = await readRecords(written([odd, ...others]));
    expect(read.at(-1)).toEqual(odd);
  });

  it("are the same bytes whatever the order of the runs and wherever a session went on", () => {
    const interrupted = RUNS.map((run) => ({ ...run, result: { ...run.result, resumedFrom: 1 } }));
    expect(bytesIn(written(interrupted.reverse()))).toEqual(bytesIn(written(RUNS)));
  });

  it("are none where there is no folder, and refuse to be none", async () => {
    expect(await readRecords(join(temporaryDirectory(), "nowhere"))).toEqual([]);
    expect(() => written([])).toThrowError(expect.objectContaining({ code: "records/none" }));
  });

  it.each(["runs.parquet", "steps.parquet", "evaluations.parquet"])(
    "do not hide one changed byte of %s",
    async (name) => {
      const folder = written(RUNS);
      const bytes = readFileSync(join(folder, name));
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(join(folder, name), bytes);
      await expect(readRecords(folder)).rejects.toMatchObject({ code: "records/damaged" });
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0])("refuse %d, which rows of JSON do not hold either", (loss) => {
    const [first] = RUNS;
    const odd = { ...first, steps: first.steps.map((row) => ({ ...row, loss })) };
    expect(() => written([odd])).toThrowError(expect.objectContaining({ code: "records/not-storable" }));
  });

  it("refuse a run whose rows have different columns", () => {
    const [first] = RUNS;
    const odd = { ...first, steps: first.steps.map((row, index) => (index === 0 ? row : { ...row, more: 1 })) };
    expect(() => written([odd])).toThrowError(expect.objectContaining({ code: "records/uneven-rows" }));
  });
});

describe("merging records", () => {
  it("adds what is new and keeps one run a setting, the added one", () => {
    const [first, second, third] = RUNS;
    const newer = syntheticRun({ method: "cuma", seed: 2, base: { tier: "xs" }, source: "newer" });
    const merged = mergeRecords([first, second], [newer, third]);
    expect(merged).toHaveLength(3);
    expect(new Set(merged)).toEqual(new Set([newer, second, third]));
  });
});
