// Spearman's rank correlation of final held-out length and final held-out accuracy over runs; the interval resamples
// seeds within each (tier, method), so it speaks about these tiers and methods. Where all runs are equal in one of the
// two, length orders nothing, and the correlation counts as 0.
import { Random } from "../../core/random.ts";
import { stratifiedBootstrap } from "../../stats/bootstrap.ts";
import { spearman } from "../../stats/spearman.ts";
import { ruleHash } from "../claim.ts";
import type { Interval } from "../verdict.ts";
import type { LengthRun } from "./analysis.ts";
import type { LengthClaims } from "./claims.ts";

type SignClaim = LengthClaims["sign"];

/** Level of each tier's interval, such that all of these tiers together have the rule's level (Bonferroni). */
export function tierLevel({ rule }: SignClaim, tiers: number): number {
  return 1 - (1 - rule.intervalLevel) / Math.max(1, tiers);
}

/** The tiers that a claim speaks about and a sweep has, in the claim's order. */
export function judgedTiers({ rule }: SignClaim, tiers: readonly string[]): string[] {
  return rule.tiers.filter((tier) => tiers.includes(tier));
}

/** The correlation within one tier, as the rule takes it; null for fewer than two runs. */
export function tierCorrelation(
  runs: readonly LengthRun[],
  tier: string,
  claim: SignClaim,
  tiers: number,
): Interval | null {
  const ofTier = comparedRuns(runs, claim).filter((run) => run.tier === tier);
  return correlationOver(ofTier, claim, tierLevel(claim, tiers), tier);
}

/** The correlation over all tiers, at the rule's level; null for fewer than two runs. */
export function pooledCorrelation(runs: readonly LengthRun[], claim: SignClaim, name: string): Interval | null {
  return correlationOver(comparedRuns(runs, claim), claim, claim.rule.intervalLevel, name);
}

function comparedRuns(runs: readonly LengthRun[], { rule }: SignClaim): LengthRun[] {
  return runs.filter(({ method }) => rule.methods.some((compared) => compared === method));
}

function correlationOver(runs: readonly LengthRun[], claim: SignClaim, level: number, name: string): Interval | null {
  const { fewestSeeds, resamples } = claim.rule;
  const n = runs.length;
  if (n < 2) return null;
  const strata = strataOf(runs);
  const correlate = (chosen: readonly (readonly number[])[]): number => {
    const indices = chosen.flat();
    const rho = spearman(
      indices.map((index) => runs[index].finalLength),
      indices.map((index) => runs[index].final),
    );
    return Number.isNaN(rho) ? 0 : rho;
  };
  if (strata.some((stratum) => stratum.length < fewestSeeds)) {
    return { estimate: correlate(strata), low: null, high: null, n };
  }
  const random = Random.fromSeed(ruleHash(claim)).fork(`correlation/${name}`);
  return { ...stratifiedBootstrap(strata, correlate, { random, resamples, level }), n };
}

/** Indices of the runs of each (tier, method). */
function strataOf(runs: readonly LengthRun[]): number[][] {
  const strata = new Map<string, number[]>();
  for (const [index, { tier, method }] of runs.entries()) {
    const cell = `${tier}/${method}`;
    strata.set(cell, [...(strata.get(cell) ?? []), index]);
  }
  return [...strata.values()];
}
