// Where the chance of success, taken to rise with x, passes one half ("median effective level" of a dose-response curve):
// -intercept / slope of Firth's logistic fit. It is looked for only between the smallest and the largest x that were
// tried, since beyond them the fit is guesswork: a chance of at least one half already at the smallest x gives that x, one
// below it still at the largest x gives the largest, and both are bounds rather than values ("at or below", "at or
// above"). A fit that falls has no rising threshold; it counts as flat, and the share of successes decides for the lower
// or the upper end. The interval resamples groups (all trials at one x, such as the runs from one base checkpoint), for
// trials of one group are not independent; the range stays that of the whole data.

import type { BootstrapOptions, Interval } from "./bootstrap.ts";
import { percentileInterval } from "./bootstrap.ts";
import type { Trials } from "./firth-logistic.ts";
import { firthLogistic } from "./firth-logistic.ts";

/** Values of x between which a threshold is looked for. */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/** The smallest and the largest x of the rows. */
export function rangeOf(rows: readonly Pick<Trials, "x">[]): Range {
  const values = rows.map(({ x }) => x);
  return { lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * The threshold within the range.
 * @throws LabelfreeError as `firthLogistic` does.
 */
export function risingThreshold(rows: readonly Trials[], { lowest, highest }: Range = rangeOf(rows)): number {
  const { intercept, slope } = firthLogistic(rows);
  if (slope > 0) return Math.min(highest, Math.max(lowest, -intercept / slope));
  const successes = rows.reduce((sum, row) => sum + row.successes, 0);
  const trials = rows.reduce((sum, row) => sum + row.trials, 0);
  return 2 * successes >= trials ? lowest : highest;
}

/**
 * The threshold with its interval, each row a group.
 * @throws LabelfreeError as `firthLogistic` does, or `stats/invalid`.
 */
export function risingThresholdBootstrap(rows: readonly Trials[], options: BootstrapOptions): Interval {
  const range = rangeOf(rows);
  const resample = (): number => risingThreshold(drawGroups(rows, options), range);
  return percentileInterval(risingThreshold(rows, range), resample, options);
}

/**
 * Difference of two thresholds on the same groups, first minus second, with its interval; a resample draws the same
 * groups for both.
 * @throws LabelfreeError as `firthLogistic` does, or `stats/invalid`.
 */
export function thresholdDifferenceBootstrap(
  pairs: readonly (readonly [Trials, Trials])[],
  options: BootstrapOptions,
): Interval {
  const range = rangeOf(pairs.flat());
  const difference = (drawn: readonly (readonly [Trials, Trials])[]): number =>
    risingThreshold(
      drawn.map(([first]) => first),
      range,
    ) -
    risingThreshold(
      drawn.map(([, second]) => second),
      range,
    );
  return percentileInterval(difference(pairs), () => difference(drawGroups(pairs, options)), options);
}

function drawGroups<Group>(groups: readonly Group[], { random }: BootstrapOptions): Group[] {
  return groups.map(() => groups[random.integer(groups.length)]);
}
