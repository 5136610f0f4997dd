// The rules for claims 25 and 26, fixed before any run from the bases of the present world was looked at; their author
// knew that in an earlier world TTRL ended far below its base at base accuracies up to 0.28 and above it from 0.33 on.
// Both stand beyond the paper, which names no threshold. Boundary, base accuracy and gain as in boundary.ts and
// analysis.ts; `n` counts base checkpoints; bounds come from the claim's file; the words are those of ../verdict.ts.
//
// Claim 25, threshold-of-ability. (1) TTRL's boundary: reproduced if its whole interval lies inside the range of the bases
//   tried; same direction if only the estimate does; not reproduced if the whole interval is one end of the range, where
//   every resample says that training helps, or hurts, from the weakest base to the strongest. (2) Mean gain over the
//   bases below the interval: reproduced if it is < -smallest effect and its interval, bases resampled, below 0. (3) Mean
//   gain over the bases above the interval, the same the other way round. Bases inside the interval count for neither
//   side. The claim is as good as its weakest part, but no better than "same direction" where a side has no bases.
// Claim 26, threshold-lies-lower. One part for each of TTRL and Intuitor: its boundary - CuMa's, over the bases that both
//   started from, the same bases drawn for both. Reproduced: estimate > smallest effect, interval above 0. The claim is
//   as good as its weakest part. A boundary that lies outside the range counts as the range's end: where CuMa helps from
//   the weakest base on, the difference is a least one; where another method hurts up to the strongest, too.
//   Beside both: the boundaries over the bases of one shape, which differ in pre-training alone and not in size.

