import { join } from "node:path";
import { expect, test } from "vitest";
import { countStale, recordedStudy } from "../../src/findings/recorded-study.ts";
import { runStudy } from "../../src/findings/study.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "../runs/tiny-base.ts";

async function setUp() {
  const directory = temporaryDirectory();
  const base = saveTinyBase(directory);
  const specs = [1, 2].map((seed) => tinySpec(base, { seed, steps: 2 }));
  const { runs } = await runStudy(specs, "smoke", { root: join(directory, "runs"), jobs: 2 });
  const notices: string[] = [];
  const options = { root: join(directory, "other"), jobs: 2, onNotice: (text: string) => notices.push(text) };
  return { specs, runs, notices, options };
}

const madeElsewhere = ({ result, ...rows }: RecordedRun): RecordedRun => ({
  ...rows,
  result: { ...result, key: "0".repeat(64), source: "1".repeat(64) },
});

test("a study takes the runs whose keys the records have and trains the others, in the order of the specs", async () => {
  const { specs, runs, notices, options } = await setUp();
  const study = await runStudy(specs, "smoke", { ...options, records: [runs[1]] });
  expect(study.runs[1]).toBe(runs[1]);
  expect(study.runs[0]).not.toBe(runs[0]);
  expect(study.runs[0]).toEqual(runs[0]);
  expect(notices).toEqual(["1 of 2 runs come from the records"]);
});

test("a study does not take a run that other sources made, and says so", async () => {
  const { specs, runs, notices, options } = await setUp();
  const study = await runStudy(specs, "smoke", { ...options, records: runs.map(madeElsewhere) });
  expect(study.runs).toEqual(runs);
  expect(notices[0]).toContain("2 of 2 runs are in the records from other sources");
});

test("a study from records alone takes runs of any sources and counts those of others", async () => {
  const { specs, runs } = await setUp();
  expect(recordedStudy(specs, "smoke", [...runs].reverse())).toEqual({ scale: "smoke", runs, failures: [] });
  const study = recordedStudy(specs, "smoke", [runs[0], madeElsewhere(runs[1])]);
  expect(countStale(study)).toBe(1);
});

test("how often a run stores checkpoints does not make it another run", async () => {
  const { specs, runs } = await setUp();
  const others = specs.map((spec) => ({ ...spec, checkpointEverySteps: 1 }));
  expect(recordedStudy(others, "smoke", runs).runs).toEqual(runs);
});

test("a study from records alone lacks no run", async () => {
  const { specs, runs } = await setUp();
  expect(() => recordedStudy(specs, "smoke", runs.slice(1))).toThrowError(
    expect.objectContaining({ code: "records/missing-runs", fields: { missing: 1 } }),
  );
});
