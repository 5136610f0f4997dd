// Means over seeds with their intervals: 95 % percentile bootstraps over seeds; a cell with one seed has none. The RL seeds
// of a cell share a few base checkpoints, so an interval speaks about these bases, not about all that pre-training could
// give.
import { from, op } from "arquero";
import { Random } from "../core/random.ts";
import { pairedBootstrap } from "../stats/bootstrap.ts";
import { mean } from "../stats/summary.ts";

const CURVE_RESAMPLES = 1000;

/** Mean over `n` seeds; `low` and `high` are null for one seed. */
export interface SeedMean {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** One row per group with the mean of a column over its rows, which are one per seed; `finding` seeds the bootstrap. */
export function meansOverSeeds<Row>(
  finding: string,
  rows: readonly object[],
  keys: readonly string[],
  column: string,
): Row[] {
  const groups = from(rows as object[])
    .groupby(...keys)
    .rollup({ values: op.array_agg(column) })
    .objects() as ({ readonly values: readonly number[] } & Readonly<Record<string, unknown>>)[];
  const random = Random.fromSeed(`${finding}/${column}`);
  return groups.map(({ values, ...group }) => {
    const cell = random.fork(keys.map((key) => String(group[key])).join("/"));
    return { ...group, ...seedMean(values, cell, CURVE_RESAMPLES) } as Row;
  });
}

/** The mean of one value per seed. */
export function seedMean(values: readonly number[], random: Random, resamples: number): SeedMean {
  const n = values.length;
  if (n < 2) return { mean: mean(values), low: null, high: null, n };
  const { estimate, low, high } = pairedBootstrap(values, { random, resamples });
  return { mean: estimate, low, high, n };
}
