import type { Random } from "../../core/random.ts";
import { stratifiedBootstrap } from "../../stats/bootstrap.ts";
import { spearman } from "../../stats/spearman.ts";
import { wilson } from "../../stats/wilson.ts";
import type { Rule } from "../claim.ts";
import { METHOD_NAMES } from "../method-names.ts";
import type { SideMeasure } from "../verdict.ts";
import type { Cell, Outcomes } from "../outcomes.ts";

/** Rank correlation of base accuracy and gain over all runs of a method, its seeds resampled within each tier. */
export function abilityCorrelation(
  outcomes: Outcomes,
  method: Cell["method"],
  rule: Rule,
  random: Random,
): SideMeasure {
  const runs = outcomes.finals.filter((row) => row.method === method);
  const strata = outcomes.tiers
    .map((tier) => runs.flatMap((row, index) => (row.tier === tier ? [index] : [])))
    .filter((indices) => indices.length > 0);
  const correlate = (indices: readonly (readonly number[])[]): number => {
    const chosen = indices.flat().map((index) => runs[index]);
    const bases = chosen.map(({ base }) => base);
    const gains = chosen.map(({ gain }) => gain);
    const rho = spearman(bases, gains);
    return Number.isNaN(rho) ? 0 : rho; // equal gains everywhere: ability orders nothing
  };
  const about = {
    label: `${METHOD_NAMES[method]}: rank correlation of base accuracy and gain`,
    unit: "rank correlation",
    n: runs.length,
  } as const;
  if (strata.some((indices) => indices.length < rule.fewestSeeds)) {
    return { ...about, estimate: correlate(strata), low: null, high: null };
  }
  const options = { random, resamples: rule.resamples, level: rule.intervalLevel };
  return { ...about, ...stratifiedBootstrap(strata, correlate, options) };
}

/** Share of a cell's seeds that collapsed or diverged, with Wilson's 95 % interval. */
export function collapsedShare({ finals }: Outcomes, { tier, method }: Cell): SideMeasure {
  const runs = finals.filter((row) => row.tier === tier && row.method === method);
  const collapsed = runs.filter(({ hasCollapsed, hasDiverged }) => hasCollapsed || hasDiverged).length;
  const { p, low, high } = wilson(collapsed, runs.length);
  const label = `${METHOD_NAMES[method]} on ${tier}: collapsed seeds, ${collapsed} of ${runs.length}`;
  return { label, unit: "share of seeds", estimate: p, low, high, n: runs.length };
}
