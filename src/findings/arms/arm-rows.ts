// How each run of a comparison began and ended. Definitions as in ../outcomes.ts, for any column of the evaluation rows:
// - base: of a tier's base checkpoint, mean over the runs that start from it, at step 0;
// - final: at a run's last evaluation that has the column; an accuracy is 0 for a run that diverged;
// - change: final - base. Of an accuracy it is the gain.
// A column that a run does not have (a set that was not evaluated, a measure that the task lacks) is null, but for
// accuracy on the held-out problems of all levels, which every run must have.
import type { Run } from "../../runs/spec.ts";
import type { RecordedRun } from "../../runs/recorded-run.ts";
import type { RunRecord } from "../run-record.ts";
import { baseValue, finalValue, finiteValue, HELD_OUT_ACCURACY, inSweepOrder, toRunRecord } from "../run-record.ts";
import type { Comparison } from "./arm.ts";
import { armFinder } from "./arm.ts";

/** A record that also knows at which step its run collapsed. */
export interface ArmRecord extends RunRecord {
  /** By rl/collapse-detector.ts; null: it did not. */
  readonly collapseStep: number | null;
}

export function toArmRecord(run: RecordedRun): ArmRecord {
  return { ...toRunRecord(run), collapseStep: run.result.collapse?.step ?? null };
}

/** A run with the names of its comparison and arm. */
export interface PlacedRecord {
  readonly comparison: string;
  readonly arm: string;
  readonly record: ArmRecord;
}

/** Where an evaluation column began and ended; null: not measured. */
export interface BaseAndFinal {
  readonly base: number | null;
  readonly final: number | null;
}

/** How one run ended, as an arm of one comparison. */
export interface ArmRow {
  readonly comparison: string;
  readonly arm: string;
  readonly tier: string;
  readonly seed: number;
  readonly baseSeed: number;
  readonly values: Readonly<Record<string, BaseAndFinal>>;
  readonly hasCollapsed: boolean;
  readonly hasDiverged: boolean;
  readonly collapseStep: number | null;
  readonly steps: number;
  /** Responses sampled in training. */
  readonly rollouts: number;
  /** Share of groups that the mask dropped, mean over steps; null: no step knows. */
  readonly maskedShare: number | null;
}

/**
 * The runs in the places that comparisons give them, ordered by comparison, tier, arm and seed whatever order they come in.
 * @throws LabelfreeError `finding/no-runs`.
 */
export function placeRecords(records: readonly ArmRecord[], comparisons: readonly Comparison[]): PlacedRecord[] {
  const find = armFinder(comparisons);
  const ordered = inSweepOrder(records) as ArmRecord[];
  const placed = ordered.flatMap((record) => find(record.run).map((place) => ({ ...place, record })));
  return comparisons.flatMap(({ name, tiers, arms }) => {
    const ofComparison = placed.filter(({ comparison }) => comparison === name);
    return tiers.flatMap((tier) =>
      arms.flatMap((arm) => ofComparison.filter((run) => run.record.tier === tier && run.arm === arm.name)),
    );
  });
}

/**
 * One row per placed run.
 * @throws LabelfreeError `finding/not-finite`.
 */
export function armRows(placed: readonly PlacedRecord[], columns: readonly string[]): ArmRow[] {
  const records = [...new Set(placed.map(({ record }) => record))];
  const bases = new Map(columns.map((column) => [column, baseMeans(records, column)]));
  return placed.map(({ comparison, arm, record }) => {
    const { tier, seed, baseSeed, run, steps, hasCollapsed, hasDiverged, collapseStep } = record;
    const values = columns.map((column) => {
      const base = bases.get(column)?.get(baseKey(record)) ?? null;
      return [column, { base, final: finalOf(record, column) }];
    });
    return {
      ...{ comparison, arm, tier, seed, baseSeed, hasCollapsed, hasDiverged, collapseStep },
      values: Object.fromEntries(values) as ArmRow["values"],
      steps: steps.length,
      rollouts: steps.length * rolloutsPerStep(run),
      maskedShare: maskedShare(record),
    };
  });
}

/** Base, final or change of a column in a run; null where it was not measured. */
export function valueOf(row: ArmRow, column: string, value: "base" | "final" | "change"): number | null {
  const { base, final } = row.values[column] ?? { base: null, final: null };
  if (value !== "change") return value === "base" ? base : final;
  return base === null || final === null ? null : final - base;
}

function baseMeans(records: readonly ArmRecord[], column: string): ReadonlyMap<string, number> {
  const values = new Map<string, number[]>();
  for (const record of records) {
    const value = column === HELD_OUT_ACCURACY ? baseValue(record, column) : measured(record, column, 0);
    if (value !== null) values.set(baseKey(record), [...(values.get(baseKey(record)) ?? []), value]);
  }
  return new Map([...values].map(([key, ofBase]) => [key, ofBase.reduce((a, b) => a + b, 0) / ofBase.length]));
}

function baseKey({ tier, baseSeed }: ArmRecord): string {
  return `${tier}/${baseSeed}`;
}

function finalOf(record: ArmRecord, column: string): number | null {
  if (column === HELD_OUT_ACCURACY) return finalValue(record, column);
  const last = record.evaluations.findLastIndex((row) => columnOf(row, column) !== null);
  const value = last < 1 ? null : measured(record, column, last);
  return value !== null && record.hasDiverged && column.endsWith("/accuracy") ? 0 : value;
}

function measured(record: ArmRecord, column: string, index: number): number | null {
  const row = record.evaluations.at(index);
  const value = row === undefined ? null : columnOf(row, column);
  return row === undefined || value === null ? null : finiteValue(value, record, row.step, column);
}

function columnOf(row: object, column: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[column] ?? null;
}

function rolloutsPerStep({ rollouts: { promptsPerStep, samplesPerPrompt } }: Run): number {
  return promptsPerStep * samplesPerPrompt;
}

function maskedShare({ steps }: ArmRecord): number | null {
  const shares = steps.flatMap((row) => row["labelfree/masked_fraction"] ?? []);
  return shares.length === 0 ? null : shares.reduce((total, share) => total + share, 0) / shares.length;
}
