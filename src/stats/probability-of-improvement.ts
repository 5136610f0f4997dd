// Probability of improvement of Agarwal et al., "Deep RL at the Edge of the Statistical Precipice" (2021): how likely a
// run of one method beats a run of another on the same task, Mann-Whitney's U / (n m) with ties counted half; over
// several tasks the mean of it. The interval resamples the runs of each method on each task by themselves, as rliable
// does: runs that share a seed are not treated as pairs.

import type { BootstrapOptions, Interval, Strata } from "./bootstrap.ts";
import { stratifiedBootstrap } from "./bootstrap.ts";
import { checkValues } from "./check.ts";
import { mean } from "./summary.ts";

/** Scores of the runs of two methods on one task. */
export interface TaskRuns {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** Chance that a random value of `a` exceeds one of `b`, ties counted half. Throws `stats/too-few`, `stats/invalid`. */
export function probabilityOfImprovement(a: readonly number[], b: readonly number[]): number {
  checkValues("probability of improvement, first", a);
  checkValues("probability of improvement, second", b);
  let halves = 0;
  for (const x of a) {
    for (const y of b) halves += x > y ? 2 : x === y ? 1 : 0;
  }
  return halves / (2 * a.length * b.length);
}

/**
 * Mean over tasks of the chance that a run of the first method beats one of the second, with its interval.
 * @throws LabelfreeError `stats/too-few` without a task or with fewer than two runs in one, `stats/invalid`.
 */
export function probabilityOfImprovementOverTasks(tasks: readonly TaskRuns[], options: BootstrapOptions): Interval {
  const strata = tasks.flatMap(({ first, second }) => [first, second]);
  const overTasks = (runs: Strata): number =>
    mean(tasks.map((_, task) => probabilityOfImprovement(runs[2 * task], runs[2 * task + 1])));
  return stratifiedBootstrap(strata, overTasks, options);
}
