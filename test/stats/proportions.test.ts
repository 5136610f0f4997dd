import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attainability, attainabilityIfCutOff } from "../../src/stats/attainability.ts";
import { mcNemarExact, pairedCounts } from "../../src/stats/mcnemar.ts";
import { passAtK } from "../../src/stats/pass-at-k.ts";
import { twoProportionZ } from "../../src/stats/two-proportions.ts";
import { wilson } from "../../src/stats/wilson.ts";

const successes = fc
  .integer({ min: 1, max: 5000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe("Wilson interval", () => {
  test("stays inside [0, 1], contains the share and has a width", () => {
    fc.assert(
      fc.property(successes, ([k, n]) => {
        const { p, low, high } = wilson(k, n);
        return p === k / n && 0 <= low && low <= p && p <= high && high <= 1 && low < high;
      }),
    );
  });

  test("mirrors when successes and failures change places, and narrows with more trials", () => {
    fc.assert(
      fc.property(successes, ([k, n]) => {
        const [one, other, more] = [wilson(k, n), wilson(n - k, n), wilson(4 * k, 4 * n)];
        expect(other.low).toBeCloseTo(1 - one.high, 12);
        expect(more.high - more.low).toBeLessThan(one.high - one.low);
      }),
    );
  });

  test("its ends are where the score test is just met: |p - end| = z sqrt(end (1 - end) / n)", () => {
    const { p, low, high } = wilson(17, 40, 2);
    for (const end of [low, high]) expect(Math.abs(p - end)).toBeCloseTo(2 * Math.sqrt((end * (1 - end)) / 40), 14);
  });

  test("impossible counts are refused", () => {
    expect(() => wilson(3, 2)).toThrow("wilson k: got 3, expected an integer from 0 to 2");
    expect(() => wilson(0, 0)).toThrow("wilson n: got 0");
    expect(() => wilson(0.5, 2)).toThrow(expect.objectContaining({ code: "stats/invalid" }));
  });
});

describe("pass@k", () => {
  const samples = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.nat(300)).map(([n, c]) => [n, Math.min(c, n)] as const);

  test("is the share of correct samples at k = 1 and never falls as k grows", () => {
    fc.assert(
      fc.property(samples, ([n, c]) => {
        expect(passAtK(n, c, 1)).toBe(c / n);
        const values = Array.from({ length: n }, (_, i) => passAtK(n, c, i + 1));
        for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("equals the count over all subsets of a small set", () => {
    for (const [n, c, k] of [
      [6, 2, 3],
      [7, 3, 2],
      [8, 1, 5],
      [5, 4, 2],
    ]) {
      let [subsets, hits] = [0, 0];
      for (let mask = 0; mask < 1 << n; mask++) {
        const members = Array.from({ length: n }, (_, i) => (mask >> i) & 1);
        if (members.reduce((sum, bit) => sum + bit, 0) !== k) continue;
        subsets += 1;
        if (members.slice(0, c).includes(1)) hits += 1;
      }
      expect(passAtK(n, c, k)).toBeCloseTo(hits / subsets, 14);
    }
  });

  test("k beyond the samples is refused", () => {
    expect(() => passAtK(8, 2, 9)).toThrow("pass@k k: got 9, expected an integer from 1 to 8");
  });
});

describe("exact McNemar test", () => {
  const table = fc.record({
    bothRight: fc.nat(1000),
    onlyFirstRight: fc.nat(200),
    onlySecondRight: fc.nat(200),
    bothWrong: fc.nat(1000),
  });

  test("is the same with the systems swapped and does not look at items where both agree", () => {
    fc.assert(
      fc.property(table, (counts) => {
        const p = mcNemarExact(counts);
        const { onlyFirstRight, onlySecondRight } = counts;
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mcNemarExact({ ...counts, onlyFirstRight: onlySecondRight, onlySecondRight: onlyFirstRight })).toBe(p);
        expect(mcNemarExact({ ...counts, bothRight: 0, bothWrong: 0 })).toBe(p);
      }),
    );
  });

  test("agrees with exact integer arithmetic, also far into the tail", () => {
    for (const [b, c] of [
      [0, 1],
      [3, 9],
      [40, 60],
      [10, 400],
      [480, 520],
      [0, 1000],
      [0, 1074],
    ]) {
      const exact = exactTwoSided(b, c);
      expect(mcNemarExact({ bothRight: 0, onlyFirstRight: b, onlySecondRight: c, bothWrong: 0 }) / exact).toBeCloseTo(
        1,
        11,
      );
    }
  });

  test("many thousand disagreements neither overflow nor vanish", () => {
    const even = mcNemarExact({ bothRight: 0, onlyFirstRight: 50_000, onlySecondRight: 50_400, bothWrong: 0 });
    expect(even).toBeGreaterThan(0.2);
    expect(even).toBeLessThan(0.22);
    expect(mcNemarExact({ bothRight: 0, onlyFirstRight: 0, onlySecondRight: 5000, bothWrong: 0 })).toBe(0);
  });

  test("the table of two lists of verdicts counts each kind, and lists of unequal length are refused", () => {
    const [first, second] = [
      [true, true, true, false, false, false],
      [true, false, false, true, false, false],
    ];
    const counts = pairedCounts(first, second);
    expect(counts).toEqual({ bothRight: 1, onlyFirstRight: 2, onlySecondRight: 1, bothWrong: 2 });
    expect(() => pairedCounts(first, [true])).toThrow("number of second verdicts: got 1, expected");
  });
});

describe("attainability", () => {
  test("a share printed by rounding is attainable, and its count lies in the range", () => {
    fc.assert(
      fc.property(successes, fc.nat(3), ([k, n], decimals) => {
        const { attainable, kMin, kMax } = attainability(((100 * k) / n).toFixed(decimals), n, 1);
        return attainable && kMin! <= k && k <= kMax!;
      }),
    );
  });

  test("the counts found are all there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1020 }), (n, tenths) => {
        const fits = Array.from({ length: n + 1 }, (_, k) => k).filter((k) => Math.abs(2000 * k - 2 * tenths * n) <= n);
        const found = attainability((tenths / 10).toFixed(1), n, 1);
        expect(found.attainable).toBe(fits.length > 0);
        expect(found.kMin).toBe(fits.at(0) ?? null);
        expect(found.kMax).toBe(fits.at(-1) ?? null);
      }),
    );
  });

  test("cut off instead of rounded, every share fits its own digits and no others", () => {
    expect(attainabilityIfCutOff("27.77", 198, 1)).toEqual({ attainable: true, kMin: 55, kMax: 55 });
    expect(attainability("27.77", 198, 1).attainable).toBe(false);
    expect(attainabilityIfCutOff("27.78", 198, 1).attainable).toBe(false);
    expect(attainabilityIfCutOff("100.0", 7, 1)).toEqual({ attainable: true, kMin: 7, kMax: 7 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1020 }), (n, tenths) => {
        const fits = Array.from({ length: n + 1 }, (_, k) => k).filter((k) => Math.floor((1000 * k) / n) === tenths);
        const found = attainabilityIfCutOff((tenths / 10).toFixed(1), n, 1);
        expect([found.kMin, found.kMax]).toEqual([fits.at(0) ?? null, fits.at(-1) ?? null]);
      }),
    );
  });

  test("text that is no printed percentage is refused", () => {
    for (const text of ["", "30.7%", "-1", "1e2", "30.", ".5", "thirty"]) {
      expect(() => attainability(text, 500, 1), text).toThrow('expected a percentage as printed, like "30.7"');
    }
    expect(() => attainability("30.7", 0, 1)).toThrow("attainability items: got 0");
  });
});

