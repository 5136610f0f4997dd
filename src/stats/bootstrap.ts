// Percentile bootstrap intervals (Efron, 1979). `pairedBootstrap` resamples items and takes the mean difference of two
// systems on the same items; `stratifiedBootstrap` resamples within each stratum (seeds within each cell of a sweep, as
// in Agarwal et al. 2021), for any statistic of all strata. One value has no spread to resample: an interval of width
// zero would claim certainty, so it throws, and the caller shows the estimate without an interval.

import { LabelfreeError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { checkInteger, checkValues, invalid } from "./check.ts";
import { ascending, mean, quantile } from "./summary.ts";

export interface BootstrapOptions {
  readonly random: Random;
  readonly resamples?: number;
  /** Confidence level, 0.95 for a 95 % interval. */
  readonly level?: number;
}

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export type Strata = readonly (readonly number[])[];

/**
 * Mean difference over items with its interval; a pair counts as first minus second.
 * Throws `stats/too-few` below two items, `stats/invalid`.
 */
export function pairedBootstrap(
  differences: readonly number[] | readonly (readonly [number, number])[],
  options: BootstrapOptions,
): Interval {
  const values = differences.map((item) => (typeof item === "number" ? item : item[0] - item[1]));
  return stratifiedBootstrap([values], ([stratum]) => mean(stratum), options);
}

/**
 * A statistic of all strata with its interval, each stratum resampled by itself.
 * Throws `stats/too-few` when a stratum has fewer than two values, `stats/invalid`.
 */
export function stratifiedBootstrap(
  strata: Strata,
  statistic: (strata: Strata) => number,
  options: BootstrapOptions,
): Interval {
  checkStrata(strata);
  const { random } = options;
  const resampled = strata.map((stratum) => [...stratum]);
  const resample = (): number => {
    for (const [s, stratum] of strata.entries()) {
      for (let j = 0; j < stratum.length; j++) resampled[s][j] = stratum[random.integer(stratum.length)];
    }
    return statistic(resampled);
  };
  return percentileInterval(statistic(strata), resample, options);
}

/**
 * The interval between the outer percentiles of a statistic over resamples, each of which `resample` draws anew.
 * @throws LabelfreeError `stats/invalid`.
 */
export function percentileInterval(
  estimate: number,
  resample: () => number,
  { resamples = 10_000, level = 0.95 }: Omit<BootstrapOptions, "random">,
): Interval {
  checkInteger("bootstrap resamples", resamples, 1, Number.MAX_SAFE_INTEGER);
  if (!(level > 0 && level < 1)) throw invalid("bootstrap level", String(level), "a number between 0 and 1");
  const sorted = ascending(Array.from({ length: resamples }, resample));
  const tail = (1 - level) / 2;
  return { estimate, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

function checkStrata(strata: Strata): void {
  if (strata.length === 0) throw new LabelfreeError("stats/too-few", "bootstrap: got no strata, expected at least one");
  for (const [s, stratum] of strata.entries()) {
    checkValues(`bootstrap, stratum ${s} (show an estimate without an interval if there are no more)`, stratum, 2);
  }
}
