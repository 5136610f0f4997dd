import { expect, test } from "vitest";
import { collapseSweep } from "../../src/findings/collapse/sweep.ts";
import { FINDINGS, findingNamed } from "../../src/findings/index.ts";
import { toRun } from "../../src/runs/spec.ts";

test("micro is four tiers, four methods and every seed, each once", () => {
  const runs = collapseSweep({ scale: "micro", seeds: 5 }).map(toRun);
  const names = runs.map(({ base, method, seed }) => `${"tier" in base ? base.tier : "?"} ${method} ${seed}`);
  expect(new Set(names).size).toBe(4 * 4 * 5);
});

test("seeds take the three base checkpoints of a tier in turn", () => {
  const baseSeeds = collapseSweep({ scale: "micro", seeds: 5 }).map(({ seed, base }) => [seed, base?.baseSeed]);
  expect([...new Map(baseSeeds as [number, number][])]).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 1],
    [5, 2],
  ]);
});

test("runs of different methods differ in what the method is, and in nothing else", () => {
  const runs = collapseSweep({ scale: "micro", seeds: 1 }).map(toRun);
  const shared = runs.map(({ method: _, reward: __, mask: ___, data, base: ____, ...rest }) => ({
    ...rest,
    data: { size: data.size, levels: data.levels },
  }));
  for (const settings of shared) expect(settings).toEqual(shared[0]);
});

test("more seeds only add runs, so that what is trained stays of use", () => {
  const three = collapseSweep({ scale: "micro", seeds: 3 });
  expect(collapseSweep({ scale: "micro", seeds: 5 }).slice(0, three.length)).toEqual(three);
});

test("smoke is the weakest and the strongest tier, and shorter", () => {
  const smoke = collapseSweep({ scale: "smoke", seeds: 1 }).map(toRun);
  const [micro] = collapseSweep({ scale: "micro", seeds: 1 }).map(toRun);
  expect([...new Set(smoke.map(({ base }) => ("tier" in base ? base.tier : "?")))]).toEqual(["xs", "l"]);
  expect(smoke[0].data.size).toBeLessThan(micro.data.size / 10);
});

test("paper scale says which checkpoints, benchmarks and device it needs", () => {
  expect(() => collapseSweep({ scale: "paper", seeds: 3 })).toThrow(
    expect.objectContaining({
      code: "scale/not-available",
      message: expect.stringMatching(/Qwen2\.5-0\.5B[^]*MATH-500[^]*GPU device[^]*--scale micro/),
    }),
  );
});

test("findings are found by their names, and an unknown name gets the list", () => {
  expect(findingNamed("collapse")).toBe(FINDINGS.collapse);
  expect(() => findingNamed("colapse")).toThrow(/got "colapse", expected one of main-table, collapse/);
  expect(() => findingNamed("toString")).toThrow(/expected one of/);
});
