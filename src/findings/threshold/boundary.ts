// A method's boundary of ability: the base accuracy at which a run is as likely to end above its base as not, from Firth's
// logistic fit of that outcome on base accuracy (stats/firth-logistic.ts, stats/rising-threshold.ts). The chance is taken
// to rise with ability, and the boundary is looked for only among the base accuracies tried: at their lower end it reads
// "at or below", at their upper end "at or above". Runs from one base checkpoint share its luck, so the interval resamples
// base checkpoints with all their runs. A run that changes nothing ends above its base half of the time, so the boundary
// is also where the median gain is 0.
import type { Random } from "../../core/random.ts";
import type { LogisticFit, Trials } from "../../stats/firth-logistic.ts";
import { firthLogistic } from "../../stats/firth-logistic.ts";
import type { Range } from "../../stats/rising-threshold.ts";
import {
  rangeOf,
  risingThreshold,
  risingThresholdBootstrap,
  thresholdDifferenceBootstrap,
} from "../../stats/rising-threshold.ts";
import type { Rule } from "../claim.ts";
import type { FinalRow } from "../outcomes.ts";
import type { Interval } from "../verdict.ts";

type Method = FinalRow["method"];

/** Where training turns from harm to help, in base accuracy 0-1; `n` counts base checkpoints. */
export interface Boundary extends Interval, Range {
  readonly method: Method;
  readonly fit: LogisticFit;
  /** Share of the runs that end above their base. */
  readonly share: number;
}

/** The runs of one method from one base checkpoint: how many, and how many ended above it. */
interface BaseTrials extends Trials {
  readonly base: string;
}

/** A method's boundary, without an interval below the rule's number of base checkpoints; null without runs. */
export function boundaryOf(runs: readonly FinalRow[], method: Method, rule: Rule, random: Random): Boundary | null {
  const trials = trialsOf(runs, method);
  const n = trials.length;
  if (n === 0) return null;
  const sum = (count: "trials" | "successes"): number => trials.reduce((total, row) => total + row[count], 0);
  const share = sum("successes") / sum("trials");
  const about = { method, n, fit: firthLogistic(trials), share, ...rangeOf(trials) };
  if (n < rule.fewestSeeds) return { ...about, estimate: risingThreshold(trials), low: null, high: null };
  return { ...about, ...risingThresholdBootstrap(trials, optionsOf(rule, random)) };
}

/** First boundary minus second, over the base checkpoints that both methods started from; null without one. */
export function boundaryDifference(
  runs: readonly FinalRow[],
  [first, second]: readonly [Method, Method],
  rule: Rule,
  random: Random,
): Interval | null {
  const others = new Map(trialsOf(runs, second).map((trials) => [trials.base, trials]));
  const pairs = trialsOf(runs, first).flatMap((trials) => {
    const other = others.get(trials.base);
    return other === undefined ? [] : [[trials, other] as const];
  });
  const n = pairs.length;
  if (n === 0) return null;
  if (n >= rule.fewestSeeds) return { ...thresholdDifferenceBootstrap(pairs, optionsOf(rule, random)), n };
  const range = rangeOf(pairs.flat());
  const [a, b] = [0, 1].map((at) =>
    risingThreshold(
      pairs.map((pair) => pair[at]),
      range,
    ),
  );
  return { estimate: a - b, low: null, high: null, n };
}

/** "0.21 [0.18, 0.24]"; an end of the range as "≤ 0.10" or "≥ 0.52". */
export function describeBoundary({ estimate, low, high, lowest, highest }: Boundary): string {
  const show = (value: number): string => {
    if (value === lowest) return `≤ ${value.toFixed(2)}`;
    return value === highest ? `≥ ${value.toFixed(2)}` : value.toFixed(2);
  };
  const interval = low === null || high === null ? "too few bases" : `${show(low)}, ${show(high)}`;
  return `${show(estimate)} [${interval}]`;
}

function trialsOf(runs: readonly FinalRow[], method: Method): BaseTrials[] {
  const byBase = new Map<string, BaseTrials>();
  for (const run of runs) {
    if (run.method !== method) continue;
    const base = `${run.tier}/${run.baseSeed}`;
    const known = byBase.get(base) ?? { base, x: run.base, trials: 0, successes: 0 };
    byBase.set(base, {
      ...known,
      trials: known.trials + 1,
      successes: known.successes + (run.gain > 0 ? 1 : 0),
    });
  }
  return [...byBase.values()];
}

function optionsOf(
  { resamples, intervalLevel: level }: Rule,
  random: Random,
): { random: Random; resamples: number; level: number } {
  return { random, resamples, level };
}
