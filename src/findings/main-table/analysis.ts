// From runs to the tables behind the main table's figures, text and verdict. Intervals are 95 % percentile bootstraps; a
// cell with one seed has none, and as everywhere the seeds of a tier share three base checkpoints:
// - a cell's mean: over its seeds;
// - a difference: mean over paired seeds, and of interquartile means over all five benchmarks; seeds and items resampled
//   (stats/shared-items-bootstrap.ts);
// - a method's interquartile mean over benchmarks and its probability of improvement over the base, the mean over
//   benchmarks: runs resampled within each benchmark, as in Agarwal et al. (stats/iqm.ts, probability-of-improvement.ts);
// - sees: the smallest true difference that as many seeds find with 80 % power, from the spread of the seeds' differences
//   (stats/smallest-effect.ts); over benchmarks, of the interquartile means that each seed has by itself.
import { Random } from "../../core/random.ts";
import { iqm, iqmOverTasks } from "../../stats/iqm.ts";
import { probabilityOfImprovement, probabilityOfImprovementOverTasks } from "../../stats/probability-of-improvement.ts";
import type { DrawnPair, DrawnScore } from "../../stats/shared-items-bootstrap.ts";
import { drawItems, drawnIqmDifference, drawnMeanDifference, drawnScore } from "../../stats/shared-items-bootstrap.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import { mean } from "../../stats/summary.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows } from "../outcomes.ts";
import type { RunRecord } from "../run-record.ts";
import { inSweepOrder } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds } from "../seed-means.ts";
import type { Interval } from "../verdict.ts";
import type { BenchmarkSet } from "./benchmarks.ts";
import { BENCHMARK_SETS } from "./benchmarks.ts";
import type { Comparison, TableMethod } from "./comparisons.ts";
import { COMPARISONS, TABLE_METHODS } from "./comparisons.ts";
import type { ScoreCell, ScoreRow } from "./scores.ts";
import { pairedScores, scoreRows, scoresBySeed } from "./scores.ts";

const RESAMPLES = 1000;

interface DrawnRow extends ScoreRow {
  readonly score: DrawnScore;
}

export interface CellMean extends SeedMean {
  readonly tier: string;
  readonly method: TableMethod;
  readonly benchmark: BenchmarkSet;
}

export interface DifferenceRow extends Interval, Comparison {
  readonly tier: string;
  /** "iqm": interquartile mean over all benchmarks. */
  readonly benchmark: BenchmarkSet | "iqm";
  /** null for one seed. */
  readonly sees: number | null;
}

/** A method over all benchmarks. */
export interface AggregateRow {
  readonly tier: string;
  readonly method: TableMethod;
  readonly iqm: Interval;
  /** Probability that a run beats one of the base; null for the base. */
  readonly improvement: Interval | null;
}

