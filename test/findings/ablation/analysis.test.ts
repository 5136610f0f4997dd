import { expect, test } from "vitest";
import { analyseAblation } from "../../../src/findings/ablation/analysis.ts";
import type { ArmName } from "../../../src/findings/ablation/arms.ts";
import { COMPONENTS, FACTORIAL } from "../../../src/findings/ablation/arms.ts";
import { EFFECTS, effectOf } from "../../../src/findings/ablation/effects.ts";
import { Random } from "../../../src/core/random.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { armRecord, plausibleAblation } from "./ablation-records.ts";

const effect = (kind: string, label: string, finals: ReadonlyMap<ArmName, number>): number | null => {
  const found = EFFECTS.find((candidate) => candidate.kind === kind && candidate.label === label);
  if (found === undefined) throw new Error(`no effect ${kind} ${label}`);
  return effectOf(found, finals);
};

/** Accuracies that a model of the three components gives. */
const modelled = (model: (has: Readonly<Record<string, number>>) => number): Map<ArmName, number> =>
  new Map(
    FACTORIAL.map(({ name, components }) => {
      const has = Object.fromEntries(COMPONENTS.map((one) => [one, components.includes(one) ? 1 : 0]));
      return [name, model(has)] as const;
    }),
  );

test("there are three leave-one-out effects, three main effects and four interactions", () => {
  expect(EFFECTS.map(({ kind }) => kind).join(" ")).toBe(
    "leave-one-out leave-one-out leave-one-out main main main interaction interaction interaction interaction",
  );
});

test("components that only add have those main and leave-one-out effects, and no interaction", () => {
  const finals = modelled(
    ({ curriculum, generation, mask }) => 0.1 + 0.2 * curriculum + 0.05 * generation - 0.01 * mask,
  );
  for (const kind of ["main", "leave-one-out"]) {
    expect(effect(kind, "curriculum", finals)).toBeCloseTo(0.2, 12);
    expect(effect(kind, "data generation", finals)).toBeCloseTo(0.05, 12);
    expect(effect(kind, "reward mask", finals)).toBeCloseTo(-0.01, 12);
  }
  for (const { kind, label } of EFFECTS)
    if (kind === "interaction") expect(effect(kind, label, finals)).toBeCloseTo(0, 12);
});

test("generation that helps by 0.1 only beside the curriculum has half of that as main effect and as interaction", () => {
  const finals = modelled(({ curriculum, generation }) => 0.2 + 0.1 * curriculum * generation);
  expect(effect("leave-one-out", "data generation", finals)).toBeCloseTo(0.1, 12);
  expect(effect("main", "data generation", finals)).toBeCloseTo(0.05, 12);
  expect(effect("interaction", "curriculum × data generation", finals)).toBeCloseTo(0.05, 12);
  expect(effect("interaction", "curriculum × reward mask", finals)).toBeCloseTo(0, 12);
});

test("a leave-one-out effect is the sum of all effects of sets that have the component", () => {
  const random = Random.fromSeed("factorial");
  const finals = modelled(() => random.uniform());
  for (const component of COMPONENTS) {
    const sets = EFFECTS.filter(({ kind, components }) => kind !== "leave-one-out" && components.includes(component));
    const sum = sets.reduce((total, one) => total + (effectOf(one, finals) ?? Number.NaN), 0);
    const leftOut = EFFECTS.find(({ kind, components }) => kind === "leave-one-out" && components[0] === component);
    expect(leftOut && effectOf(leftOut, finals)).toBeCloseTo(sum, 12);
  }
});

test("an effect without one of its arms has no value, and the seed does not count", () => {
  const records = plausibleAblation(3, ["xs"]).filter(({ key }) => key !== "xs-mask-only-2");
  const { effectMeans } = analyseAblation(records);
  for (const row of effectMeans) expect(row.n).toBe(row.kind === "leave-one-out" ? 3 : 2);
});

test("every arm of a tier has its mean over seeds, and effects are paired by seed", () => {
  const ends: readonly (readonly [ArmName, number, number])[] = [
    ["cuma", 0.2, 0.4],
    ["no-curriculum", 0.1, 0.3],
  ];
  const records = ends.flatMap(([arm, ...finals]) =>
    finals.map((final, index) => armRecord({ tier: "xs", arm, seed: index + 1, base: 0.1, final })),
  );
  const { means, effectMeans } = analyseAblation(records);
  expect(means.map(({ arm, mean, n }) => [arm, Math.round(mean * 1e9) / 1e9, n])).toEqual([
    ["cuma", 0.3, 2],
    ["no-curriculum", 0.2, 2],
  ]);
  expect(effectMeans).toHaveLength(1);
  expect(effectMeans[0]).toMatchObject({ kind: "leave-one-out", effect: "curriculum", n: 2 });
  expect(effectMeans[0].low).toBeCloseTo(0.1, 12); // both seeds differ by 0.1, so the pairs do not vary
  expect(effectMeans[0].high).toBeCloseTo(0.1, 12);
});

test("the masked share is full CuMa's alone, over its steps and then over its seeds", () => {
  const cuma = (seed: number, masked: number): RunRecord =>
    armRecord({ tier: "xs", arm: "cuma", seed, base: 0.1, final: 0.2, masked });
  const other = armRecord({ tier: "xs", arm: "mask-only", seed: 1, base: 0.1, final: 0.2, masked: 0.9 });
  const { masked } = analyseAblation([cuma(1, 0.02), cuma(2, 0.04), other]);
  expect(masked).toHaveLength(1);
  expect(masked[0].mean).toBeCloseTo(0.03, 12);
  expect(analyseAblation([other]).masked).toEqual([]);
});

test("a diverged run counts with accuracy 0", () => {
  const run = armRecord({ tier: "xs", arm: "cuma", seed: 1, base: 0.1, final: 0.2, hasDiverged: true });
  expect(analyseAblation([run]).means[0].mean).toBe(0);
});

test("arms with different numbers of problems are an error", () => {
  const [first, ...others] = plausibleAblation(1, ["xs"]);
  const { method, seed } = first;
  const shorter = { ...first, run: toRun({ method, seed, base: { tier: "xs" }, data: { size: 48 } }) };
  expect(() => analyseAblation([shorter, ...others])).toThrow(
    expect.objectContaining({ code: "ablation/unequal-data" }),
  );
});

test("no runs at all is an error", () => {
  expect(() => analyseAblation([])).toThrow(expect.objectContaining({ code: "finding/no-runs" }));
});

test("the same records give the same tables to the last bit, in whatever order they come", () => {
  const records = plausibleAblation(3, ["xs", "l"]);
  const shuffled = Random.fromSeed("order").shuffle(records);
  expect(analyseAblation(shuffled)).toEqual(analyseAblation(records));
});
