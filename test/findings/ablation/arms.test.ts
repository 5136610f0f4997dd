import { expect, test } from "vitest";
import { ARMS, armOf, armWithout, COMPONENTS, FACTORIAL } from "../../../src/findings/ablation/arms.ts";
import { ablationSweep } from "../../../src/findings/ablation/sweep.ts";
import { collapseSweep } from "../../../src/findings/collapse/sweep.ts";
import type { Run } from "../../../src/runs/spec.ts";
import { toRun } from "../../../src/runs/spec.ts";

const micro = ablationSweep({ scale: "micro", seeds: 3 });

test("the factorial has every combination of the three components once", () => {
  const combinations = FACTORIAL.map(({ components }) =>
    COMPONENTS.filter((one) => components.includes(one)).join("+"),
  );
  expect(new Set(combinations).size).toBe(8);
  expect(FACTORIAL).toHaveLength(8);
});

test("an arm's settings have just the components that the table says", () => {
  for (const { spec, components } of ARMS) {
    if (components === null) continue;
    const { mask, data } = toRun(spec);
    expect({ mask: mask.minVotes, order: data.order, set: data.set }).toEqual({
      mask: components.includes("mask") ? 2 : null,
      order: components.includes("curriculum") ? "curriculum" : "shuffled",
      set: components.includes("generation") ? "full" : "natural",
    });
  }
});

test("arms differ in mask, order, set and name, and in nothing else", () => {
  const shared = ARMS.map(({ spec }): object => {
    const { method: _, mask, data, ...rest } = toRun(spec);
    return { ...rest, mask: { ...mask, minVotes: null }, data: { ...data, order: null, set: null } };
  });
  for (const settings of shared) expect(settings).toEqual(shared[0]);
});

test("reverse and adaptive order are full CuMa in another order", () => {
  const byName = (name: string): Run => toRun(ARMS.find((arm) => arm.name === name)?.spec ?? {});
  const full = byName("cuma");
  for (const order of ["reverse", "adaptive"] as const) {
    expect(byName(order)).toEqual({ ...full, data: { ...full.data, order } });
  }
});

test.each(["smoke", "micro"] as const)("at %s scale full CuMa and TTRL are the runs of the collapse sweep", (scale) => {
  const ours = ablationSweep({ scale, seeds: 4 });
  const theirs = collapseSweep({ scale, seeds: 4 }).filter(({ method }) => method === "cuma" || method === "ttrl");
  expect(theirs.length).toBeGreaterThanOrEqual(16);
  for (const spec of theirs) expect(ours).toContainEqual(spec);
  const runs = ours.map(toRun);
  const ends = runs.filter((run) => ["cuma", "ttrl"].includes(armOf(run).name));
  for (const run of theirs.map(toRun)) expect(ends).toContainEqual(run);
  expect(ends).toHaveLength(theirs.length);
});

test("micro is four tiers, ten arms and every seed, each once and with the same number of problems", () => {
  const runs = micro.map(toRun);
  const names = runs.map((run) => `${"tier" in run.base ? run.base.tier : "?"} ${armOf(run).name} ${run.seed}`);
  expect(new Set(names).size).toBe(4 * 10 * 3);
  expect(names).toHaveLength(4 * 10 * 3);
  expect(new Set(runs.map(({ data }) => data.size)).size).toBe(1);
});

test("smoke arms keep the smoke scale's number of problems beside their own settings", () => {
  for (const run of ablationSweep({ scale: "smoke", seeds: 1 }).map(toRun)) expect(run.data.size).toBe(48);
});

test("a run's arm does not depend on its scale, tier or seed", () => {
  const arms = (specs: readonly object[]): string[] => specs.map((spec) => armOf(toRun(spec)).name);
  const names = ARMS.map(({ name }) => name);
  expect(arms(micro.slice(0, 10))).toEqual(names);
  expect(arms(micro.slice(-10))).toEqual(names);
  expect(arms(ablationSweep({ scale: "smoke", seeds: 1 }).slice(0, 10))).toEqual(names);
});

test.each([
  [{ method: "grpo" }],
  [{ method: "ttrl", data: { order: "reverse" } }],
  [{ method: "cuma", data: { levels: [1, 2] } }],
  [{ method: "cuma", optimizer: { learningRate: 1e-3 } }],
] as const)("a run with settings of no arm, %j, is an error", (spec) => {
  expect(() => armOf(toRun(spec))).toThrow(expect.objectContaining({ code: "ablation/unknown-arm" }));
});

test("the paper's three rows are the arms without one component", () => {
  expect(COMPONENTS.map(armWithout)).toEqual(["no-curriculum", "no-generation", "no-mask"]);
});

test("more seeds only add runs, so that what is trained stays of use", () => {
  expect(ablationSweep({ scale: "micro", seeds: 5 }).slice(0, micro.length)).toEqual(micro);
});

test("paper scale says what it needs", () => {
  expect(() => ablationSweep({ scale: "paper", seeds: 1 })).toThrow(
    expect.objectContaining({ code: "scale/not-available", message: expect.stringContaining("MATH-500") }),
  );
});
