// What every run scored on the five benchmarks, item by item. Definitions, as in ../outcomes.ts:
// - base: of a base checkpoint, mean over the runs that start from it (their evaluations at step 0), for every seed that
//   starts from it; so an item of the base is a share, not 0 or 1;
// - a method's score: at a run's last evaluation; 0 on every item for a run that diverged.
// All runs answer the same items in the same order, so two scores of a seed are paired item by item.
import { LabelfreeError } from "../../core/errors.ts";
import type { ShownMethod } from "../../figures/theme.ts";
import { mean } from "../../stats/summary.ts";
import type { RunRecord } from "../run-record.ts";
import { finiteValue } from "../run-record.ts";
import type { BenchmarkSet } from "./benchmarks.ts";
import { accuracyColumn, BENCHMARK_SETS } from "./benchmarks.ts";

/** A seed's score on one benchmark. */
export interface ScoreRow {
  readonly tier: string;
  /** "base": before training. */
  readonly method: ShownMethod;
  readonly benchmark: BenchmarkSet;
  readonly seed: number;
  readonly accuracy: number;
  /** Per item the share of right answers. */
  readonly items: readonly number[];
}

export interface ScoreCell {
  readonly tier: string;
  readonly method: ShownMethod;
}

/**
 * The base's and the methods' scores on all five benchmarks.
 * @throws LabelfreeError `finding/not-finite` where a number or an answer is missing that must be there.
 */
export function scoreRows(records: readonly RunRecord[]): ScoreRow[] {
  return BENCHMARK_SETS.flatMap((benchmark) => [
    ...baseScores(records, benchmark),
    ...records.map((record): ScoreRow => {
      const { tier, method, seed } = record;
      return { tier, method, benchmark, seed, ...finalScore(record, benchmark) };
    }),
  ]);
}

/** A cell's scores on one benchmark, by seed. */
export function scoresBySeed<Row extends ScoreRow>(
  scores: readonly Row[],
  { tier, method }: ScoreCell,
  benchmark: BenchmarkSet,
): ReadonlyMap<number, Row> {
  const ofCell = scores.filter((row) => row.tier === tier && row.method === method && row.benchmark === benchmark);
  return new Map(ofCell.map((row): [number, Row] => [row.seed, row]).sort(([a], [b]) => a - b));
}

/** Two cells' scores on one benchmark for the seeds that both have. */
export function pairedScores<Row extends ScoreRow>(
  scores: readonly Row[],
  first: ScoreCell,
  second: ScoreCell,
  benchmark: BenchmarkSet,
): { readonly first: Row; readonly second: Row }[] {
  const others = scoresBySeed(scores, second, benchmark);
  return [...scoresBySeed(scores, first, benchmark)].flatMap(([seed, row]) => {
    const other = others.get(seed);
    return other === undefined ? [] : [{ first: row, second: other }];
  });
}

type Score = Pick<ScoreRow, "accuracy" | "items">;

function baseScores(records: readonly RunRecord[], benchmark: BenchmarkSet): ScoreRow[] {
  const checkpoints = [...new Set(records.map(checkpointOf))];
  return checkpoints.flatMap((checkpoint) => {
    const runs = records.filter((record) => checkpointOf(record) === checkpoint);
    const scores = runs.map((run) => scoreAt(run, 0, benchmark));
    const items = scores[0].items.map((_, item) => mean(scores.map((score) => score.items[item])));
    const accuracy = mean(scores.map((score) => score.accuracy));
    const seeds = [...new Set(runs.map(({ seed }) => seed))];
    return seeds.map((seed): ScoreRow => ({ tier: runs[0].tier, method: "base", benchmark, seed, accuracy, items }));
  });
}

function checkpointOf({ tier, baseSeed }: RunRecord): string {
  return `${tier}/${baseSeed}`;
}

function finalScore(record: RunRecord, benchmark: BenchmarkSet): Score {
  if (!record.hasDiverged) return scoreAt(record, -1, benchmark);
  return { accuracy: 0, items: scoreAt(record, 0, benchmark).items.map(() => 0) };
}

/** The first (0) or last (-1) evaluation. */
function scoreAt(record: RunRecord, index: 0 | -1, benchmark: BenchmarkSet): Score {
  const row = record.evaluations.at(index);
  const step = row?.step ?? 0;
  const column = accuracyColumn(benchmark);
  const accuracy = finiteValue(row?.[column], record, step, column);
  const answers: unknown = row?.[`eval/${benchmark}/correct`];
  if (typeof answers !== "string" || !/^[01]+$/.test(answers)) {
    const message = `finding: run ${record.key}, step ${step}: got no right and wrong answers on ${benchmark}`;
    throw new LabelfreeError("finding/not-finite", message, { fields: { key: record.key, step, benchmark } });
  }
  return { accuracy, items: itemShares(answers, record.run.evaluation.samplesPerProblem) };
}

/** Share of right answers per item, of which there are `samples` one after the other. */
function itemShares(answers: string, samples: number): number[] {
  return Array.from({ length: answers.length / samples }, (_, item) => {
    const own = answers.slice(item * samples, (item + 1) * samples);
    return [...own].filter((answer) => answer === "1").length / samples;
  });
}
