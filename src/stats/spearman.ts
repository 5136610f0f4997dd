// Spearman's rank correlation: Pearson's correlation of the ranks, tied values sharing the mean of their ranks (the
// shortcut 1 - 6 sum d^2 / (n^3 - n) is wrong with ties). Undefined, NaN, when one side is constant.

import { checkInteger, checkValues } from "./check.ts";

/** Rank correlation in [-1, 1] of paired values; NaN when a side is constant. Throws `stats/too-few`, `stats/invalid`. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  checkValues("spearman x", x, 2);
  checkValues("spearman y", y, 2);
  checkInteger("spearman: number of y values", y.length, x.length, x.length);
  const [a, b] = [centeredRanks(x), centeredRanks(y)];
  const correlation = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return Math.max(-1, Math.min(1, correlation));
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

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
