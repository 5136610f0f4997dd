// Interval of the mean difference between two systems that were each trained with several seeds and tested on many
// items: seeds and items are both samples, so both are resampled. Per resample: seeds with replacement, then items with
// replacement, then the mean over drawn seeds of the mean difference over drawn items. Where all seeds answer the same
// benchmark ("shared", the default), one draw of items serves all of them: an easy item is easy for every seed, and
// items drawn anew per seed would average that away and make the interval too narrow (the pigeonhole bootstrap of Owen,
// 2007). Where each seed has items of its own ("separate"), they are drawn within each seed (the nested bootstrap).
// Resampling both levels is slightly conservative: the spread of items is counted in the spread of seeds as well.

import { LabelfreeError } from "../core/errors.ts";
import type { BootstrapOptions, Interval } from "./bootstrap.ts";
import { percentileInterval } from "./bootstrap.ts";
import { checkInteger, checkValues } from "./check.ts";
import { mean } from "./summary.ts";

/** Per item how well each system did, 0 or 1 or a share, the items in the same order. */
export interface PairedSeed {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

export interface TwoLevelOptions extends BootstrapOptions {
  /** Whether all seeds answer the same items in the same order (default) or each seed items of its own. */
  readonly items?: "shared" | "separate";
}

/**
 * Mean over seeds of the mean difference over items, first minus second, with its interval.
 * @throws LabelfreeError `stats/too-few` below two seeds or two items, `stats/invalid`.
 */
export function pairedTwoLevelBootstrap(perSeed: readonly PairedSeed[], options: TwoLevelOptions): Interval {
  const { random, items = "shared" } = options;
  const differences = perSeed.map(toDifferences);
  checkSeeds(differences, items);
  const draw = (length: number): number[] => Array.from({ length }, () => random.integer(length));
  const resample = (): number => {
    const seeds = draw(differences.length).map((index) => differences[index]);
    const shared = items === "shared" ? draw(seeds[0].length) : null;
    return mean(seeds.map((values) => meanAt(values, shared ?? draw(values.length))));
  };
  return percentileInterval(mean(differences.map(mean)), resample, options);
}

function toDifferences({ first, second }: PairedSeed, seed: number): number[] {
  const place = `two-level bootstrap, seed ${seed}`;
  checkValues(`${place}, first`, first, 2);
  checkValues(`${place}, second`, second, 2);
  checkInteger(`${place}: number of second values`, second.length, first.length, first.length);
  return first.map((value, item) => value - second[item]);
}

function checkSeeds(differences: readonly (readonly number[])[], items: "shared" | "separate"): void {
  if (differences.length < 2) {
    const message = `two-level bootstrap: got ${differences.length} seeds, expected at least 2`;
    throw new LabelfreeError("stats/too-few", message);
  }
  if (items === "separate") return;
  const { length } = differences[0];
  for (const [seed, values] of differences.entries()) {
    checkInteger(`two-level bootstrap, seed ${seed}: number of items`, values.length, length, length);
  }
}

function meanAt(values: readonly number[], indices: readonly number[]): number {
  let sum = 0;
  for (const index of indices) sum += values[index];
  return sum / indices.length;
}
