import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { iqm, iqmFractional } from "../../src/stats/iqm.ts";
import { probabilityOfImprovement } from "../../src/stats/probability-of-improvement.ts";
import { averageRanks, spearman } from "../../src/stats/spearman.ts";
import { mean, quantile, sampleStd } from "../../src/stats/summary.ts";

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0); // -0 becomes 0
const values = fc.array(value, { minLength: 1, maxLength: 40 });
const tied = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 });

describe("mean, standard deviation and quantiles", () => {
  test("known values", () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(sampleStd([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.1)).toBeCloseTo(14, 12);
    expect(quantile([7], 0.3)).toBe(7);
  });

  test("quantiles rise with p from the smallest to the largest value", () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, p, q) => {
          const sorted = [...list].sort((a, b) => a - b);
          expect(quantile(sorted, 0)).toBe(sorted[0]);
          expect(quantile(sorted, 1)).toBe(sorted.at(-1));
          expect(quantile(sorted, Math.min(p, q))).toBeLessThanOrEqual(quantile(sorted, Math.max(p, q)) + 1e-9);
        },
      ),
    );
  });

  test("too few values and values that are no numbers are refused, never skipped", () => {
    expect(() => mean([])).toThrow("mean: got 0 values, expected at least 1");
    expect(() => sampleStd([1])).toThrow(expect.objectContaining({ code: "stats/too-few" }));
    expect(() => mean([1, Number.NaN])).toThrow("mean: got NaN at 1, expected a finite number");
    expect(() => quantile([1, 2], 1.5)).toThrow("quantile p: got 1.5");
    expect(() => quantile([], 0.5)).toThrow(expect.objectContaining({ code: "stats/invalid" }));
  });
});

describe("interquartile mean", () => {
  test("lies between the smallest and the largest value, whatever the order", () => {
    fc.assert(
      fc.property(values, (list) => {
        const slack = 1e-300 + 1e-9 * Math.max(...list.map(Math.abs));
        for (const statistic of [iqm, iqmFractional]) {
          const result = statistic(list);
          expect(result).toBeGreaterThanOrEqual(Math.min(...list) - slack);
          expect(result).toBeLessThanOrEqual(Math.max(...list) + slack);
          expect(statistic([...list].reverse())).toBe(result);
        }
      }),
    );
  });

  test("both definitions agree when 4 divides the number of values", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value, value), { minLength: 1 }), (quadruples) => {
        const list = quadruples.flat();
        expect(Math.abs(iqm(list) - iqmFractional(list))).toBeLessThanOrEqual(1e-8);
      }),
    );
  });

  test("one wild value among four does not move it", () => {
    expect(iqm([1, 2, 3, 1e9])).toBe(2.5);
    expect(iqmFractional([1, 2, 3, 1e9])).toBe(2.5);
    expect(iqm([5])).toBe(5);
    expect(iqmFractional([5])).toBe(5);
  });
});

describe("probability of improvement", () => {
  test("counts pairs, ties half, and both directions sum to 1", () => {
    expect(probabilityOfImprovement([2, 3], [1, 2])).toBe(3.5 / 4);
    expect(probabilityOfImprovement([1, 1], [1])).toBe(0.5);
    fc.assert(
      fc.property(tied, tied, (a, b) => {
        const forth = probabilityOfImprovement(a, b);
        expect(forth + probabilityOfImprovement(b, a)).toBeCloseTo(1, 14);
        expect(forth).toBeGreaterThanOrEqual(0);
        expect(forth).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("Spearman correlation", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { minLength: 2 });

  test("tied values share the mean of their ranks, and ranks always sum to n (n + 1) / 2", () => {
    expect(averageRanks([10, 20, 10, 30, 10])).toEqual([2, 4, 2, 5, 2]);
    expect(averageRanks([0, -0])).toEqual([1.5, 1.5]);
    fc.assert(
      fc.property(tied, (list) => {
        const sum = averageRanks(list).reduce((total, rank) => total + rank, 0);
        expect(sum).toBe((list.length * (list.length + 1)) / 2);
      }),
    );
  });

  test("is symmetric, between -1 and 1, and changes its sign with one side's order", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [x, y] = [list.map(([a]) => a), list.map(([, b]) => b)];
        const correlation = spearman(x, y);
        fc.pre(!Number.isNaN(correlation));
        expect(spearman(y, x)).toBe(correlation);
        expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
        expect(
          spearman(
            x,
            y.map((b) => -b),
          ),
        ).toBeCloseTo(-correlation, 12);
      }),
    );
  });

  test("is 1 for any rising relation, and the shortcut formula's value without ties", () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBe(1);
    expect(spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (125 - 5), 14);
  });

  test("with ties it is Pearson's correlation of the ranks", () => {
    // ranks 1.5 1.5 3 4 and 1 2 3.5 3.5: products 1.5 + 0.5 + 0.5 + 1.5, squares 4.5 and 4.5
    expect(spearman([1, 1, 2, 3], [5, 6, 7, 7])).toBeCloseTo(4 / 4.5, 14);
  });

  test("is NaN when a side is constant, and unequal lengths are refused", () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(() => spearman([1, 2], [1, 2, 3])).toThrow("number of y values: got 3");
    expect(() => spearman([1], [1])).toThrow("expected at least 2");
  });
});