import { Random } from "../../core/random.ts";
import { ruleHash } from "../claim.ts";
import { METHOD_NAMES } from "../method-names.ts";
import type { PaperDifference } from "../paper-numbers.ts";
import type { MissingRun } from "../run-record.ts";
import type { SideMeasure, Verdict, VerdictKind, VerdictPart } from "../verdict.ts";
import { judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { LabelFree, ThresholdAnalysis } from "./analysis.ts";
import type { Boundary } from "./boundary.ts";
import { boundaryDifference } from "./boundary.ts";
import type { ThresholdClaims } from "./claims.ts";
import { loadThresholdClaims } from "./claims.ts";

export interface ThresholdOutcomes {
  readonly scale: string;
  readonly analysis: ThresholdAnalysis;
  readonly missing: readonly MissingRun[];
}

/** Verdicts on claims 25 and 26. */
export function judgeThreshold(
  outcomes: ThresholdOutcomes,
  claims: ThresholdClaims = loadThresholdClaims(),
): Verdict[] {
  return [judgeLocation(outcomes, claims.threshold), judgeLower(outcomes, claims.lower)];
}

function judgeLocation(outcomes: ThresholdOutcomes, claim: ThresholdClaims["threshold"]): Verdict {
  const { analysis, scale } = outcomes;
  const { method } = claim.rule;
  const boundary = analysis.boundaries.find((found) => found.method === method);
  if (boundary === undefined) return notRun(claim, scale, `no run of ${method} in this sweep`);
  const sides = (["below", "above"] as const).map((side) => sidePart(analysis, claim, boundary, side));
  const found = sides.filter((part) => part !== null);
  const parts: [VerdictPart, ...VerdictPart[]] = [locationPart(claim, boundary), ...found];
  const decidedBy = weakestPart(parts);
  const isHalf = decidedBy.verdict === "reproduced" && found.length < sides.length;
  const emptySides = (["below", "above"] as const).filter((_, index) => sides[index] === null);
  return toVerdict(claim, {
    scale,
    verdict: isHalf ? "same direction" : decidedBy.verdict,
    decidedBy,
    parts,
    sideMeasures: shapeMeasures(analysis, [method]),
    notes: [
      ...(boundary.low === null ? [] : emptySides.map((side) => `no base lies ${side} the boundary's interval`)),
      ...endNotes([boundary]),
      ...notesOn(outcomes, [method]),
    ],
  });
}

function locationPart({ paperBenchmarks }: ThresholdClaims["threshold"], boundary: Boundary): VerdictPart {
  const { method, estimate, low, high, n, lowest, highest } = boundary;
  const range = `of bases from ${lowest.toFixed(2)} to ${highest.toFixed(2)}`;
  return {
    label: `${METHOD_NAMES[method]}: boundary in base accuracy, ${range}`,
    ...{ estimate, low, high, n },
    verdict: judgeInside(boundary),
    paper: paperSilent(paperBenchmarks),
  };
}

function judgeInside({ estimate, low, high, lowest, highest }: Boundary): VerdictKind {
  if (low === null || high === null) return "inconclusive at this n";
  if (low > lowest && high < highest) return "reproduced";
  if (low === high) return "not reproduced";
  return estimate > lowest && estimate < highest ? "same direction" : "inconclusive at this n";
}

/** Mean gain on one side of the boundary's interval; null without a base there. */
function sidePart(
  { runs }: ThresholdAnalysis,
  claim: ThresholdClaims["threshold"],
  { method, low, high }: Boundary,
  side: "below" | "above",
): VerdictPart | null {
  if (low === null || high === null) return null;
  const isAside = (base: number): boolean => (side === "below" ? base < low : base > high);
  const gains = gainsByBase(runs.filter((run) => run.method === method && isAside(run.base)));
  if (gains.length === 0) return null;
  const label = `${METHOD_NAMES[method]}: gain on bases ${side} the boundary's interval`;
  const random = Random.fromSeed(ruleHash(claim)).fork(label);
  const interval = meanDifference(gains, { ...claim.rule, fewestSeeds: claim.rule.fewestBasesAside }, random);
  const bounds = { estimateBeyond: claim.rule.smallestEffect, intervalBeyond: 0 };
  const verdict = judgeDifference(interval, side === "below" ? "less" : "greater", bounds);
  return { label, ...interval, verdict, paper: paperSilent(claim.paperBenchmarks) };
}

function judgeLower(outcomes: ThresholdOutcomes, claim: ThresholdClaims["lower"]): Verdict {
  const { analysis, scale } = outcomes;
  const { rule } = claim;
  const methods: readonly LabelFree[] = [...rule.comparedMethods, rule.method];
  const without = methods.find((method) => !analysis.boundaries.some((found) => found.method === method));
  if (without !== undefined) return notRun(claim, scale, `no run of ${without} in this sweep`);
  const compared = rule.comparedMethods.flatMap((method) => {
    const label = `boundary of ${METHOD_NAMES[method]} − boundary of ${METHOD_NAMES[rule.method]}`;
    const random = Random.fromSeed(ruleHash(claim)).fork(label);
    const interval = boundaryDifference(analysis.runs, [method, rule.method], rule, random);
    if (interval === null) return [];
    const bounds = { estimateBeyond: rule.smallestEffect, intervalBeyond: 0 };
    const verdict = judgeDifference(interval, claim.direction, bounds);
    return [{ label, ...interval, verdict, paper: paperSilent(claim.paperBenchmarks) }];
  });
  const [first, ...others] = compared;
  if (first === undefined) return notRun(claim, scale, "no two methods started from the same base");
  const decidedBy = weakestPart([first, ...others]);
  return toVerdict(claim, {
    scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts: compared,
    sideMeasures: shapeMeasures(analysis, methods),
    notes: [
      ...endNotes(analysis.boundaries.filter(({ method }) => methods.some((known) => known === method))),
      ...notesOn(outcomes, methods),
    ],
  });
}

function shapeMeasures({ oneShapeBoundaries }: ThresholdAnalysis, methods: readonly LabelFree[]): SideMeasure[] {
  return methods.flatMap((method) => {
    const boundary = oneShapeBoundaries.find((found) => found.method === method);
    if (boundary === undefined) return [];
    const { estimate, low, high, n } = boundary;
    const label = `${METHOD_NAMES[method]}: boundary over bases of one shape`;
    return [{ label, unit: "accuracy" as const, estimate, low, high, n }];
  });
}

/** Says which boundaries are bounds, not values, and which fits do not rise. */
function endNotes(boundaries: readonly Boundary[]): string[] {
  return boundaries.flatMap(({ method, estimate, lowest, highest, fit, share }) => {
    const name = METHOD_NAMES[method];
    const rises = fit.slope > 0 || share === 0 || share === 1;
    const falls = rises ? [] : [`${name}: the chance of ending above base does not rise with base accuracy`];
    if (estimate === lowest) return [...falls, `${name}: the boundary is at or below the weakest base tried`];
    if (estimate === highest) return [...falls, `${name}: the boundary is at or above the strongest base tried`];
    return falls;
  });
}

function notesOn({ analysis, missing }: ThresholdOutcomes, methods: readonly LabelFree[]): string[] {
  const isJudged = (method: string): boolean => methods.some((known) => known === method);
  return [
    "n counts base checkpoints, which the intervals resample with all their runs",
    ...missing
      .filter(({ method }) => isJudged(method))
      .map(({ method, tier, seed, why }) => `${method} on ${tier}, seed ${seed}, is missing: ${why}`),
    ...analysis.runs
      .filter(({ method, hasDiverged }) => hasDiverged && isJudged(method))
      .map(({ method, tier, seed }) => `${method} on ${tier}, seed ${seed}, diverged and counts as accuracy 0`),
  ];
}

/** Mean gain of the runs from each base checkpoint. */
function gainsByBase(runs: ThresholdAnalysis["runs"]): number[] {
  const gains = new Map<string, number[]>();
  for (const { tier, baseSeed, gain } of runs) {
    const base = `${tier}/${baseSeed}`;
    gains.set(base, [...(gains.get(base) ?? []), gain]);
  }
  return [...gains.values()].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}

function paperSilent(benchmarks: readonly string[]): PaperDifference[] {
  return benchmarks.map((benchmark) => ({ benchmark, difference: null, cells: [] }));
}
