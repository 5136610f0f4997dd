import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { normalCdf } from "../../src/stats/normal-cdf.ts";
import { smallestEffect, smallestShift } from "../../src/stats/smallest-effect.ts";
import golden from "./golden-values.json" with { type: "json" };

describe("normal distribution function", () => {
  test("agrees with scipy, far into the lower tail too", () => {
    for (const { x, value } of golden.normal_cdf) {
      expect(Math.abs(normalCdf(x) - value), `${x}`).toBeLessThanOrEqual(2e-15);
      expect(Math.abs(normalCdf(x) / value - 1), `${x}`).toBeLessThanOrEqual(1e-12);
    }
  });

  test("joins its two formulas without a step, and answers at the ends", () => {
    expect(normalCdf(-3 - 1e-12) / normalCdf(-3 + 1e-12)).toBeCloseTo(1, 10);
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -60, 60].map(normalCdf)).toEqual([0, 1, 0, 1]);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});

describe("smallest effect", () => {
  test("its noncentrality is scipy's, from two differences to more than a thousand", () => {
    for (const { n, power, level, value } of golden.smallest_shift) {
      expect(Math.abs(smallestShift(n, { power, level }) / value - 1), `n ${n}`).toBeLessThan(n === 2 ? 1e-7 : 1e-9);
    }
  });

  test("is that many standard errors of the mean, 80 % power at 95 % by default", () => {
    const differences = [0.02, 0.05, -0.01, 0.03, 0.06];
    const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - 0.03) ** 2, 0) / 4);
    expect(smallestEffect(differences)).toBeCloseTo((3.761059553825019 * deviation) / Math.sqrt(5), 9);
    expect(smallestEffect(differences.map((value) => value + 1))).toBeCloseTo(smallestEffect(differences), 9);
    expect(smallestEffect(differences.map((value) => -2 * value))).toBeCloseTo(2 * smallestEffect(differences), 9);
  });

  test("shrinks with n and grows with the power and the level asked for", () => {
    const shifts = [2, 3, 5, 10, 20].map((n) => smallestShift(n) / Math.sqrt(n));
    for (let i = 1; i < shifts.length; i++) expect(shifts[i]).toBeLessThan(shifts[i - 1]);
    expect(smallestShift(5, { power: 0.9 })).toBeGreaterThan(smallestShift(5));
    expect(smallestShift(5, { level: 0.99 })).toBeGreaterThan(smallestShift(5));
  });

  test("a t-test on simulated differences of that size finds four in five of them", () => {
    const random = Random.fromSeed("power");
    const shift = smallestShift(5);
    const critical = 2.7764451051977987; // scipy: t.ppf(0.975, 4)
    let found = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 5 }, () => shift / Math.sqrt(5) + random.normal());
      const center = sample.reduce((sum, value) => sum + value, 0) / 5;
      const variance = sample.reduce((sum, value) => sum + (value - center) ** 2, 0) / 4;
      if (Math.abs(center) > critical * Math.sqrt(variance / 5)) found += 1;
    }
    expect(Math.abs(found / trials - 0.8)).toBeLessThan(0.02);
  });

  test("equal differences have an effect of 0, and what has no answer is refused", () => {
    expect(smallestEffect([0.1, 0.1, 0.1])).toBeCloseTo(0, 15);
    expect(() => smallestEffect([0.1])).toThrow(expect.objectContaining({ code: "stats/too-few" }));
    expect(() => smallestEffect([0.1, Number.NaN])).toThrow("got NaN at 1");
    expect(() => smallestEffect([0.1, 0.2], { power: 0.05 })).toThrow("smallest effect power: got 0.05");
    expect(() => smallestEffect([0.1, 0.2], { level: 1 })).toThrow("smallest effect level: got 1");
  });
});
