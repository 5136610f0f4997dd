import { expect, test } from "vitest";
import { collapseSweep } from "../../../src/findings/collapse/sweep.ts";
import { hardestLevelOf } from "../../../src/findings/difficulty/level-sets.ts";
import { difficultySweep } from "../../../src/findings/difficulty/sweep.ts";
import { trainingData } from "../../../src/runs/training-data.ts";
import { toRun } from "../../../src/runs/spec.ts";

const micro = difficultySweep({ scale: "micro", seeds: 3 });

test("micro is TTRL on four tiers and GRPO on the weakest, each on four level sets: 20 runs a seed", () => {
  const names = micro.map(toRun).map((run) => {
    return `${run.method} ${"tier" in run.base ? run.base.tier : "?"} ${hardestLevelOf(run)} ${run.seed}`;
  });
  expect(new Set(names).size).toBe(3 * 20);
  const cells = new Set(names.map((name) => name.split(" ").slice(0, 2).join(" ")));
  expect([...cells].sort()).toEqual(["grpo xs", "ttrl l", "ttrl m", "ttrl s", "ttrl xs"]);
});

test("runs on all levels are those of the finding collapse, spec by spec", () => {
  const collapse = collapseSweep({ scale: "micro", seeds: 3 });
  const all = micro.filter((spec) => hardestLevelOf(toRun(spec)) === 5);
  expect(all).toHaveLength(3 * 5);
  for (const spec of all) expect(collapse).toContainEqual(spec);
});

test("runs of a cell differ in their levels and in nothing else, size and evaluation included", () => {
  const ttrl = micro.map(toRun).filter(({ method, base, seed }) => {
    return method === "ttrl" && "tier" in base && base.tier === "xs" && seed === 1;
  });
  expect(ttrl.map(({ data }) => data.levels)).toEqual([
    [1, 2],
    [1, 2, 3],
    [1, 2, 3, 4],
    [1, 2, 3, 4, 5],
  ]);
  const rest = ttrl.map(({ data: { levels: _, ...data }, ...run }) => ({ ...run, data }));
  for (const run of rest) expect(run).toEqual(rest[0]);
});

test("the sets hold equally many problems, their levels in natural proportions", () => {
  const counts = micro.slice(0, 4).map((spec) => {
    const { problems } = trainingData(toRun(spec));
    return [1, 2, 3, 4, 5].map((level) => problems.filter((problem) => problem.level === level).length);
  });
  expect(counts).toEqual([
    [647, 1353, 0, 0, 0],
    [361, 756, 883, 0, 0],
    [235, 492, 574, 699, 0],
    [172, 360, 420, 512, 536],
  ]);
});

test("the held-out problems are the same whatever was trained on", () => {
  const sets = micro.slice(0, 4).map((spec) => trainingData(toRun(spec)).evaluationSets);
  for (const set of sets) expect(set).toEqual(sets[0]);
});

test("more seeds only add runs", () => {
  expect(difficultySweep({ scale: "micro", seeds: 5 }).slice(0, micro.length)).toEqual(micro);
});

test("smoke is the weakest and the strongest tier, and shorter", () => {
  const smoke = difficultySweep({ scale: "smoke", seeds: 1 }).map(toRun);
  expect(smoke).toHaveLength(12);
  expect(new Set(smoke.map(({ base }) => ("tier" in base ? base.tier : "?")))).toEqual(new Set(["xs", "l"]));
  for (const { data } of smoke) expect(data.size).toBe(48);
});

test("paper scale says which benchmarks it needs", () => {
  expect(() => difficultySweep({ scale: "paper", seeds: 3 })).toThrow(
    expect.objectContaining({ code: "scale/not-available", message: expect.stringMatching(/MATH-500, GSM8K/) }),
  );
});