export interface MainTableAnalysis {
  readonly scores: readonly ScoreRow[];
  readonly cells: readonly CellMean[];
  readonly differences: readonly DifferenceRow[];
  readonly aggregates: readonly AggregateRow[];
  /** On problems of all levels in the trained form. */
  readonly bases: readonly BaseRow[];
  readonly finals: readonly FinalRow[];
  /** Items of each benchmark. */
  readonly items: Readonly<Record<BenchmarkSet, number>>;
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, or `finding/not-finite` where a number is missing that must be there.
 */
export function analyseMainTable(runs: readonly RunRecord[]): MainTableAnalysis {
  const records = inSweepOrder(runs);
  const bases = baseRows(records);
  const scores = scoreRows(records);
  const drawn = drawScores(scores);
  const tiers = [...new Set(records.map(({ tier }) => tier))];
  return {
    scores,
    cells: meansOverSeeds("main-table", scores, ["tier", "method", "benchmark"], "accuracy"),
    differences: tiers.flatMap((tier) => COMPARISONS.flatMap((pair) => differenceRows(drawn, tier, pair))),
    aggregates: tiers.flatMap((tier) => TABLE_METHODS.flatMap((method) => aggregateRows(scores, { tier, method }))),
    bases,
    finals: finalRows(records, bases),
    items: Object.fromEntries(
      BENCHMARK_SETS.map((set) => [set, scores.find(({ benchmark }) => benchmark === set)?.items.length ?? 0]),
    ) as Record<BenchmarkSet, number>,
  };
}

/** Every score under the same draws of its benchmark's items. */
function drawScores(scores: readonly ScoreRow[]): DrawnRow[] {
  const random = Random.fromSeed("main-table/items");
  return BENCHMARK_SETS.flatMap((set) => {
    const ofSet = scores.filter(({ benchmark }) => benchmark === set);
    const draws = drawItems(ofSet[0].items.length, RESAMPLES, random.fork(set));
    return ofSet.map((row): DrawnRow => ({ ...row, score: drawnScore(row.items, draws) }));
  });
}

function differenceRows(scores: readonly DrawnRow[], tier: string, { first, second }: Comparison): DifferenceRow[] {
  const random = Random.fromSeed("main-table/difference").fork(`${tier}/${first}/${second}`);
  const pairs = BENCHMARK_SETS.map((set) =>
    pairedScores(scores, { tier, method: first }, { tier, method: second }, set).map((pair): DrawnPair => {
      return { first: pair.first.score, second: pair.second.score };
    }),
  );
  if (pairs[0].length === 0) return [];
  const about = { tier, first, second } as const;
  const perBenchmark = pairs.map((seeds, index): DifferenceRow => {
    const benchmark = BENCHMARK_SETS[index];
    const differences = seeds.map((pair) => pair.first.accuracy - pair.second.accuracy);
    const bootstrap = () => drawnMeanDifference(seeds, { random: random.fork(benchmark) });
    return {
      ...about,
      benchmark,
      ...withInterval(differences.length, mean(differences), bootstrap),
      ...sees(differences),
    };
  });
  const iqmOf = (side: keyof DrawnPair, seed?: number) =>
    iqm(pairs.flatMap((seeds) => (seed === undefined ? seeds : [seeds[seed]]).map((pair) => pair[side].accuracy)));
  const ownIqms = pairs[0].map((_, seed) => iqmOf("first", seed) - iqmOf("second", seed));
  const overall = withInterval(ownIqms.length, iqmOf("first") - iqmOf("second"), () =>
    drawnIqmDifference(pairs, { random: random.fork("iqm") }),
  );
  return [...perBenchmark, { ...about, benchmark: "iqm", ...overall, ...sees(ownIqms) }];
}

function sees(differences: readonly number[]): Pick<DifferenceRow, "sees"> {
  return { sees: differences.length < 2 ? null : smallestEffect(differences) };
}

function aggregateRows(
  scores: readonly ScoreRow[],
  cell: ScoreCell & { readonly method: TableMethod },
): AggregateRow[] {
  const { tier, method } = cell;
  const tasks = accuraciesOf(scores, cell);
  const n = tasks[0].length;
  if (n === 0) return [];
  const random = Random.fromSeed("main-table/aggregate").fork(`${tier}/${method}`);
  const ownIqm = withInterval(n, iqm(tasks.flat()), () =>
    iqmOverTasks(tasks, { random: random.fork("iqm"), resamples: RESAMPLES }),
  );
  if (method === "base") return [{ tier, method, iqm: ownIqm, improvement: null }];
  const bases = accuraciesOf(scores, { tier, method: "base" });
  const compared = tasks.map((first, index) => ({ first, second: bases[index] }));
  const probability = mean(compared.map(({ first, second }) => probabilityOfImprovement(first, second)));
  const improvement = withInterval(Math.min(n, bases[0].length), probability, () =>
    probabilityOfImprovementOverTasks(compared, { random: random.fork("improvement"), resamples: RESAMPLES }),
  );
  return [{ tier, method, iqm: ownIqm, improvement }];
}

/** A cell's accuracies by seed, for each benchmark. */
function accuraciesOf(scores: readonly ScoreRow[], cell: ScoreCell): number[][] {
  return BENCHMARK_SETS.map((set) => [...scoresBySeed(scores, cell, set).values()].map(({ accuracy }) => accuracy));
}

function withInterval(
  n: number,
  estimate: number,
  bootstrap: () => { readonly low: number; readonly high: number },
): Interval {
  if (n < 2) return { estimate, low: null, high: null, n };
  const { low, high } = bootstrap();
  return { estimate, low, high, n };
}
