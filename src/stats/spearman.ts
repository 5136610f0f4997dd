// Spearman's rank correlation: Pearson's correlation of the ranks, tied values sharing the mean of their ranks (the
// shortcut 1 - 6 sum d^2 / (n^3 - n) is wrong with ties). Undefined, NaN, when one side is constant. Its
// bootstrap interval resamples pairs; a resample with a constant side orders nothing and counts as 0.

import type { BootstrapOptions, Interval } from "./bootstrap.ts";
import { percentileInterval } from "./bootstrap.ts";
import { checkInteger, checkValues, invalid } from "./check.ts";

/** Rank correlation in [-1, 1] of paired values; NaN when a side is constant. Throws `stats/too-few`, `stats/invalid`. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  checkValues("spearman x", x, 2);
  checkValues("spearman y", y, 2);
  checkInteger("spearman: number of y values", y.length, x.length, x.length);
  const [a, b] = [centeredRanks(x), centeredRanks(y)];
  const correlation = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return Math.max(-1, Math.min(1, correlation));
}

/**
 * Rank correlation with its interval, pairs resampled.
 * @throws LabelfreeError `stats/too-few` below two pairs, `stats/invalid`, also when a side is constant.
 */
export function spearmanBootstrap(x: readonly number[], y: readonly number[], options: BootstrapOptions): Interval {
  const estimate = spearman(x, y);
  if (Number.isNaN(estimate)) throw invalid("spearman interval", "a constant side", "values that differ");
  const resample = (): number => {
    const drawn = x.map(() => options.random.integer(x.length));
    const correlation = spearman(at(x, drawn), at(y, drawn));
    return Number.isNaN(correlation) ? 0 : correlation;
  };
  return percentileInterval(estimate, resample, options);
}

/** Ranks from 1 on, tied values sharing the mean of theirs. */
export function averageRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((i, j) => values[i] - values[j]);
  const ranks = values.map(() => 0);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end += 1;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function centeredRanks(values: readonly number[]): number[] {
  return averageRanks(values).map((rank) => rank - (values.length + 1) / 2);
}

function at(values: readonly number[], indices: readonly number[]): number[] {
  return indices.map((index) => values[index]);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
