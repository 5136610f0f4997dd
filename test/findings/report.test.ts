import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readProvenance } from "../../src/figures/provenance.ts";
import { collapse } from "../../src/findings/collapse/finding.ts";
import { collapseSweep } from "../../src/findings/collapse/sweep.ts";
import { writeReport } from "../../src/findings/report.ts";
import type { Study } from "../../src/findings/study.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { toRun } from "../../src/runs/spec.ts";
import { plausibleSweep } from "./synthetic-records.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labelfree-report-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function studyOf(seeds: number): Study {
  const records = plausibleSweep({ seeds, steps: 6, everySteps: 3, tiers: ["xs", "l"] });
  const runs = collapseSweep({ scale: "smoke", seeds }).map((spec): RecordedRun => {
    const run = toRun(spec);
    const record = records.find(
      ({ tier, method, seed }) =>
        "tier" in run.base && tier === run.base.tier && method === run.method && seed === run.seed,
    );
    if (record === undefined) throw new Error("no record for a run of the sweep");
    const result = {
      key: record.key,
      source: "s",
      kernels: "k",
      base: "b",
      data: "d",
      run,
      steps: 6,
      totalSteps: 6,
      hasDiverged: false,
      resumedFrom: null,
      weightsHash: "w",
      collapse: null,
      metrics: null,
      evaluations: { first: null, last: null },
    };
    return { result, steps: record.steps, evaluations: record.evaluations };
  });
  return { scale: "smoke", runs, failures: [] };
}

async function report(study: Study): Promise<string[]> {
  const analysis = collapse.analyse(study);
  return writeReport({ finding: collapse, study, analysis, verdicts: collapse.verdicts(analysis, study), folder });
}

test("a study becomes figures as SVG and PNG and one file of verdicts", async () => {
  const files = await report(studyOf(1));
  const figures = ["accuracy", "onset", "mechanism", "reward-and-truth", "levels"];
  const names = figures.flatMap((name) => [`collapse-${name}.svg`, `collapse-${name}.png`]);
  expect(files.map((file) => basename(file))).toEqual([...names, "collapse-verdicts.json"]);
});

test("every file carries the runs, the scale and the rules behind it", async () => {
  const study = studyOf(1);
  const files = await report(study);
  const stored = JSON.parse(readFileSync(files.at(-1)!, "utf8"));
  expect(stored.provenance.runKeys).toEqual(study.runs.map(({ result }) => result.key).sort());
  expect(Object.keys(stored.provenance.ruleHashes)).toEqual(["claim-1", "claim-2", "claim-6"]);
  expect(stored.provenance.scale).toBe("smoke");
  for (const file of files.slice(0, -1)) expect(readProvenance(readFileSync(file))).toEqual(stored.provenance);
});

test("the same study gives the same bytes", async () => {
  const bytes = async () => (await report(studyOf(2))).map((file) => readFileSync(file));
  const [first, second] = [await bytes(), await bytes()];
  for (const [index, content] of first.entries()) expect(content.equals(second[index])).toBe(true);
});

test("verdicts of one seed conclude nothing", async () => {
  const study = studyOf(1);
  const verdicts = collapse.verdicts(collapse.analyse(study), study);
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(3).fill("inconclusive at this n"));
});

test("a failed run is named in the verdicts that it concerns", () => {
  const study = studyOf(3);
  const [failed] = study.runs.filter(({ result: { run } }) => run.method === "ttrl");
  const rest = study.runs.filter((run) => run !== failed);
  const broken = { ...study, runs: rest, failures: [{ run: failed.result.run, why: "out of memory" }] };
  const [first] = collapse.verdicts(collapse.analyse(broken), broken);
  expect(first.notes).toContain("ttrl on xs, seed 1, is missing: out of memory");
});
