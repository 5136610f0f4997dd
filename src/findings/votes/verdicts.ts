// The rules for claims 27 and 28, fixed before any run of this finding and before any vote bank was looked at. Both stand
// beyond the paper, which samples eight rollouts per problem throughout. N: rollouts per problem; CuMa's own mask rule in
// both; bounds, tiers and sizes come from the claim's file; the words are those of ../verdict.ts.
//
// Claim 27, more-rollouts-repair-votes, on the weakest tier. (1) Before training: accuracy of the vote of the many - that
//   of the few, over the vote banks of the tier's base checkpoints, bases and problems resampled. (2) By training: final
//   accuracy of the many - of the few on the same problems, paired by seed. Each reproduced: estimate > smallest effect,
//   interval above 0. The claim is as good as its weaker part: votes that get better without the model getting better
//   repair nothing.
// Claim 28, fewer-rollouts-suffice. One part per tier: final accuracy of the few - of the many on the same problems,
//   paired by seed, which halves what a run costs. Reproduced: the interval lies above -margin; not reproduced: it lies
//   below it; same direction: only the estimate is above it. The claim is as good as its weakest part. The margin is what
//   five seeds can tell: differences between arms had a standard deviation of two points from seed to seed before.
//   Beside both: the same at equal rollouts, where few votes buy more problems; and what stopping at a decided vote saves.

