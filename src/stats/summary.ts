import { checkInteger, checkValues, invalid } from "./check.ts";

/** Arithmetic mean. Throws `stats/too-few` or `stats/invalid`. */
export function mean(values: readonly number[]): number {
  checkValues("mean", values);
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Unbiased standard deviation (divisor n - 1), at least two values. Throws `stats/too-few` or `stats/invalid`. */
export function sampleStd(values: readonly number[]): number {
  checkValues("sample standard deviation", values, 2);
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) * (value - center);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Quantile of values in ascending order, linear between neighbours (type 7 of Hyndman and Fan, numpy's default).
 * Throws `stats/too-few` or `stats/invalid`.
 */
export function quantile(sorted: readonly number[], p: number): number {
  checkInteger("quantile: number of values", sorted.length, 1, Number.MAX_SAFE_INTEGER);
  if (!(p >= 0 && p <= 1)) throw invalid("quantile p", String(p), "a number from 0 to 1");
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below], sorted[above]];
  return Math.min(high, low + (place - below) * (high - low));
}

/** A copy in ascending order. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
