// Interquartile mean, as recommended for few seeds by Agarwal et al., "Deep RL at the Edge of the Statistical
// Precipice" (2021): less swayed by outliers than the mean, of smaller variance than the median. Two definitions, equal
// when 4 divides n: `iqm` removes floor(n / 4) values at each end (as rliable does), `iqmFractional` weights the border
// values so that exactly the middle half of the mass counts. `iqmOverTasks` is their aggregate over benchmarks: `iqm` of
// all scores of all runs on all tasks, its interval from runs resampled within each task.

import type { BootstrapOptions, Interval, Strata } from "./bootstrap.ts";
import { stratifiedBootstrap } from "./bootstrap.ts";
import { checkValues } from "./check.ts";
import { ascending, mean } from "./summary.ts";

/** Mean after removing floor(n / 4) values at each end. Throws `stats/too-few` or `stats/invalid`. */
export function iqm(values: readonly number[]): number {
  checkValues("interquartile mean", values);
  const cut = Math.floor(values.length / 4);
  return mean(ascending(values).slice(cut, values.length - cut));
}

/** Mean of the middle half of the mass, border values counted in part. Throws `stats/too-few` or `stats/invalid`. */
export function iqmFractional(values: readonly number[]): number {
  checkValues("interquartile mean", values);
  const n = values.length;
  const [from, to] = [n / 4, (3 * n) / 4];
  let sum = 0;
  for (const [i, value] of ascending(values).entries()) {
    sum += value * Math.max(0, Math.min(i + 1, to) - Math.max(i, from));
  }
  return sum / (to - from);
}

/**
 * Interquartile mean of the scores of all runs on all tasks, with its interval; `tasks` holds the runs' scores per task.
 * @throws LabelfreeError `stats/too-few` when a task has fewer than two runs, `stats/invalid`.
 */
export function iqmOverTasks(tasks: Strata, options: BootstrapOptions): Interval {
  return stratifiedBootstrap(tasks, (runs) => iqm(runs.flat()), options);
}
