// From runs to the tables behind the length figures and verdicts. Lengths are in tokens with the stop token.
// - held-out length: mean over the held-out problems at each evaluation, the same problems for every run and step;
// - rollout metrics: length and truncation of the training rollouts, means over blocks of steps within each run, then
//   over seeds; they follow the level of the step's problems, so a curriculum shows in them;
// - last block: the last 10 % of a run's steps, for truncation and reflection at the end of training.
// A diverged run keeps the length of its last evaluation, which was taken before it diverged.
import { from, op } from "arquero";
import type { MethodName } from "../../rl/methods.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows } from "../outcomes.ts";
import type { RunRecord } from "../run-record.ts";
import { baseValue, finiteValue, HELD_OUT_ACCURACY, inSweepOrder } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds } from "../seed-means.ts";
import { blockMeans, blockStepsOf } from "../training-blocks.ts";

const HELD_OUT_LENGTH = "eval/math-like/mean_length";

/** Share of rollouts with a step that goes back over earlier ones; runs recorded before this column existed lack it. */
export const REFLECTION_SHARE = "labelfree/reflection_share";

const LAST_SHARE = 0.1;

export const ROLLOUT_METRICS = ["completions/mean_length", "completions/clipped_ratio", REFLECTION_SHARE] as const;

export type RolloutMetric = (typeof ROLLOUT_METRICS)[number];

interface Cell {
  readonly tier: string;
  readonly method: MethodName;
}

export interface HeldOutLengthRow extends Cell {
  readonly seed: number;
  readonly step: number;
  readonly length: number;
}

export interface HeldOutLengthMean extends Cell, SeedMean {
  readonly step: number;
}

export interface RolloutRow extends Cell {
  readonly metric: RolloutMetric;
  /** Middle of the block of steps. */
  readonly step: number;
  readonly seed: number;
  readonly value: number;
}

export interface RolloutMean extends Cell, SeedMean {
  readonly metric: RolloutMetric;
  readonly step: number;
}

/** How one run ended, with its lengths. */
export interface LengthRun extends FinalRow {
  /** Held-out length of the base checkpoint, mean over the runs that start from it. */
  readonly baseLength: number;
  readonly finalLength: number;
  /** finalLength - baseLength */
  readonly growth: number;
  /** Share of rollouts cut at the longest length, last block; null: not recorded. */
  readonly truncated: number | null;
  /** Share of rollouts with a reflection-like step, last block; null: not recorded. */
  readonly reflection: number | null;
}

export interface LengthAnalysis {
  readonly heldOut: readonly HeldOutLengthRow[];
  readonly heldOutMeans: readonly HeldOutLengthMean[];
  readonly rollouts: readonly RolloutRow[];
  readonly rolloutMeans: readonly RolloutMean[];
  /** Steps in a block of `rollouts`. */
  readonly blockSteps: number;
  readonly runs: readonly LengthRun[];
  readonly bases: readonly BaseRow[];
  /** Longest response that a rollout may have, in tokens; null where runs differ. */
  readonly longestTokens: number | null;
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, or `finding/not-finite` where a number is missing that must be there.
 */
export function analyseLength(records: readonly RunRecord[]): LengthAnalysis {
  const ordered = inSweepOrder(records);
  const heldOut = heldOutRows(ordered);
  const blockSteps = blockStepsOf(ordered);
  const rollouts = rolloutRows(ordered, blockSteps);
  const limits = new Set(ordered.map(({ run }) => run.rollouts.maxNewTokens));
  const bases = baseRows(ordered);
  return {
    heldOut,
    heldOutMeans: meansOverSeeds("length", heldOut, ["tier", "method", "step"], "length"),
    rollouts,
    rolloutMeans: meansOverSeeds("length", rollouts, ["tier", "method", "metric", "step"], "value"),
    blockSteps,
    runs: lengthRuns(ordered, bases),
    bases,
    longestTokens: limits.size === 1 ? [...limits][0] : null,
  };
}

function heldOutRows(records: readonly RunRecord[]): HeldOutLengthRow[] {
  return records.flatMap((record) =>
    record.evaluations.map((row) => {
      const length = finiteValue(row[HELD_OUT_LENGTH], record, row.step, HELD_OUT_LENGTH);
      return { tier: record.tier, method: record.method, seed: record.seed, step: row.step, length };
    }),
  );
}

function rolloutRows(records: readonly RunRecord[], blockSteps: number): RolloutRow[] {
  const rows = records.flatMap((record) =>
    ROLLOUT_METRICS.flatMap((metric) =>
      recorded(record, metric).map(({ step, value }) => {
        const { tier, method, seed } = record;
        return { tier, method, seed, metric, step, value };
      }),
    ),
  );
  return blockMeans(rows, ["tier", "method", "metric", "step", "seed"], blockSteps) as RolloutRow[];
}

/** A column of the step rows where it holds a number; null has no meaning at that step, undefined was not recorded. */
function recorded(record: RunRecord, metric: RolloutMetric): { step: number; value: number }[] {
  return record.steps.flatMap((row) => {
    const columns: Readonly<Record<string, unknown>> = { ...row };
    const value = columns[metric];
    if (value === undefined || value === null) return [];
    return [{ step: row.step, value: finiteValue(value, record, row.step, metric) }];
  });
}

function lengthRuns(records: readonly RunRecord[], bases: readonly BaseRow[]): LengthRun[] {
  const baseLengths = from(
    records.map((record) => {
      const { tier, baseSeed } = record;
      baseValue(record, HELD_OUT_ACCURACY); // checks that the first evaluation is the base's
      return { tier, baseSeed, length: lengthAt(record, 0) };
    }),
  )
    .groupby("tier", "baseSeed")
    .rollup({ length: op.mean("length") })
    .objects() as { readonly tier: string; readonly baseSeed: number; readonly length: number }[];
  return finalRows(records, bases).map((final, index) => {
    const record = records[index];
    const { tier, baseSeed } = record;
    const base = baseLengths.find((row) => row.tier === tier && row.baseSeed === baseSeed);
    const baseLength = base?.length ?? Number.NaN;
    const finalLength = lengthAt(record, -1);
    return {
      ...final,
      baseLength,
      finalLength,
      growth: finalLength - baseLength,
      truncated: inLastBlock(record, "completions/clipped_ratio"),
      reflection: inLastBlock(record, REFLECTION_SHARE),
    };
  });
}

function lengthAt(record: RunRecord, index: 0 | -1): number {
  const row = record.evaluations.at(index);
  return finiteValue(row?.[HELD_OUT_LENGTH], record, row?.step ?? 0, HELD_OUT_LENGTH);
}

function inLastBlock(record: RunRecord, metric: RolloutMetric): number | null {
  const after = record.steps.length - Math.max(1, Math.ceil(LAST_SHARE * record.steps.length));
  const values = recorded(record, metric).filter(({ step }) => step > after);
  if (values.length === 0) return null;
  return values.reduce((total, { value }) => total + value, 0) / values.length;
}
