// The two-level bootstrap of two-level-bootstrap.ts for a whole table: many pairs of systems, all tested on the same items
// of several benchmarks. Items are drawn first, once for all systems, and every system's accuracy under each draw is kept;
// a pair's resample then draws seeds and looks up. The intervals are those of pairedTwoLevelBootstrap (with "shared" items),
// at a cost that does not grow with the number of pairs. Beside the mean difference on one benchmark there is the
// difference of interquartile means (iqm.ts) over several: a run answers all benchmarks, so a resample draws its seeds
// once for all of them. (`iqmOverTasks`, which follows rliable, draws them anew for each, as if they were other runs.)

import { LabelfreeError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { Interval } from "./bootstrap.ts";
import { percentileInterval } from "./bootstrap.ts";
import { checkInteger, checkValues } from "./check.ts";
import { iqm } from "./iqm.ts";
import { mean } from "./summary.ts";

/** How often each item was drawn, for every resample. */
export type ItemDraws = readonly Uint32Array[];

/** A system's accuracy with one seed on one benchmark: on its items, and under every draw of them. */
export interface DrawnScore {
  readonly accuracy: number;
  readonly drawn: Float64Array;
}

/** Two systems' scores with the same seed. */
export interface DrawnPair {
  readonly first: DrawnScore;
  readonly second: DrawnScore;
}

export interface SeedOptions {
  readonly random: Random;
  /** Confidence level, 0.95 for a 95 % interval. */
  readonly level?: number;
}

/** Draws as many items as there are, with replacement, for each resample. Throws `stats/invalid`. */
export function drawItems(items: number, resamples: number, random: Random): ItemDraws {
  checkInteger("item draws: number of items", items, 2, Number.MAX_SAFE_INTEGER);
  checkInteger("item draws: resamples", resamples, 1, Number.MAX_SAFE_INTEGER);
  return Array.from({ length: resamples }, () => {
    const counts = new Uint32Array(items);
    for (let draw = 0; draw < items; draw++) counts[random.integer(items)]++;
    return counts;
  });
}

/** Accuracy on items, each 0 or 1 or a share, as they are and under every draw. Throws `stats/invalid`. */
export function drawnScore(answers: readonly number[], draws: ItemDraws): DrawnScore {
  checkValues("drawn score", answers, 2);
  checkInteger("drawn score: number of items", answers.length, draws[0].length, draws[0].length);
  const values = Float64Array.from(answers);
  const drawn = Float64Array.from(draws, (counts) => {
    let sum = 0;
    for (let item = 0; item < values.length; item++) sum += counts[item] * values[item];
    return sum / values.length;
  });
  return { accuracy: mean(answers), drawn };
}

/**
 * Mean over seeds of the difference in accuracy, first minus second, with its interval over seeds and items.
 * @throws LabelfreeError `stats/too-few` below two seeds.
 */
export function drawnMeanDifference(seeds: readonly DrawnPair[], options: SeedOptions): Interval {
  const estimate = mean(seeds.map(({ first, second }) => first.accuracy - second.accuracy));
  const statistic = (chosen: readonly number[], draw: number): number => {
    let sum = 0;
    for (const seed of chosen) sum += seeds[seed].first.drawn[draw] - seeds[seed].second.drawn[draw];
    return sum / chosen.length;
  };
  return drawnInterval([seeds], estimate, statistic, options);
}

/**
 * Interquartile mean of the first system's accuracies over all seeds and benchmarks minus that of the second's, with its
 * interval; `benchmarks` holds for each benchmark the same seeds in the same order.
 * @throws LabelfreeError `stats/too-few` without a benchmark or below two seeds, `stats/invalid`.
 */
export function drawnIqmDifference(benchmarks: readonly (readonly DrawnPair[])[], options: SeedOptions): Interval {
  const pairs = benchmarks.flat();
  const estimate =
    pairs.length === 0
      ? 0
      : iqm(pairs.map(({ first }) => first.accuracy)) - iqm(pairs.map(({ second }) => second.accuracy));
  const statistic = (chosen: readonly number[], draw: number): number => {
    const scores = (side: keyof DrawnPair) =>
      benchmarks.flatMap((seeds) => chosen.map((seed) => seeds[seed][side].drawn[draw]));
    return iqm(scores("first")) - iqm(scores("second"));
  };
  return drawnInterval(benchmarks, estimate, statistic, options);
}

function drawnInterval(
  benchmarks: readonly (readonly DrawnPair[])[],
  estimate: number,
  statistic: (seeds: readonly number[], draw: number) => number,
  { random, level }: SeedOptions,
): Interval {
  const seeds = benchmarks.at(0)?.length ?? 0;
  if (seeds < 2) {
    const message = `shared-items bootstrap: got ${seeds} seeds, expected at least 2`;
    throw new LabelfreeError("stats/too-few", message);
  }
  const resamples = benchmarks[0][0].first.drawn.length;
  for (const pairs of benchmarks) {
    checkInteger("shared-items bootstrap: number of seeds", pairs.length, seeds, seeds);
    for (const { drawn } of pairs.flatMap(({ first, second }) => [first, second])) {
      checkInteger("shared-items bootstrap: number of draws", drawn.length, resamples, resamples);
    }
  }
  let draw = 0;
  const resample = (): number =>
    statistic(
      Array.from({ length: seeds }, () => random.integer(seeds)),
      draw++,
    );
  return percentileInterval(estimate, resample, { resamples, ...(level === undefined ? {} : { level }) });
}
