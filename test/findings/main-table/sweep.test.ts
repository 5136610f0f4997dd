import { expect, test } from "vitest";
import { collapseSweep } from "../../../src/findings/collapse/sweep.ts";
import { defaultSeeds } from "../../../src/findings/finding.ts";
import { collapse } from "../../../src/findings/collapse/finding.ts";
import { mainTable } from "../../../src/findings/main-table/finding.ts";
import { mainTableSweep } from "../../../src/findings/main-table/sweep.ts";
import { settingsHash } from "../../../src/records/run-records.ts";
import { toRun } from "../../../src/runs/spec.ts";

test("the micro study has the runs of the finding collapse and no other, so each is trained once", () => {
  const seeds = defaultSeeds(mainTable, "micro");
  expect(seeds).toBe(defaultSeeds(collapse, "micro"));
  const hashes = (specs: ReturnType<typeof mainTableSweep>) => specs.map((spec) => settingsHash(toRun(spec)));
  expect(hashes(mainTableSweep({ scale: "micro", seeds }))).toEqual(hashes(collapseSweep({ scale: "micro", seeds })));
});

test.each(["smoke", "micro"] as const)("at %s scale every run is evaluated on all five benchmarks", (scale) => {
  for (const { evaluation } of mainTableSweep({ scale, seeds: 1 }).map(toRun)) {
    expect([...evaluation.sets, ...evaluation.endSets].sort()).toEqual([
      "aime-like",
      "gpqa-like",
      "gsm-like",
      "lcb-like",
      "math-like",
    ]);
  }
});

test("paper scale names the benchmarks that it needs", () => {
  expect(() => mainTableSweep({ scale: "paper", seeds: 1 })).toThrow(/GPQA, AIME24, LiveCodeBench/);
});
