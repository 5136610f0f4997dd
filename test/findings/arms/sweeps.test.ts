import { describe, expect, test } from "vitest";
import { hashJson } from "../../../src/core/hash.ts";
import { ablationSweep } from "../../../src/findings/ablation/sweep.ts";
import { armFinder } from "../../../src/findings/arms/arm.ts";
import { collapseSweep } from "../../../src/findings/collapse/sweep.ts";
import { defaultSeeds } from "../../../src/findings/finding.ts";
import type { RunSpec } from "../../../src/runs/spec.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { CASES } from "./findings.ts";

const keys = (specs: readonly RunSpec[]): string[] => specs.map((spec) => hashJson(toRun(spec)));
const elsewhere = new Set([
  ...keys(collapseSweep({ scale: "micro", seeds: 10 })),
  ...keys(ablationSweep({ scale: "micro", seeds: 10 })),
]);

describe.each(CASES)("the sweep of $finding.name", ({ finding, comparisons, newRuns }) => {
  const seeds = defaultSeeds(finding, "micro");
  const micro = finding.sweep({ scale: "micro", seeds });

  test("trains as many new runs as were planned, each once; the others are runs of the main study", () => {
    const all = keys(micro);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((key) => !elsewhere.has(key))).toHaveLength(newRuns);
  });

  test("has every arm of every comparison on every tier with every seed", () => {
    const find = armFinder(comparisons);
    const cells = micro.map(toRun).flatMap((run) => {
      const tier = "tier" in run.base ? run.base.tier : "?";
      return find(run).map(({ comparison, arm }) => `${comparison}/${tier}/${arm}/${run.seed}`);
    });
    const planned = comparisons.flatMap(({ name, tiers, arms }) =>
      tiers.flatMap((tier) =>
        arms.flatMap((arm) => Array.from({ length: seeds }, (_, seed) => `${name}/${tier}/${arm.name}/${seed + 1}`)),
      ),
    );
    expect([...cells].sort()).toEqual([...planned].sort());
  });

  test("is short at smoke scale, and says what paper scale needs", () => {
    const smoke = finding.sweep({ scale: "smoke", seeds: 1 }).map(toRun);
    expect(smoke.length).toBeLessThanOrEqual(20);
    for (const { data } of smoke) expect(data.size).toBeLessThan(100);
    expect(() => finding.sweep({ scale: "paper", seeds: 1 })).toThrow(
      expect.objectContaining({ code: "scale/not-available" }),
    );
  });

  test("only adds runs with more seeds", () => {
    const fewer = finding.sweep({ scale: "micro", seeds: 2 });
    expect(finding.sweep({ scale: "micro", seeds: 3 }).slice(0, fewer.length)).toEqual(fewer);
  });

  test("has a reference among the arms of a comparison, and labels that tell them apart", () => {
    for (const { arms, reference } of comparisons) {
      const names = arms.map(({ name }) => name);
      expect(new Set(arms.map(({ label }) => label)).size).toBe(names.length);
      if (reference !== null) expect(names).toContain(reference);
    }
  });
});

test("two arms of one comparison with equal settings are an error", () => {
  const twins = { ...CASES[0].comparisons[0], reference: null };
  const arms = [twins.arms[0], { ...twins.arms[0], name: "again" }] as const;
  expect(() => armFinder([{ ...twins, arms }])).toThrow(expect.objectContaining({ code: "arms/not-distinct" }));
});

test("a run of other settings, or on another tier, is no arm", () => {
  const find = armFinder(CASES[0].comparisons);
  expect(find(toRun({ method: "cuma", base: { tier: "xs" } }))).toEqual([
    { comparison: "adaptive", arm: "curriculum" },
  ]);
  expect(find(toRun({ method: "cuma", base: { tier: "xs-llama" } }))).toEqual([]);
  expect(find(toRun({ method: "cuma", optimizer: { learningRate: 1e-3 } }))).toEqual([]);
});
