import { expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chanceAt, firthLogistic, type Trials } from "../../src/stats/firth-logistic.ts";
import {
  risingThreshold,
  risingThresholdBootstrap,
  thresholdDifferenceBootstrap,
} from "../../src/stats/rising-threshold.ts";

const rowsOf = (x: readonly number[], trials: readonly number[], successes: readonly number[]): Trials[] =>
  x.map((value, index) => ({ x: value, trials: trials[index], successes: successes[index] }));

const SEPARATED = rowsOf([0.1, 0.15, 0.2, 0.25, 0.3, 0.35], [2, 2, 2, 2, 2, 2], [0, 0, 0, 2, 2, 2]);
const MIXED = rowsOf([0.1, 0.15, 0.2, 0.25, 0.3, 0.35], [2, 3, 2, 2, 2, 4], [0, 1, 1, 1, 2, 3]);

test("with a two-valued predictor the fit is that of half a trial more in each of the four cells", () => {
  const { intercept, slope } = firthLogistic(rowsOf([0, 1], [10, 7], [2, 6]));
  expect(intercept).toBeCloseTo(Math.log(2.5 / 8.5), 10);
  expect(intercept + slope).toBeCloseTo(Math.log(6.5 / 1.5), 10);
});

test("the fit is the maximum of the penalised likelihood that scipy finds", () => {
  // scipy 1.17.1: fsolve on Firth's score equations from the Nelder-Mead maximum of the penalised likelihood
  const mixed = firthLogistic(MIXED);
  expect(mixed.intercept).toBeCloseTo(-2.56488585, 7);
  expect(mixed.slope).toBeCloseTo(11.466947, 5);
  const single = firthLogistic(rowsOf([1, 2, 3, 4], [1, 1, 1, 1], [0, 1, 0, 1]));
  expect(single.intercept).toBeCloseTo(-1.27171468, 7);
  expect(single.slope).toBeCloseTo(0.50868587, 7);
});

test("separated outcomes have a finite fit, which plain maximum likelihood has not", () => {
  const fit = firthLogistic(SEPARATED); // scipy as above
  expect(fit.intercept).toBeCloseTo(-8.87547151, 6);
  expect(fit.slope).toBeCloseTo(39.44654005, 5);
  expect(chanceAt(fit, 0.225)).toBeCloseTo(0.5, 10);
});

test("shifting and stretching the predictor moves the threshold with it", () => {
  const moved = MIXED.map((row) => ({ ...row, x: 1000 + 50 * row.x }));
  expect(risingThreshold(moved)).toBeCloseTo(1000 + 50 * risingThreshold(MIXED), 8);
});

test("trials in one row count as the same trials in several", () => {
  const split = MIXED.flatMap(({ x, trials, successes }) =>
    Array.from({ length: trials }, (_, index) => ({ x, trials: 1, successes: index < successes ? 1 : 0 })),
  );
  expect(firthLogistic(split).slope).toBeCloseTo(firthLogistic(MIXED).slope, 9);
});

test("of one value of x only the share is fitted", () => {
  const fit = firthLogistic(rowsOf([0.3, 0.3], [4, 3], [1, 1]));
  expect(fit.slope).toBe(0);
  expect(fit.intercept).toBeCloseTo(Math.log(2.5 / 5.5), 12);
});

test("the threshold of symmetric outcomes is their middle", () => {
  expect(risingThreshold(SEPARATED)).toBeCloseTo(0.225, 9);
  expect(risingThreshold(MIXED)).toBeCloseTo(0.2236764370262055, 7); // scipy as above
});

test("where all succeed, or none, the threshold is an end of the range", () => {
  const all = SEPARATED.map((row) => ({ ...row, successes: row.trials }));
  const none = SEPARATED.map((row) => ({ ...row, successes: 0 }));
  expect(risingThreshold(all)).toBe(0.1);
  expect(risingThreshold(none)).toBe(0.35);
});

test("outcomes that fall with x have no rising threshold, and the share decides for an end", () => {
  const x = [1, 2, 3, 4];
  expect(risingThreshold(rowsOf(x, [2, 2, 2, 2], [2, 2, 2, 0]))).toBe(1);
  expect(risingThreshold(rowsOf(x, [2, 2, 2, 2], [2, 0, 0, 0]))).toBe(4);
});

test("the interval holds the estimate, stays in the range and is the same for the same seed", () => {
  const options = () => ({ random: Random.fromSeed("threshold"), resamples: 500 });
  const interval = risingThresholdBootstrap(MIXED, options());
  expect(interval.low).toBeGreaterThanOrEqual(0.1);
  expect(interval.low).toBeLessThan(interval.estimate);
  expect(interval.high).toBeGreaterThan(interval.estimate);
  expect(interval.high).toBeLessThanOrEqual(0.35);
  expect(risingThresholdBootstrap(MIXED, options())).toEqual(interval);
});

test("thresholds of the same outcomes differ by nothing in every resample", () => {
  const pairs = MIXED.map((row) => [row, row] as const);
  const random = Random.fromSeed("pairs");
  expect(thresholdDifferenceBootstrap(pairs, { random, resamples: 200 })).toEqual({ estimate: 0, low: 0, high: 0 });
});

test("a method that succeeds one group earlier has a threshold lower by the groups' distance", () => {
  const earlier = rowsOf([0.1, 0.15, 0.2, 0.25, 0.3, 0.35], [2, 2, 2, 2, 2, 2], [0, 0, 2, 2, 2, 2]);
  const pairs = SEPARATED.map((row, index) => [row, earlier[index]] as const);
  const { estimate, low } = thresholdDifferenceBootstrap(pairs, { random: Random.fromSeed(1), resamples: 500 });
  expect(estimate).toBeGreaterThan(0.035);
  expect(estimate).toBeLessThan(0.065);
  expect(low).toBeGreaterThanOrEqual(0);
});

test("impossible trials are refused", () => {
  expect(() => firthLogistic([])).toThrow(/got 0 values/);
  expect(() => firthLogistic([{ x: 1, trials: 2, successes: 3 }])).toThrow(/logistic successes: got 3/);
  expect(() => firthLogistic([{ x: Number.NaN, trials: 2, successes: 1 }])).toThrow(/finite/);
});
