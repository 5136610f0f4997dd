// How every run of a sweep began and ended: what rules compare. Definitions:
// - base accuracy: of a tier's base checkpoint, mean over the runs that start from it (their evaluations at step 0);
// - final accuracy: at a run's last evaluation; 0 for a run that diverged.
import { from, op } from "arquero";
import type { MethodName } from "../rl/methods.ts";
import type { EvaluationColumn, MissingRun, RunRecord } from "./run-record.ts";
import { baseValue, finalValue, HELD_OUT_ACCURACY } from "./run-record.ts";

export interface BaseRow {
  readonly tier: string;
  readonly baseSeed: number;
  readonly accuracy: number;
}

/** How one run ended. */
export interface FinalRow {
  readonly tier: string;
  readonly method: MethodName;
  readonly seed: number;
  readonly baseSeed: number;
  readonly base: number;
  readonly final: number;
  /** final - base */
  readonly gain: number;
  readonly hasCollapsed: boolean;
  readonly hasDiverged: boolean;
}

/** The base checkpoints of the records, by default on held-out problems of all levels. */
export function baseRows(records: readonly RunRecord[], column: EvaluationColumn = HELD_OUT_ACCURACY): BaseRow[] {
  const rows = records.map((record) => {
    return { tier: record.tier, baseSeed: record.baseSeed, accuracy: baseValue(record, column) };
  });
  return from(rows)
    .groupby("tier", "baseSeed")
    .rollup({ accuracy: op.mean("accuracy") })
    .objects() as BaseRow[];
}

/** One row per record, in the records' order; `bases` are those of the same column. */
export function finalRows(
  records: readonly RunRecord[],
  bases: readonly BaseRow[],
  column: EvaluationColumn = HELD_OUT_ACCURACY,
): FinalRow[] {
  return records.map((record) => {
    const { tier, method, seed, baseSeed, hasCollapsed, hasDiverged } = record;
    const base = bases.find((row) => row.tier === tier && row.baseSeed === baseSeed)?.accuracy ?? Number.NaN;
    const final = finalValue(record, column);
    return { tier, method, seed, baseSeed, base, final, gain: final - base, hasCollapsed, hasDiverged };
  });
}

/** What the rules look at: how every run of a sweep ended. */
export interface Outcomes {
  readonly scale: string;
  /** Tiers of the sweep, weakest first. */
  readonly tiers: readonly string[];
  readonly finals: readonly FinalRow[];
  readonly missing: readonly MissingRun[];
}

export interface Cell {
  readonly tier: string;
  readonly method: MethodName;
}

/** A number of each run in a cell, by seed. */
export function bySeed({ finals }: Outcomes, cell: Cell, value: "final" | "gain"): ReadonlyMap<number, number> {
  const rows = runsOf(finals, cell);
  return new Map(rows.map((row): [number, number] => [row.seed, row[value]]).sort(([a], [b]) => a - b));
}

/** First minus second, for the seeds that both have. */
export function pairedDifferences(first: ReadonlyMap<number, number>, second: ReadonlyMap<number, number>): number[] {
  return [...first].flatMap(([seed, value]) => {
    const other = second.get(seed);
    return other === undefined ? [] : [value - other];
  });
}

/** Why cells that are to be compared seed by seed cannot be; null if they can. */
export function whyNotComparable({ finals, missing }: Outcomes, cells: readonly Cell[]): string | null {
  for (const { tier, method } of cells) {
    if (runsOf(finals, { tier, method }).length > 0) continue;
    const failed = missing.find((run) => run.tier === tier && run.method === method);
    if (failed === undefined) return `no run of ${method} on ${tier} in this sweep`;
    return `${method} on ${tier} gave no result: ${failed.why}`;
  }
  const seeds = cells.map((cell) => new Set(runsOf(finals, cell).map(({ seed }) => seed)));
  const hasCommonSeed = [...seeds[0]].some((seed) => seeds.every((others) => others.has(seed)));
  if (hasCommonSeed) return null;
  return `no seed ran in all of ${cells.map(({ tier, method }) => `${method} on ${tier}`).join(", ")}`;
}

/** What a reader of a verdict on these methods must know: runs that are missing or diverged, tiers out of order. */
export function notesOn(outcomes: Outcomes, methods: readonly string[]): string[] {
  const missing = outcomes.missing
    .filter(({ method }) => methods.includes(method))
    .map(({ method, tier, seed, why }) => `${method} on ${tier}, seed ${seed}, is missing: ${why}`);
  const diverged = outcomes.finals
    .filter(({ method, hasDiverged }) => hasDiverged && methods.includes(method))
    .map(({ method, tier, seed }) => `${method} on ${tier}, seed ${seed}, diverged and counts as accuracy 0`);
  return [...missing, ...diverged, ...tiersOutOfOrder(outcomes)];
}

/** Tiers are ordered by design; their measured base accuracies should agree. */
function tiersOutOfOrder({ finals, tiers }: Outcomes): string[] {
  const bases = tiers.map((tier) => {
    const values = finals.filter((row) => row.tier === tier).map(({ base }) => base);
    return values.reduce((total, base) => total + base, 0) / values.length;
  });
  return tiers.slice(1).flatMap((tier, index) => {
    if (!(bases[index + 1] <= bases[index])) return [];
    return [`the base accuracy measured on ${tier} is not above that on ${tiers[index]}`];
  });
}

function runsOf(finals: readonly FinalRow[], { tier, method }: Cell): readonly FinalRow[] {
  return finals.filter((row) => row.tier === tier && row.method === method);
}