import { Random } from "../../core/random.ts";
import { smallestEffect as smallestSeen } from "../../stats/smallest-effect.ts";
import { pairedTwoLevelBootstrap } from "../../stats/two-level-bootstrap.ts";
import type { Claim } from "../claim.ts";
import { ruleHash } from "../claim.ts";
import { pairedDifferences } from "../outcomes.ts";
import type { PaperDifference } from "../paper-numbers.ts";
import { inPoints } from "../points.ts";
import type { MissingRun } from "../run-record.ts";
import type { Interval, SideMeasure, Verdict, VerdictPart } from "../verdict.ts";
import { judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { VotesAnalysis } from "./analysis.ts";
import type { Budget } from "./arms.ts";
import type { VoteClaims } from "./claims.ts";
import { loadVoteClaims } from "./claims.ts";

export interface VotesOutcomes {
  readonly scale: string;
  readonly analysis: VotesAnalysis;
  readonly missing: readonly MissingRun[];
}

/** Verdicts on claims 27 and 28. */
export function judgeVotes(outcomes: VotesOutcomes, claims: VoteClaims = loadVoteClaims()): Verdict[] {
  return [judgeRepair(outcomes, claims.repair), judgeSuffice(outcomes, claims.suffice)];
}

function judgeRepair(outcomes: VotesOutcomes, claim: VoteClaims["repair"]): Verdict {
  const { scale } = outcomes;
  const { weakestTier: tier, few, many, smallestEffect } = claim.rule;
  const compared = { tier, sizes: [many, few] as const };
  const votes = voteDifference(outcomes, claim);
  if (votes === null) return notRun(claim, scale, `no vote bank of ${tier}; labelfree reproduce votes samples it`);
  const differences = finalDifferences(outcomes, { ...compared, budget: "problems" });
  if (differences.length === 0) return notRun(claim, scale, whyMissing(outcomes, tier, [many, few]));
  const bounds = { estimateBeyond: smallestEffect, intervalBeyond: 0 };
  const toPart = (label: string, interval: Interval): VerdictPart => {
    return {
      label,
      ...interval,
      verdict: judgeDifference(interval, claim.direction, bounds),
      paper: paperSilent(claim),
    };
  };
  const label = `${tier}: final accuracy, N ${many} − N ${few}, same problems`;
  const parts: [VerdictPart, VerdictPart] = [
    toPart(`${tier}: accuracy of votes before training, N ${many} − N ${few}`, votes),
    toPart(label, meanDifference(differences, claim.rule, randomFor(claim, label))),
  ];
  const decidedBy = weakestPart(parts);
  return toVerdict(claim, {
    scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts,
    sideMeasures: [...atEqualRollouts(outcomes, claim, compared), ...labelMeasures(outcomes, claim, compared)],
    notes: [
      "n counts base checkpoints before training, whose problems are resampled too, and seeds after it",
      ...seenBy(label, differences, claim),
      ...notesOn(outcomes, [tier]),
    ],
  });
}

function judgeSuffice(outcomes: VotesOutcomes, claim: VoteClaims["suffice"]): Verdict {
  const { analysis, scale } = outcomes;
  const { few, many, margin } = claim.rule;
  const measured = new Set(analysis.runs.map(({ tier }) => tier));
  const [firstTier, ...otherTiers] = claim.rule.tiers.filter((tier) => measured.has(tier));
  if (firstTier === undefined) return notRun(claim, scale, "no tier of the claim in this sweep");
  const tiers: readonly [string, ...string[]] = [firstTier, ...otherTiers];
  const comparedOn = (tier: string) => ({ tier, sizes: [few, many] as const });
  const differencesOn = (tier: string) => finalDifferences(outcomes, { ...comparedOn(tier), budget: "problems" });
  const without = tiers.find((tier) => differencesOn(tier).length === 0);
  if (without !== undefined) return notRun(claim, scale, whyMissing(outcomes, without, [few, many]));
  const labelOn = (tier: string) => `${tier}: final accuracy, N ${few} − N ${many}, same problems`;
  const toPart = (tier: string): VerdictPart => {
    const label = labelOn(tier);
    const interval = meanDifference(differencesOn(tier), claim.rule, randomFor(claim, label));
    const verdict = judgeDifference(shifted(interval, margin), claim.direction, NO_BOUNDS);
    return { label, ...interval, verdict, paper: paperSilent(claim) };
  };
  const parts: [VerdictPart, ...VerdictPart[]] = [toPart(firstTier), ...otherTiers.map(toPart)];
  const decidedBy = weakestPart(parts);
  return toVerdict(claim, {
    scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts,
    sideMeasures: [
      ...tiers.flatMap((tier) => atEqualRollouts(outcomes, claim, comparedOn(tier))),
      ...tiers.flatMap((tier) => savedMeasures(outcomes, claim, tier)),
    ],
    notes: [
      `sufficient: no more than ${inPoints(margin)} points lost`,
      ...tiers.flatMap((tier) => seenBy(labelOn(tier), differencesOn(tier), claim)),
      ...notesOn(outcomes, tiers),
    ],
  });
}

const NO_BOUNDS = { estimateBeyond: 0, intervalBeyond: 0 };

function shifted({ estimate, low, high, n }: Interval, by: number): Interval {
  return { estimate: estimate + by, low: low === null ? null : low + by, high: high === null ? null : high + by, n };
}

/** Two numbers of rollouts per problem on a tier, the first minus the second. */
interface Compared {
  readonly tier: string;
  readonly sizes: readonly [number, number];
}

function finalDifferences(
  { analysis }: VotesOutcomes,
  { tier, sizes: [first, second], budget }: Compared & { readonly budget: Budget },
): number[] {
  return pairedDifferences(
    bySeed(analysis, { tier, budget, size: first }, ({ final }) => final),
    bySeed(analysis, { tier, budget, size: second }, ({ final }) => final),
  );
}

function bySeed(
  { runs }: VotesAnalysis,
  cell: { readonly tier: string; readonly budget: Budget; readonly size: number },
  valueOf: (run: VotesAnalysis["runs"][number]) => number,
): ReadonlyMap<number, number> {
  const rows = runs.filter(
    ({ tier, size, rule, budgets }) =>
      tier === cell.tier && size === cell.size && rule === "two" && budgets.includes(cell.budget),
  );
  return new Map(rows.map((run): [number, number] => [run.seed, valueOf(run)]).sort(([a], [b]) => a - b));
}

/** Over the vote banks of the claim's tier; null where there is none. */
function voteDifference({ analysis: { banks } }: VotesOutcomes, claim: VoteClaims["repair"]): Interval | null {
  const { weakestTier, few, many, fewestBases, resamples, intervalLevel: level } = claim.rule;
  const ofSize = (size: number) => (banks ?? []).filter((row) => row.tier === weakestTier && row.size === size);
  const perBase = ofSize(many).flatMap(({ baseSeed, correct }) => {
    const other = ofSize(few).find((row) => row.baseSeed === baseSeed);
    return other === undefined ? [] : [{ first: correct, second: other.correct }];
  });
  const n = perBase.length;
  if (n === 0) return null;
  if (n >= fewestBases) {
    const random = randomFor(claim, "votes before training");
    return { ...pairedTwoLevelBootstrap(perBase, { random, resamples, level }), n };
  }
  const all = perBase.flatMap(({ first, second }) => first.map((value, index) => value - second[index]));
  return { estimate: all.reduce((sum, value) => sum + value, 0) / all.length, low: null, high: null, n };
}

function atEqualRollouts(outcomes: VotesOutcomes, claim: Claim, compared: Compared): SideMeasure[] {
  const differences = finalDifferences(outcomes, { ...compared, budget: "rollouts" });
  if (differences.length === 0) return [];
  const { tier, sizes } = compared;
  const label = `${tier}: final accuracy, N ${sizes[0]} − N ${sizes[1]}, equal rollouts`;
  return [{ label, unit: "accuracy", ...meanDifference(differences, claim.rule, randomFor(claim, label)) }];
}

function labelMeasures({ analysis }: VotesOutcomes, claim: Claim, { tier, sizes }: Compared): SideMeasure[] {
  const [first, second] = sizes.map((size) =>
    bySeed(analysis, { tier, budget: "problems", size }, ({ labelAccuracy }) => labelAccuracy),
  );
  const differences = pairedDifferences(first, second);
  if (differences.length === 0) return [];
  const label = `${tier}: accuracy of votes while training, N ${sizes[0]} − N ${sizes[1]}, same problems`;
  return [{ label, unit: "accuracy", ...meanDifference(differences, claim.rule, randomFor(claim, label)) }];
}

/** Share of the many's rollouts that need not be sampled for the same vote, mean over base checkpoints. */
function savedMeasures({ analysis }: VotesOutcomes, claim: VoteClaims["suffice"], tier: string): SideMeasure[] {
  const { many } = claim.rule;
  const rows = (analysis.banks ?? []).filter((row) => row.tier === tier && row.size === many);
  if (rows.length === 0) return [];
  const saved = rows.map(({ needed }) => 1 - needed.reduce((sum, value) => sum + value, 0) / needed.length / many);
  const label = `${tier}: rollouts saved by stopping once the vote of N ${many} is decided, before training`;
  const rule = { ...claim.rule, fewestSeeds: 2 };
  return [{ label, unit: "share of responses", ...meanDifference(saved, rule, randomFor(claim, label)) }];
}

/** The smallest effect that this n can see, in words; nothing where there are too few seeds to conclude anything. */
function seenBy(label: string, differences: readonly number[], { rule }: Claim): string[] {
  if (differences.length < rule.fewestSeeds) return [];
  const size = inPoints(smallestSeen(differences, { level: rule.intervalLevel }));
  return [`${label}: the smallest that n ${differences.length} can see with 80\u00a0% power is ${size} points`];
}

function whyMissing({ missing }: VotesOutcomes, tier: string, [first, second]: readonly [number, number]): string {
  const failed = missing.find((run) => run.tier === tier);
  const why = failed === undefined ? "" : `; a run on ${tier} gave no result: ${failed.why}`;
  return `no seed ran with both N ${first} and N ${second} on the same problems on ${tier}${why}`;
}

function notesOn({ analysis, missing }: VotesOutcomes, tiers: readonly string[]): string[] {
  return [
    ...missing
      .filter(({ tier }) => tiers.includes(tier))
      .map(({ tier, seed, why }) => `a run on ${tier}, seed ${seed}, is missing: ${why}`),
    ...analysis.runs
      .filter(({ tier, hasDiverged }) => hasDiverged && tiers.includes(tier))
      .map(({ tier, size, seed }) => `N ${size} on ${tier}, seed ${seed}, diverged and counts as accuracy 0`),
  ];
}

function paperSilent({ paperBenchmarks }: Claim): PaperDifference[] {
  return paperBenchmarks.map((benchmark) => ({ benchmark, difference: null, cells: [] }));
}

function randomFor(claim: Claim, label: string): Random {
  return Random.fromSeed(ruleHash(claim)).fork(label);
}
