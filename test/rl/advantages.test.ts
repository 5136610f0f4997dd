import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { groupAdvantages, rewardDeviation } from "../../src/rl/advantages.ts";
import type { AdvantageSettings } from "../../src/rl/settings.ts";
import { DEFAULT_SETTINGS } from "../../src/rl/settings.ts";
import { distance, goldenLosses } from "./golden.ts";

const settings = DEFAULT_SETTINGS.advantage;
const VARIANTS: Readonly<Record<string, AdvantageSettings>> = {
  "std_unbiased_eps1e-6": settings,
  "std_population_eps1e-6": { ...settings, std: "population" },
  no_std: { ...settings, scale: "none" },
  "std_unbiased_eps1e-4": { ...settings, epsilon: 1e-4 },
  leave_one_out: { ...settings, baseline: "leave-one-out", scale: "none" },
};
const variant = fc.constantFrom(...Object.values(VARIANTS));
const rewards = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 16 });

describe.skipIf(goldenLosses === undefined)("golden advantages (absent: golden/losses.json)", () => {
  for (const [name, values] of Object.entries(goldenLosses?.advantages ?? {})) {
    test(name, () => {
      const golden = goldenLosses!;
      const actual = [0, 1].flatMap((group) =>
        groupAdvantages(
          golden.inputs.rewards.filter((_, index) => golden.inputs.group[index] === group),
          VARIANTS[name],
        ),
      );
      expect(distance(actual, values)).toBeLessThan(1e-10);
    });
  }

  test("the edge case's groups, one of them without signal", () => {
    const { inputs, advantages } = goldenLosses!.edge;
    const actual = [inputs.rewards.slice(0, 4), inputs.rewards.slice(4)].flatMap((r) => groupAdvantages(r, settings));
    expect(distance(actual, advantages)).toBeLessThan(1e-10);
    expect(actual.slice(4)).toEqual([0, 0, 0, 0]);
  });
});

describe("group advantages", () => {
  test("a single success among eight gets +2.475, as the paper's definition gives", () => {
    const [first, second] = groupAdvantages([1, 0, 0, 0, 0, 0, 0, 0], settings);
    expect(first).toBeCloseTo(2.475, 3);
    expect(second).toBeCloseTo(-0.354, 3);
  });

  test("sum to zero in every variant", () => {
    fc.assert(
      fc.property(rewards, variant, (group, variantSettings) => {
        const advantages = groupAdvantages(group, variantSettings);
        const scale = Math.max(...advantages.map(Math.abs), 1);
        expect(Math.abs(advantages.reduce((a, b) => a + b, 0)) / scale).toBeLessThan(1e-9);
      }),
    );
  });

  test("equal rewards give exactly zero, whatever their value", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.integer({ min: 1, max: 16 }),
        variant,
        (reward, n, variantSettings) => {
          const advantages = groupAdvantages(Array<number>(n).fill(reward), variantSettings);
          expect(advantages.every((advantage) => advantage === 0)).toBe(true);
        },
      ),
    );
  });

  test("follow their rollouts through a permutation", () => {
    fc.assert(
      fc.property(rewards, variant, fc.integer(), (group, variantSettings, seed) => {
        const order = Random.fromSeed(seed).shuffle(group.map((_, index) => index));
        const permuted = groupAdvantages(
          order.map((index) => group[index]),
          variantSettings,
        );
        const advantages = groupAdvantages(group, variantSettings);
        const expected = order.map((index) => advantages[index]);
        const scale = Math.max(...advantages.map(Math.abs), 1);
        expect(distance(permuted, expected) / scale).toBeLessThan(1e-6);
      }),
    );
  });

  test("are those of the rewards times any positive factor, when divided by their spread", () => {
    const group = [0, 1, 1, 0, 0, 0, 1, 0];
    const scaled = group.map((reward) => reward * 1000);
    expect(distance(groupAdvantages(scaled, settings), groupAdvantages(group, settings))).toBeLessThan(1e-5);
  });
});

describe("reward deviation", () => {
  test("is that of a sample or a population, 0 for one or equal rewards", () => {
    expect(rewardDeviation([0, 1], "unbiased")).toBeCloseTo(Math.SQRT1_2, 15);
    expect(rewardDeviation([0, 1], "population")).toBe(0.5);
    expect(rewardDeviation([0.1], "unbiased")).toBe(0);
    expect(rewardDeviation(Array<number>(7).fill(0.1), "unbiased")).toBe(0);
  });
});
