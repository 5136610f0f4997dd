// From runs to the tables behind the ablation's figures and verdict: how each run ended, by arm; the effects of effects.ts
// seed by seed; what share of the groups the mask dropped. Means over seeds with the intervals of ../seed-means.ts.
import { from, op } from "arquero";
import { LabelfreeError } from "../../core/errors.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows } from "../outcomes.ts";
import type { RunRecord } from "../run-record.ts";
import { finiteValue, inSweepOrder } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds } from "../seed-means.ts";
import type { ArmName } from "./arms.ts";
import { ARMS, armOf } from "./arms.ts";
import type { EffectKind } from "./effects.ts";
import { EFFECTS, effectOf } from "./effects.ts";

const MASKED_FRACTION = "labelfree/masked_fraction";

export interface ArmFinalRow extends FinalRow {
  readonly arm: ArmName;
}

export interface ArmMeanRow extends SeedMean {
  readonly tier: string;
  readonly arm: ArmName;
}

export interface EffectRow {
  readonly tier: string;
  readonly kind: EffectKind;
  /** The effect's label. */
  readonly effect: string;
  readonly seed: number;
  /** In accuracy, 0-1. */
  readonly value: number;
}

export interface EffectMeanRow extends SeedMean, Pick<EffectRow, "tier" | "kind" | "effect"> {}

/** Share of full CuMa's groups that the mask dropped: mean over the steps of a run, then over seeds. */
export interface MaskedRow extends SeedMean {
  readonly tier: string;
}

/** Smallest leave-one-out effect that the seeds of a tier can see, for the component whose effect varies most. */
export interface SmallestDropRow {
  readonly tier: string;
  /** In accuracy, 0-1. */
  readonly drop: number;
}

export interface AblationAnalysis {
  readonly finals: readonly ArmFinalRow[];
  readonly means: readonly ArmMeanRow[];
  readonly effects: readonly EffectRow[];
  readonly effectMeans: readonly EffectMeanRow[];
  readonly smallestDrops: readonly SmallestDropRow[];
  readonly masked: readonly MaskedRow[];
  readonly bases: readonly BaseRow[];
  /** Training problems of each run. */
  readonly problems: number;
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, `finding/not-finite`, `ablation/unknown-arm`, or `ablation/unequal-data` where
 * arms differ in their number of problems.
 */
export function analyseAblation(runs: readonly RunRecord[]): AblationAnalysis {
  const records = inShownOrder(runs);
  const bases = baseRows(records);
  const finals = finalRows(records, bases).map((row, index) => ({ ...row, arm: armOf(records[index].run).name }));
  const effects = effectRows(finals);
  return {
    finals,
    means: meansOverSeeds("ablation", finals, ["tier", "arm"], "final"),
    effects,
    effectMeans: effects.length === 0 ? [] : meansOverSeeds("ablation", effects, ["tier", "kind", "effect"], "value"),
    smallestDrops: smallestDropRows(effects),
    masked: maskedRows(records),
    bases,
    problems: equalProblems(records),
  };
}

function inShownOrder(runs: readonly RunRecord[]): RunRecord[] {
  const placeOf = ({ run }: RunRecord): number => ARMS.indexOf(armOf(run));
  const byArm = [...runs].sort((a, b) => placeOf(a) - placeOf(b));
  return inSweepOrder(byArm); // a stable sort
}

function effectRows(finals: readonly ArmFinalRow[]): EffectRow[] {
  const seeds = from(finals as ArmFinalRow[])
    .groupby("tier", "seed")
    .rollup({ arms: op.array_agg("arm"), values: op.array_agg("final") })
    .orderby("tier", "seed")
    .objects() as { tier: string; seed: number; arms: ArmName[]; values: number[] }[];
  return seeds.flatMap(({ tier, seed, arms, values }) => {
    const byArm = new Map(arms.map((arm, index) => [arm, values[index]]));
    return EFFECTS.flatMap((effect) => {
      const value = effectOf(effect, byArm);
      return value === null ? [] : [{ tier, kind: effect.kind, effect: effect.label, seed, value }];
    });
  });
}

function smallestDropRows(effects: readonly EffectRow[]): SmallestDropRow[] {
  const drops = effects.filter(({ kind }) => kind === "leave-one-out");
  return [...new Set(drops.map(({ tier }) => tier))].flatMap((tier) => {
    const sizes = [...new Set(drops.map(({ effect }) => effect))].flatMap((effect) => {
      const values = drops.filter((row) => row.tier === tier && row.effect === effect).map(({ value }) => value);
      return values.length < 2 ? [] : [smallestEffect(values)];
    });
    return sizes.length === 0 ? [] : [{ tier, drop: Math.max(...sizes) }];
  });
}

function maskedRows(records: readonly RunRecord[]): MaskedRow[] {
  const rows = records
    .filter(({ run }) => armOf(run).name === "cuma")
    .flatMap((record) => {
      const shares = record.steps
        .filter((row) => row[MASKED_FRACTION] !== null) // null in the row in which a run diverged
        .map((row) => finiteValue(row[MASKED_FRACTION], record, row.step, MASKED_FRACTION));
      if (shares.length === 0) return [];
      const share = shares.reduce((total, value) => total + value, 0) / shares.length;
      return [{ tier: record.tier, seed: record.seed, share }];
    });
  return rows.length === 0 ? [] : meansOverSeeds("ablation", rows, ["tier"], "share");
}

function equalProblems(records: readonly RunRecord[]): number {
  const sizes = new Set(records.map(({ run }) => run.data.size));
  const [size] = sizes;
  if (sizes.size === 1) return size;
  const message = `ablation: got runs of ${[...sizes].join(", ")} problems, expected the same number in every arm`;
  throw new LabelfreeError("ablation/unequal-data", message, { fields: { sizes: [...sizes] } });
}
