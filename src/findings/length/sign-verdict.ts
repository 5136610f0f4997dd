// Claim 5 by the rule length-does-not-order-runs; the rule stands in verdicts.ts.
import type { Claim } from "../claim.ts";
import type { Cell } from "../outcomes.ts";
import { notesOn } from "../outcomes.ts";
import type { Interval, SideMeasure, Verdict, VerdictKind, VerdictPart } from "../verdict.ts";
import { judgeDifference, notRun, strongestPart, toVerdict } from "../verdict.ts";
import type { LengthClaims } from "./claims.ts";
import { judgedTiers, pooledCorrelation, tierCorrelation, tierLevel } from "./correlation.ts";
import type { LengthOutcomes } from "./outcomes.ts";
import { firstReason, paperSilent, runsOf } from "./outcomes.ts";

/** Whether length fails to order the runs of a tier by accuracy. */
export function judgeSign(outcomes: LengthOutcomes, claim: LengthClaims["sign"]): Verdict {
  const { methods, smallestEffect } = claim.rule;
  const [first, ...others] = judgedTiers(claim, outcomes.tiers);
  if (first === undefined) return notRun(claim, outcomes.scale, "no tier of the claim in this sweep");
  const tiers = [first, ...others];
  const cells = tiers.flatMap((tier) => methods.map((method) => [{ tier, method }]));
  const why = firstReason(outcomes, cells);
  if (why !== null) return notRun(claim, outcomes.scale, why);
  const judged = tiers.map((tier) => {
    const spread = accuracySpread(outcomes, methods, tier);
    return { tier, spread, counts: spread >= smallestEffect, part: signPart(outcomes, claim, tier, spread) };
  });
  const [firstCounting, ...otherCounting] = judged.filter(({ counts }) => counts).map(({ part }) => part);
  const decidedBy = firstCounting === undefined ? null : strongestPart([firstCounting, ...otherCounting]);
  const percent = Number((100 * tierLevel(claim, tiers.length)).toFixed(2));
  const notCounting = judged
    .filter(({ counts }) => !counts)
    .map(
      ({ tier, spread }) =>
        `${tier} does not count: its methods' mean accuracies lie within ${(100 * spread).toFixed(1)} points, ` +
        `less than ${100 * smallestEffect}`,
    );
  return toVerdict(claim, {
    scale: outcomes.scale,
    verdict: decidedBy?.verdict ?? "inconclusive at this n",
    decidedBy,
    parts: judged.map(({ part }) => part),
    sideMeasures: besideSign(outcomes, claim),
    notes: [
      ...notesOn(outcomes, methods),
      ...notCounting,
      `reproduced: an interval below ${claim.rule.strongCorrelation} in at least one tier that counts; each tier's ` +
        `interval is at ${percent}\u00a0%, so that ${tiers.length === 1 ? "it is" : "all together are"} at ` +
        `${100 * claim.rule.intervalLevel}\u00a0%`,
    ],
  });
}

function signPart(outcomes: LengthOutcomes, claim: LengthClaims["sign"], tier: string, spread: number): VerdictPart {
  const { strongCorrelation, smallestEffect } = claim.rule;
  const tiers = judgedTiers(claim, outcomes.tiers).length;
  const interval = tierCorrelation(outcomes.finals, tier, claim, tiers) ?? NO_CORRELATION;
  const verdict = spread < smallestEffect ? "inconclusive at this n" : judgeBelow(interval, strongCorrelation, claim);
  const label = `${tier}: rank correlation of length and accuracy`;
  return { label, unit: "rank correlation", ...interval, verdict, paper: paperSilent(claim) };
}

const NO_CORRELATION: Interval = { estimate: 0, low: null, high: null, n: 0 };

/** What an interval says about a number that should lie below a bound ("less"), or above it. */
function judgeBelow({ estimate, low, high, n }: Interval, bound: number, { direction }: Claim): VerdictKind {
  const shifted = {
    estimate: estimate - bound,
    low: low === null ? null : low - bound,
    high: high === null ? null : high - bound,
    n,
  };
  return judgeDifference(shifted, direction, { estimateBeyond: 0, intervalBeyond: 0 });
}

function besideSign({ finals }: LengthOutcomes, claim: LengthClaims["sign"]): SideMeasure[] {
  const failed = finals.filter(({ hasCollapsed, hasDiverged }) => hasCollapsed || hasDiverged);
  const failing = new Set(failed.map(({ tier, method }) => `${tier}/${method}`));
  const standing = finals.filter(({ tier, method }) => !failing.has(`${tier}/${method}`));
  const named = [
    ["all tiers together: rank correlation of length and accuracy", finals],
    ["the same over tiers and methods in which no run collapsed or diverged", standing],
  ] as const;
  return named.flatMap(([label, runs]) => {
    const interval = pooledCorrelation(runs, claim, label);
    return interval === null ? [] : [{ label, unit: "rank correlation" as const, ...interval }];
  });
}

/** How far the methods' mean final accuracies lie apart on a tier. */
function accuracySpread(outcomes: LengthOutcomes, methods: readonly Cell["method"][], tier: string): number {
  const means = methods.map((method) => {
    const values = runsOf(outcomes, { tier, method }).map(({ final }) => final);
    return values.reduce((total, value) => total + value, 0) / values.length;
  });
  return Math.max(...means) - Math.min(...means);
}
