// From runs to the tables behind the collapse figures and verdicts. Definitions:
// - base accuracy: of a tier's base checkpoint, mean over the runs that start from it (their evaluations at step 0);
// - final accuracy: at a run's last evaluation; 0 for a run that diverged, whose weights can answer nothing;
// - training curves: means over blocks of steps within each run, then over seeds, for a step has only a few prompts.
// Intervals are 95 % percentile bootstraps over seeds; a cell with one seed has none. The RL seeds of a cell share a few
// base checkpoints, so an interval speaks about these bases, not about all that pre-training could give.

import { escape, from, op } from "arquero";
import { LabelfreeError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import type { MethodName } from "../../rl/methods.ts";
import { pairedBootstrap } from "../../stats/bootstrap.ts";
import { mean } from "../../stats/summary.ts";
import type { CollapseRecord } from "./record.ts";

const LEVELS = [1, 2, 3, 4, 5] as const;

/** Training metrics shown, by the name of their column. */
export const MECHANISM_METRICS = [
  "labelfree/label_accuracy",
  "labelfree/majority_share",
  "reward",
  "labelfree/masked_fraction",
  "entropy",
  "completions/mean_length",
] as const;

export type MechanismMetric = (typeof MECHANISM_METRICS)[number];

interface Cell {
  readonly tier: string;
  readonly method: MethodName;
}

/** Mean over `n` seeds; `low` and `high` are null for one seed. */
export interface SeedMean {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

export interface HeldOutRow extends Cell {
  readonly seed: number;
  readonly step: number;
  readonly accuracy: number;
}

export interface HeldOutMeanRow extends Cell, SeedMean {
  readonly step: number;
}

export interface MechanismRow extends Cell, SeedMean {
  readonly metric: MechanismMetric;
  /** Middle of the block of steps. */
  readonly step: number;
}

export interface LevelRow extends SeedMean {
  readonly tier: string;
  /** "base": before training. */
  readonly method: MethodName | "base";
  readonly level: number;
}

/** How one run ended. */
export interface FinalRow extends Cell {
  readonly seed: number;
  readonly baseSeed: number;
  readonly base: number;
  readonly final: number;
  /** final - base */
  readonly gain: number;
  readonly hasCollapsed: boolean;
  readonly hasDiverged: boolean;
}

export interface BaseRow {
  readonly tier: string;
  readonly baseSeed: number;
  readonly accuracy: number;
}

export interface CollapseAnalysis {
  readonly heldOut: readonly HeldOutRow[];
  readonly heldOutMeans: readonly HeldOutMeanRow[];
  readonly mechanism: readonly MechanismRow[];
  /** Steps in a block of `mechanism`. */
  readonly blockSteps: number;
  readonly levels: readonly LevelRow[];
  readonly finals: readonly FinalRow[];
  readonly bases: readonly BaseRow[];
}

const ACCURACY = "eval/math-like/accuracy";
const BLOCKS = 25;
const CURVE_RESAMPLES = 1000;

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `collapse/no-runs`, or `collapse/not-finite` where a number is missing that must be there.
 */
export function analyseCollapse(runs: readonly CollapseRecord[]): CollapseAnalysis {
  if (runs.length === 0) throw new LabelfreeError("collapse/no-runs", "collapse: got no runs, expected at least one");
  const records = [...runs].sort(inSweepOrder); // so that sums and resamples do not depend on the order given
  const bases = baseAccuracies(records);
  const heldOut = heldOutRows(records);
  const blockSteps = Math.max(1, Math.ceil(Math.max(...records.map(({ steps }) => steps.length)) / BLOCKS));
  return {
    heldOut,
    heldOutMeans: meansOverSeeds(heldOut, ["tier", "method", "step"], "accuracy"),
    mechanism: mechanismRows(records, blockSteps),
    blockSteps,
    levels: [...baseLevelRows(records), ...finalLevelRows(records)],
    finals: records.map((record) => finalRow(record, bases)),
    bases,
  };
}

function inSweepOrder(a: CollapseRecord, b: CollapseRecord): number {
  if (a.tier !== b.tier) return a.tier < b.tier ? -1 : 1;
  if (a.method !== b.method) return a.method < b.method ? -1 : 1;
  return a.seed - b.seed;
}

function heldOutRows(records: readonly CollapseRecord[]): HeldOutRow[] {
  return records.flatMap((record) =>
    record.evaluations.map((row) => {
      const accuracy = finite(row[ACCURACY], record, row.step, ACCURACY);
      return { tier: record.tier, method: record.method, seed: record.seed, step: row.step, accuracy };
    }),
  );
}

function baseAccuracies(records: readonly CollapseRecord[]): BaseRow[] {
  const rows = records.map((record) => {
    const accuracy = finite(baseEvaluation(record)[ACCURACY], record, 0, ACCURACY);
    return { tier: record.tier, baseSeed: record.baseSeed, accuracy };
  });
  return from(rows)
    .groupby("tier", "baseSeed")
    .rollup({ accuracy: op.mean("accuracy") })
    .objects() as BaseRow[];
}

function finalRow(record: CollapseRecord, bases: readonly BaseRow[]): FinalRow {
  const { tier, method, seed, baseSeed, hasCollapsed, hasDiverged } = record;
  const base = bases.find((row) => row.tier === tier && row.baseSeed === baseSeed)?.accuracy ?? Number.NaN;
  const final = finalValue(record, ACCURACY);
  return { tier, method, seed, baseSeed, base, final, gain: final - base, hasCollapsed, hasDiverged };
}

function baseLevelRows(records: readonly CollapseRecord[]): LevelRow[] {
  const rows = records.flatMap((record) =>
    LEVELS.map((level) => {
      const column = levelColumn(level);
      const accuracy = finite(baseEvaluation(record)[column], record, 0, column);
      return { tier: record.tier, method: "base", level, seed: record.baseSeed, accuracy };
    }),
  );
  const perBase = from(rows)
    .groupby("tier", "method", "level", "seed")
    .rollup({ accuracy: op.mean("accuracy") })
    .objects();
  return meansOverSeeds(perBase, ["tier", "method", "level"], "accuracy");
}

function finalLevelRows(records: readonly CollapseRecord[]): LevelRow[] {
  const rows = records.flatMap((record) =>
    LEVELS.map((level) => {
      const { tier, method, seed } = record;
      return { tier, method, seed, level, accuracy: finalValue(record, levelColumn(level)) };
    }),
  );
  return meansOverSeeds(rows, ["tier", "method", "level"], "accuracy");
}

function mechanismRows(records: readonly CollapseRecord[], blockSteps: number): MechanismRow[] {
  const rows = records.flatMap((record) =>
    record.steps.flatMap((row) =>
      MECHANISM_METRICS.flatMap((metric) => {
        if (row[metric] === null) return []; // no meaning at this step, or the row in which the run diverged
        const value = finite(row[metric], record, row.step, metric);
        return { tier: record.tier, method: record.method, seed: record.seed, metric, index: row.step - 1, value };
      }),
    ),
  );
  if (rows.length === 0) return [];
  const blocks = from(rows)
    .derive({ step: escape((row: { index: number }) => blockMiddle(row.index, blockSteps)) })
    .groupby("tier", "method", "metric", "step", "seed")
    .rollup({ value: op.mean("value") })
    .objects();
  return meansOverSeeds(blocks, ["tier", "method", "metric", "step"], "value");
}

function blockMiddle(index: number, blockSteps: number): number {
  return Math.floor(index / blockSteps) * blockSteps + (blockSteps + 1) / 2;
}

/** One row per group with the mean of a column over its rows, which are one per seed. */
function meansOverSeeds<Row>(rows: readonly object[], keys: readonly string[], column: string): Row[] {
  const groups = from(rows as object[])
    .groupby(...keys)
    .rollup({ values: op.array_agg(column) })
    .objects() as ({ readonly values: readonly number[] } & Readonly<Record<string, unknown>>)[];
  const random = Random.fromSeed(`collapse/${column}`);
  return groups.map(({ values, ...group }) => {
    const cell = random.fork(keys.map((key) => String(group[key])).join("/"));
    return { ...group, ...seedMean(values, cell) } as Row;
  });
}

function seedMean(values: readonly number[], random: Random): SeedMean {
  const n = values.length;
  if (n < 2) return { mean: mean(values), low: null, high: null, n };
  const { estimate, low, high } = pairedBootstrap(values, { random, resamples: CURVE_RESAMPLES });
  return { mean: estimate, low, high, n };
}

function finalValue(record: CollapseRecord, column: Column): number {
  if (record.hasDiverged) return 0;
  const last = record.evaluations.at(-1);
  return finite(last?.[column], record, last?.step ?? 0, column);
}

type Column = `eval/${string}/accuracy` | `eval/${string}/level_${number}`;

function levelColumn(level: number): Column {
  return `eval/math-like/level_${level}`;
}

function baseEvaluation(record: CollapseRecord): CollapseRecord["evaluations"][number] {
  const first = record.evaluations.at(0);
  if (first?.step === 0) return first;
  const message = `collapse: run ${record.key} has no evaluation at step 0, got ${first?.step ?? "none"} as its first`;
  throw new LabelfreeError("collapse/not-finite", message, { fields: { key: record.key } });
}

// arquero's mean passes over NaN and null without a word, so nothing of the kind may come that far
function finite(value: unknown, record: CollapseRecord, step: number, column: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const message = `collapse: run ${record.key}, step ${step}, ${column}: got ${value}, expected a finite number`;
  throw new LabelfreeError("collapse/not-finite", message, { fields: { key: record.key, step, column } });
}
