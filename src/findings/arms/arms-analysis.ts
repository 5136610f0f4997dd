// From runs to the tables behind the figures and verdicts of a finding that compares arms: every run's base and end, means
// over seeds, and differences to the reference arm paired by seed. Intervals are 95 % percentile bootstraps over seeds.
import { Random } from "../../core/random.ts";
import { probabilityOfImprovement } from "../../stats/probability-of-improvement.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import type { BaseRow } from "../outcomes.ts";
import { HELD_OUT_ACCURACY } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds, seedMean } from "../seed-means.ts";
import type { Comparison } from "./arm.ts";
import type { ArmCurveRow } from "./arm-curves.ts";
import { evaluationCurves, trainingCurves } from "./arm-curves.ts";
import type { ArmRecord, ArmRow } from "./arm-rows.ts";
import { armRows, placeRecords, valueOf } from "./arm-rows.ts";

export interface ArmCell {
  readonly comparison: string;
  readonly tier: string;
  readonly arm: string;
}

/** Final value of a column in an arm. */
export interface ArmMean extends ArmCell, SeedMean {
  readonly column: string;
}

/** An arm's final value minus the reference's, paired by seed. */
export interface ArmDifference extends ArmCell, SeedMean {
  readonly column: string;
  /** Chance that a run of the arm ends above one of the reference, ties counted half (Agarwal et al. 2021). */
  readonly improvement: number;
  /** Smallest difference that so many seeds can see with 80 % power; null for one seed. */
  readonly smallest: number | null;
}

export interface ArmsAnalysis {
  /** Those of which there are runs, with the tiers of which there are runs. */
  readonly comparisons: readonly Comparison[];
  readonly rows: readonly ArmRow[];
  readonly means: readonly ArmMean[];
  readonly differences: readonly ArmDifference[];
  /** Held-out accuracy at each evaluation, and training metrics over blocks of steps. */
  readonly curves: readonly ArmCurveRow[];
}

export interface ArmsOptions {
  /** Seeds the bootstrap. */
  readonly finding: string;
  readonly comparisons: readonly Comparison[];
  /** Evaluation columns; default accuracy on the held-out problems of all levels. */
  readonly columns?: readonly string[];
  /** Training metrics whose curves are kept; default none. */
  readonly metrics?: readonly string[];
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, or `finding/not-finite` where a number is missing that must be there.
 */
export function analyseArms(records: readonly ArmRecord[], options: ArmsOptions): ArmsAnalysis {
  const { finding, comparisons, columns = [HELD_OUT_ACCURACY], metrics = [] } = options;
  const placed = placeRecords(records, comparisons);
  const rows = armRows(placed, columns);
  return {
    comparisons: comparisons.flatMap((comparison) => withRunsOnly(comparison, rows)),
    rows,
    means: columns.flatMap((column) => meansOf(finding, rows, column)),
    differences: comparisons.flatMap((comparison) =>
      columns.flatMap((column) => differencesOf(finding, rows, comparison, column)),
    ),
    curves: [...evaluationCurves(placed, HELD_OUT_ACCURACY), ...trainingCurves(placed, metrics)],
  };
}

/** Base checkpoints of a comparison's tiers: a column's mean over the runs that start from each. */
export function basesOf({ rows }: Pick<ArmsAnalysis, "rows">, comparison: string, column: string): BaseRow[] {
  const bases = new Map<string, BaseRow>();
  for (const row of rows) {
    const accuracy = row.comparison === comparison ? valueOf(row, column, "base") : null;
    if (accuracy === null) continue;
    const { tier, baseSeed } = row;
    bases.set(`${tier}/${baseSeed}`, { tier, baseSeed, accuracy });
  }
  return [...bases.values()];
}

/** A value of every run in a cell, by seed, where it was measured. */
export function cellBySeed(
  { rows }: Pick<ArmsAnalysis, "rows">,
  { comparison, tier, arm }: ArmCell,
  column: string,
  value: "final" | "change",
): ReadonlyMap<number, number> {
  const cell = rows.filter((row) => row.comparison === comparison && row.tier === tier && row.arm === arm);
  return new Map(
    cell.flatMap((row): [number, number][] => {
      const measured = valueOf(row, column, value);
      return measured === null ? [] : [[row.seed, measured]];
    }),
  );
}

function withRunsOnly(comparison: Comparison, rows: readonly ArmRow[]): Comparison[] {
  const own = rows.filter((row) => row.comparison === comparison.name);
  const [tier, ...tiers] = comparison.tiers.filter((name) => own.some((row) => row.tier === name));
  const [arm, ...arms] = comparison.arms.filter(({ name }) => own.some((row) => row.arm === name));
  return tier === undefined || arm === undefined
    ? []
    : [{ ...comparison, tiers: [tier, ...tiers], arms: [arm, ...arms] }];
}

function meansOf(finding: string, rows: readonly ArmRow[], column: string): ArmMean[] {
  const measured = rows.flatMap(({ comparison, tier, arm, values }) => {
    const value = values[column].final;
    return value === null ? [] : [{ comparison, tier, arm, column, value }];
  });
  if (measured.length === 0) return [];
  return meansOverSeeds(finding, measured, ["comparison", "tier", "arm", "column"], "value");
}

const RESAMPLES = 10_000;

function differencesOf(
  finding: string,
  rows: readonly ArmRow[],
  { name: comparison, tiers, arms, reference }: Comparison,
  column: string,
): ArmDifference[] {
  if (reference === null) return [];
  return tiers.flatMap((tier) => {
    const others = cellBySeed({ rows }, { comparison, tier, arm: reference }, column, "final");
    return arms.flatMap(({ name: arm }) => {
      if (arm === reference) return [];
      const own = cellBySeed({ rows }, { comparison, tier, arm }, column, "final");
      const seeds = [...own.keys()].filter((seed) => others.has(seed));
      if (seeds.length === 0) return [];
      const pairs = seeds.map((seed) => [own.get(seed), others.get(seed)] as [number, number]);
      const differences = pairs.map(([a, b]) => a - b);
      const random = Random.fromSeed(`${finding}/${comparison}/${tier}/${arm}/${column}`);
      return {
        ...{ comparison, tier, arm, column },
        ...seedMean(differences, random, RESAMPLES),
        improvement: probabilityOfImprovement(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
        ),
        smallest: differences.length < 2 ? null : smallestEffect(differences),
      };
    });
  });
}
