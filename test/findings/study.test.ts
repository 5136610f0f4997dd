import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeHashOf, runStudy } from "../../src/findings/study.ts";
import { planRuns } from "../../src/runs/prepare-run.ts";
import { runDirectory } from "../../src/runs/run-store.ts";
import { toRun } from "../../src/runs/spec.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "../runs/tiny-base.ts";

function setUp() {
  const directory = temporaryDirectory();
  const base = saveTinyBase(directory);
  return { root: join(directory, "runs"), specs: [1, 2].map((seed) => tinySpec(base, { seed, steps: 2 })) };
}

/** Puts a file where a run's directory should be. */
function block(root: string, spec: ReturnType<typeof setUp>["specs"][number]): void {
  const [{ key }] = planRuns([toRun(spec)]);
  mkdirSync(root, { recursive: true });
  writeFileSync(runDirectory(root, key), "");
}

test("a study holds every run with all its rows, in the order of the specs", async () => {
  const { root, specs } = setUp();
  const study = await runStudy(specs, "smoke", { root, jobs: 2 });
  expect(study.failures).toEqual([]);
  expect(study.runs.map(({ result }) => result.run.seed)).toEqual([1, 2]);
  for (const { steps, evaluations } of study.runs) {
    expect(steps.map(({ step }) => step)).toEqual([1, 2]);
    expect(evaluations.map(({ step }) => step)).toEqual([0, 2]);
  }
  expect(codeHashOf(study)).toMatch(/^[0-9a-f]{64}$/);
});

test("a run that fails is named with its reason, and the others are there", async () => {
  const { root, specs } = setUp();
  block(root, specs[0]);
  const study = await runStudy(specs, "smoke", { root, jobs: 1 });
  expect(study.runs.map(({ result }) => result.run.seed)).toEqual([2]);
  expect(study.failures.map(({ run, why }) => [run.seed, why.length > 10])).toEqual([[1, true]]);
});

test("a study in which all runs fail is an error", async () => {
  const { root, specs } = setUp();
  for (const spec of specs) block(root, spec);
  await expect(runStudy(specs, "smoke", { root, jobs: 1 })).rejects.toMatchObject({ code: "launch/runs-failed" });
});
