import { expect, test } from "vitest";
import { findingNamed } from "../../../src/findings/index.ts";
import { mainTable } from "../../../src/findings/main-table/finding.ts";
import type { Study } from "../../../src/findings/study.ts";
import type { RecordedRun } from "../../../src/runs/recorded-run.ts";
import { answeredSweep } from "./records.ts";

function studyOf(seeds: number): Study {
  const runs = answeredSweep({ seeds, tiers: ["xs", "l"] }).map(({ key, run, steps, evaluations }): RecordedRun => {
    const result = {
      key,
      source: "s",
      kernels: "k",
      base: "b",
      data: "d",
      run,
      steps: 2,
      totalSteps: 2,
      hasDiverged: false,
      resumedFrom: null,
      weightsHash: "w",
      collapse: null,
      metrics: null,
      evaluations: { first: null, last: null },
    };
    return { result, steps, evaluations };
  });
  return { scale: "micro", runs, failures: [] };
}

test("a study becomes a table, two figures and the verdict on claim 8", () => {
  const study = studyOf(5);
  const analysis = mainTable.analyse(study);
  expect(mainTable.numbers(analysis, study, 110)).toMatch(/^Tier xs, ours \(micro scale\)$/m);
  expect(Object.keys(mainTable.figures(analysis, study))).toEqual(["main-table-accuracy", "main-table-benchmarks"]);
  const [verdict, ...others] = mainTable.verdicts(analysis, study);
  expect(verdict.claim).toBe("claim-8");
  expect(verdict.decidedBy?.n).toBe(5);
  expect(others).toEqual([]);
});

test("a failed run is named in the verdict that it concerns", () => {
  const study = studyOf(5);
  const [failed] = study.runs.filter(({ result: { run } }) => run.method === "cuma" && run.seed === 2);
  const rest = study.runs.filter((run) => run !== failed);
  const broken = { ...study, runs: rest, failures: [{ run: failed.result.run, why: "out of memory" }] };
  const [verdict] = mainTable.verdicts(mainTable.analyse(broken), broken);
  expect(verdict.notes).toContain("cuma on xs, seed 2, is missing: out of memory");
});

test("it is the first of the findings, as the table is of the paper's results", () => {
  expect(findingNamed("main-table")).toBe(mainTable);
});