describe("unpaired z of two shares", () => {
  test("agrees with statsmodels, and turns its sign with the order", () => {
    // proportions_ztest([164, 117], [500, 500]) and ([30, 20], [60, 80]), statsmodels 0.15.0
    expect(twoProportionZ([164 / 500, 500], [117 / 500, 500])).toBeCloseTo(3.3065892751880046, 12);
    expect(twoProportionZ([0.5, 60], [0.25, 80])).toBeCloseTo(3.0550504633038935, 12);
    expect(twoProportionZ([0.25, 80], [0.5, 60])).toBeCloseTo(-3.0550504633038935, 12);
  });

  test("there is none between shares of all or of none, and impossible shares and counts are refused", () => {
    expect(twoProportionZ([0, 10], [0, 20])).toBeNull();
    expect(twoProportionZ([1, 10], [1, 20])).toBeNull();
    expect(() => twoProportionZ([1.2, 10], [0, 20])).toThrow("share: got 1.2");
    expect(() => twoProportionZ([0.5, 0], [0, 20])).toThrow("first items: got 0");
  });
});

function exactTwoSided(b: number, c: number): number {
  const n = b + c;
  let coefficient = 1n;
  let sum = 0n;
  for (let i = 0; i <= Math.min(b, c); i++) {
    sum += coefficient;
    coefficient = (coefficient * BigInt(n - i)) / BigInt(i + 1);
  }
  return Math.min(1, ratio(2n * sum, 1n << BigInt(n)));
}

// a / b to double precision where the quotient is tiny
function ratio(a: bigint, b: bigint): number {
  const shift = Math.max(0, b.toString(2).length - a.toString(2).length);
  const scaled = Number(((a << BigInt(shift)) << 60n) / b) / 2 ** 60;
  return shift > 1000 ? (scaled / 2 ** 1000) * 2 ** (1000 - shift) : scaled / 2 ** shift;
}
