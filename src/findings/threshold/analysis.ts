// From runs to the map of where training helps, holds and hurts. Base accuracy is that of the run's base checkpoint, mean
// over the runs that start from it; gain = final - base accuracy, on held-out problems of all levels.
// A run holds where its gain lies within the noise of the two measurements, 1.96 sqrt(p (1 - p) / m (1 + 1 / k)) with p
// the base accuracy, m held-out problems and k evaluations of the base (one a seed); beyond it, it helps or hurts. The
// same problems are asked before and after, which makes the true noise smaller: "helps" and "hurts" are on the safe side.
import { Random } from "../../core/random.ts";
import { MICRO_WORLD } from "../../tasks/micro/world.ts";
import { ruleHash } from "../claim.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows } from "../outcomes.ts";
import type { RunRecord } from "../run-record.ts";
import { inSweepOrder } from "../run-record.ts";
import type { Boundary } from "./boundary.ts";
import { boundaryOf } from "./boundary.ts";
import type { ThresholdClaims } from "./claims.ts";
import { ONE_SHAPE_TIERS } from "./sweep.ts";

const NORMAL_QUANTILE = 1.959963984540054;

/** Methods without labels, in the order in which they are shown. */
export const LABEL_FREE = ["ttrl", "intuitor", "cuma"] as const;

export type LabelFree = (typeof LABEL_FREE)[number];

export type Outcome = "helps" | "holds" | "hurts";

export interface ThresholdRun extends FinalRow {
  readonly outcome: Outcome;
  /** Whether its base has the ladder's shape. */
  readonly isOneShape: boolean;
}

export interface ThresholdAnalysis {
  /** Ordered by tier, method and seed. */
  readonly runs: readonly ThresholdRun[];
  readonly bases: readonly BaseRow[];
  /** Of each method without labels that has runs. */
  readonly boundaries: readonly Boundary[];
  /** The same over the bases of one shape. */
  readonly oneShapeBoundaries: readonly Boundary[];
  /** Problems of an evaluation. */
  readonly items: number;
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, or `finding/not-finite` where a number is missing that must be there.
 */
export function analyseThreshold(
  records: readonly RunRecord[],
  { threshold }: Pick<ThresholdClaims, "threshold">,
): ThresholdAnalysis {
  const ordered = inSweepOrder(records);
  const bases = baseRows(ordered);
  const items = MICRO_WORLD.evaluations["math-like"].counts.reduce((sum, count) => sum + count, 0);
  const finals = finalRows(ordered, bases);
  const runs = finals.map((row) => ({
    ...row,
    outcome: outcomeOf(row, items, evaluationsOf(finals, row)),
    isOneShape: ONE_SHAPE_TIERS.includes(row.tier),
  }));
  const boundariesOf = (some: readonly ThresholdRun[], what: string): Boundary[] =>
    LABEL_FREE.flatMap((method) => {
      const random = Random.fromSeed(ruleHash(threshold)).fork(`boundary/${what}/${method}`);
      return boundaryOf(some, method, threshold.rule, random) ?? [];
    });
  return {
    runs,
    bases,
    boundaries: boundariesOf(runs, "all"),
    oneShapeBoundaries: boundariesOf(
      runs.filter(({ isOneShape }) => isOneShape),
      "one shape",
    ),
    items,
  };
}

/** Tiers by their mean base accuracy, weakest first. */
export function tiersByAbility({ bases }: Pick<ThresholdAnalysis, "bases">): { tier: string; accuracy: number }[] {
  const tiers = [...new Set(bases.map(({ tier }) => tier))].map((tier) => {
    const values = bases.filter((row) => row.tier === tier).map(({ accuracy }) => accuracy);
    return { tier, accuracy: values.reduce((sum, value) => sum + value, 0) / values.length };
  });
  return tiers.sort((a, b) => a.accuracy - b.accuracy || (a.tier < b.tier ? -1 : 1));
}

function outcomeOf({ base, gain }: FinalRow, items: number, evaluations: number): Outcome {
  const noise = NORMAL_QUANTILE * Math.sqrt(((base * (1 - base)) / items) * (1 + 1 / evaluations));
  if (Math.abs(gain) <= noise) return "holds";
  return gain > 0 ? "helps" : "hurts";
}

/** Independent evaluations of a run's base: one a seed, for runs of one seed draw the same answers at step 0. */
function evaluationsOf(finals: readonly FinalRow[], { tier, baseSeed }: FinalRow): number {
  const seeds = finals.filter((row) => row.tier === tier && row.baseSeed === baseSeed).map(({ seed }) => seed);
  return new Set(seeds).size;
}
