import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { pairedBootstrap, type Strata, stratifiedBootstrap } from "../../src/stats/bootstrap.ts";
import { iqm } from "../../src/stats/iqm.ts";
import { mean } from "../../src/stats/summary.ts";

const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 });

describe("paired bootstrap", () => {
  test("the same seed gives the same interval, bit for bit, and another seed another one", () => {
    fc.assert(
      fc.property(differences, fc.integer(), (values, seed) => {
        const run = () => pairedBootstrap(values, { random: Random.fromSeed(seed), resamples: 50 });
        expect(run()).toEqual(run());
      }),
    );
    const values = Array.from({ length: 30 }, (_, i) => ((i * 7) % 30) / 30);
    const [one, two] = [1, 2].map((seed) => pairedBootstrap(values, { random: Random.fromSeed(seed), resamples: 200 }));
    expect(one.estimate).toBe(two.estimate);
    expect(one.low).not.toBe(two.low);
  });

  test("the interval stays between the smallest and the largest difference, and is ordered", () => {
    fc.assert(
      fc.property(differences, (values) => {
        const { estimate, low, high } = pairedBootstrap(values, { random: Random.fromSeed(1), resamples: 50 });
        expect(estimate).toBeCloseTo(mean(values), 14);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      }),
    );
  });

  test("pairs count as first minus second", () => {
    const options = () => ({ random: Random.fromSeed("pairs"), resamples: 300 });
    const pairs = [
      [1, 0],
      [1, 1],
      [0, 1],
      [1, 0],
    ] as const;
    expect(pairedBootstrap(pairs, options())).toEqual(pairedBootstrap([1, 0, -1, 1], options()));
    expect(pairedBootstrap(pairs, options()).estimate).toBe(0.25);
  });

  test("a 95 % interval covers the true mean of a known distribution about 95 % of the time", () => {
    const random = Random.fromSeed("coverage");
    const trials = 400;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 40 }, () => 3 + 2 * random.normal());
      const { low, high } = pairedBootstrap(sample, { random, resamples: 400 });
      if (low <= 3 && 3 <= high) covered += 1;
    }
    expect(covered / trials).toBeGreaterThan(0.9);
    expect(covered / trials).toBeLessThan(0.98);
  });

  test("its width is that of the normal approximation for many items, and grows with the level", () => {
    const random = Random.fromSeed("width");
    const sample = Array.from({ length: 400 }, () => random.normal());
    const { low, high } = pairedBootstrap(sample, { random, resamples: 4000 });
    expect((high - low) / ((2 * 1.96) / Math.sqrt(400))).toBeGreaterThan(0.88);
    expect((high - low) / ((2 * 1.96) / Math.sqrt(400))).toBeLessThan(1.12);
    const wide = pairedBootstrap(sample, { random, resamples: 4000, level: 0.99 });
    expect(wide.high - wide.low).toBeGreaterThan(high - low);
  });
});

describe("stratified bootstrap", () => {
  const everySeed = (strata: Strata) => iqm(strata.flat());

  test("each stratum is resampled by itself: sizes stay and no value crosses over", () => {
    const strata = [
      [1, 2, 3],
      [10, 20],
      [100, 200, 300, 400],
    ];
    const statistic = (resampled: Strata) => {
      expect(resampled.map((stratum) => stratum.length)).toEqual([3, 2, 4]);
      for (const [s, stratum] of resampled.entries()) {
        expect(stratum.every((value) => strata[s].includes(value))).toBe(true);
      }
      return mean(resampled.flat());
    };
    const { estimate } = stratifiedBootstrap(strata, statistic, { random: Random.fromSeed(1), resamples: 100 });
    expect(estimate).toBe(mean(strata.flat()));
  });

  test("differences between strata do not widen the interval", () => {
    const strata = [0, 1000].map((offset) => [offset, offset + 1, offset + 2]);
    const within = (resampled: Strata) => mean(resampled.flat());
    const { low, high } = stratifiedBootstrap(strata, within, { random: Random.fromSeed(1), resamples: 500 });
    expect(high - low).toBeGreaterThan(0.5);
    expect(high - low).toBeLessThan(2);
  });

  test("the estimate is the statistic of the data, and the data stay as they were", () => {
    const strata = [
      [0.1, 0.4, 0.2],
      [0.7, 0.6, 0.9],
    ];
    const { estimate, low, high } = stratifiedBootstrap(strata, everySeed, {
      random: Random.fromSeed(2),
      resamples: 500,
    });
    expect(estimate).toBe(iqm(strata.flat()));
    expect(low).toBeLessThan(estimate);
    expect(high).toBeGreaterThan(estimate);
    expect(strata).toEqual([
      [0.1, 0.4, 0.2],
      [0.7, 0.6, 0.9],
    ]);
  });

  test("a single value gives no interval, and impossible settings are refused", () => {
    const random = Random.fromSeed(1);
    expect(() => pairedBootstrap([0.5], { random })).toThrow(expect.objectContaining({ code: "stats/too-few" }));
    expect(() => stratifiedBootstrap([[1, 2], [3]], everySeed, { random })).toThrow(
      "got 1 values, expected at least 2",
    );
    expect(() => stratifiedBootstrap([], everySeed, { random })).toThrow("got no strata");
    expect(() => pairedBootstrap([1, 2], { random, resamples: 0 })).toThrow("bootstrap resamples: got 0");
    expect(() => pairedBootstrap([1, 2], { random, level: 95 })).toThrow("bootstrap level: got 95");
    expect(() => pairedBootstrap([1, Number.NaN], { random })).toThrow("got NaN at 1");
  });
});
