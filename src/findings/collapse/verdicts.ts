// The rules for claims 1, 2 and 6, fixed before any reported run. Terms: final and base accuracy as in analysis.ts, gain =
// final - base, paired by seed; bounds and tiers come from the claim's file; the words are those of ../verdict.ts.
//
// Claim 1, gain-grows-with-ability. One part for each of TTRL and Intuitor: gain on the strongest tier - gain on the
//   weakest. Reproduced: estimate > smallest effect, interval above 0. The claim is as good as its weakest part.
//   Beside it: rank correlation of base accuracy and gain over all tiers and seeds (seeds resampled within tiers).
// Claim 2, weakest-falls-below-base. One part for each of TTRL and Intuitor: gain on the weakest tier. Reproduced: the
//   interval's upper end < -smallest effect. The claim is as good as its weakest part.
//   Beside it: share of seeds that collapsed (rl/collapse-detector.ts) or diverged, with Wilson's interval.
// Claim 6, improves-everywhere-and-close-to-labels. One part per tier: CuMa's gain, reproduced if its interval is above
//   0. One part on the strongest tier: CuMa's final accuracy - labelled GRPO's, reproduced if its interval lies within
//   the margin. The claim is as good as its weakest tier, but no better than "same direction" without the last part.

import { Random } from "../../core/random.ts";
import type { Claim } from "../claim.ts";
import { ruleHash } from "../claim.ts";
import { METHOD_NAMES } from "../method-names.ts";
import type { PaperNumbers, PaperTerm } from "../paper-numbers.ts";
import { loadPaperNumbers, paperDifferences } from "../paper-numbers.ts";
import type { Interval, Verdict, VerdictKind, VerdictPart } from "../verdict.ts";
import { judgeCloseness, judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { CollapseClaims } from "./claims.ts";
import { loadCollapseClaims } from "./claims.ts";
import type { Cell, Outcomes } from "../outcomes.ts";
import { bySeed, notesOn, pairedDifferences, whyNotComparable } from "../outcomes.ts";
import { abilityCorrelation, collapsedShare } from "./side-measures.ts";

/** Verdicts on claims 1, 2 and 6. */
export function judgeCollapse(
  outcomes: Outcomes,
  claims: CollapseClaims = loadCollapseClaims(),
  paper: PaperNumbers = loadPaperNumbers(),
): Verdict[] {
  return [
    judgeAbility(outcomes, claims.ability, paper),
    judgeFall(outcomes, claims.fall, paper),
    judgeImprovement(outcomes, claims.improvement, paper),
  ];
}

function judgeAbility(outcomes: Outcomes, claim: CollapseClaims["ability"], paper: PaperNumbers): Verdict {
  const { methods, weakestTier, strongestTier, smallestEffect } = claim.rule;
  const compared = methods.map((method) => [
    { tier: strongestTier, method },
    { tier: weakestTier, method },
  ]);
  const why = firstReason(compared.map((cells) => whyNotComparable(outcomes, cells)));
  if (why !== null) return notRun(claim, outcomes.scale, why);
  const parts = mapNonEmpty(methods, (method) => {
    const strong = { tier: strongestTier, method };
    const weak = { tier: weakestTier, method };
    return toPart(claim, paper, {
      label: `${METHOD_NAMES[method]}: gain on ${strongestTier} − gain on ${weakestTier}`,
      differences: pairedDifferences(bySeed(outcomes, strong, "gain"), bySeed(outcomes, weak, "gain")),
      terms: [...gainTerms(strong), ...gainTerms(weak).map(negated)],
      judge: (interval) =>
        judgeDifference(interval, claim.direction, { estimateBeyond: smallestEffect, intervalBeyond: 0 }),
    });
  });
  const sideMeasures = methods.map((method) =>
    abilityCorrelation(outcomes, method, claim.rule, randomFor(claim, `correlation/${method}`)),
  );
  const decidedBy = weakestPart(parts);
  const { verdict } = decidedBy;
  return toVerdict(claim, { ...about(outcomes, methods), verdict, decidedBy, parts, sideMeasures });
}

function judgeFall(outcomes: Outcomes, claim: CollapseClaims["fall"], paper: PaperNumbers): Verdict {
  const { methods, weakestTier: tier, smallestEffect } = claim.rule;
  const why = firstReason(methods.map((method) => whyNotComparable(outcomes, [{ tier, method }])));
  if (why !== null) return notRun(claim, outcomes.scale, why);
  const parts = mapNonEmpty(methods, (method) =>
    gainPart(claim, paper, outcomes, { tier, method }, (interval) =>
      judgeDifference(interval, claim.direction, { estimateBeyond: smallestEffect, intervalBeyond: smallestEffect }),
    ),
  );
  const sideMeasures = methods.map((method) => collapsedShare(outcomes, { tier, method }));
  const decidedBy = weakestPart(parts);
  const { verdict } = decidedBy;
  return toVerdict(claim, { ...about(outcomes, methods), verdict, decidedBy, parts, sideMeasures });
}

function judgeImprovement(outcomes: Outcomes, claim: CollapseClaims["improvement"], paper: PaperNumbers): Verdict {
  const { method, labelledMethod, strongestTier, margin } = claim.rule;
  const [firstTier, ...otherTiers] = claim.rule.tiers.filter((tier) => outcomes.tiers.includes(tier));
  if (firstTier === undefined) return notRun(claim, outcomes.scale, "no tier of the claim in this sweep");
  const ours = { tier: strongestTier, method };
  const labelled = { tier: strongestTier, method: labelledMethod };
  const compared: readonly Cell[][] = [
    ...[firstTier, ...otherTiers].map((tier) => [{ tier, method }]),
    [ours, labelled],
  ];
  const why = firstReason(compared.map((cells) => whyNotComparable(outcomes, cells)));
  if (why !== null) return notRun(claim, outcomes.scale, why);
  const rises = mapNonEmpty([firstTier, ...otherTiers], (tier) =>
    gainPart(claim, paper, outcomes, { tier, method }, (interval) =>
      judgeDifference(interval, claim.direction, { estimateBeyond: 0, intervalBeyond: 0 }),
    ),
  );
  const close = toPart(claim, paper, {
    label: `${METHOD_NAMES[method]} − ${METHOD_NAMES[labelledMethod]} on ${strongestTier}, within ±${margin * 100} points`,
    differences: pairedDifferences(bySeed(outcomes, ours, "final"), bySeed(outcomes, labelled, "final")),
    terms: [
      { ...ours, sign: 1 },
      { ...labelled, sign: -1 },
    ],
    judge: (interval) => judgeCloseness(interval, margin),
  });
  const weakestRise = weakestPart(rises);
  const isHalf = weakestRise.verdict === "reproduced" && close.verdict !== "reproduced";
  return toVerdict(claim, {
    ...about(outcomes, [method, labelledMethod]),
    verdict: isHalf ? "same direction" : weakestRise.verdict,
    decidedBy: isHalf ? close : weakestRise,
    parts: [...rises, close],
    sideMeasures: [],
  });
}

interface PartSource {
  readonly label: string;
  readonly differences: readonly number[];
  /** The paper's counterpart. */
  readonly terms: readonly PaperTerm[];
  readonly judge: (interval: Interval) => VerdictKind;
}

function toPart(claim: Claim, paper: PaperNumbers, { label, differences, terms, judge }: PartSource): VerdictPart {
  const interval = meanDifference(differences, claim.rule, randomFor(claim, label));
  return { label, ...interval, verdict: judge(interval), paper: paperDifferences(paper, claim.paperBenchmarks, terms) };
}

function gainPart(
  claim: Claim,
  paper: PaperNumbers,
  outcomes: Outcomes,
  cell: Cell,
  judge: PartSource["judge"],
): VerdictPart {
  const label = `${METHOD_NAMES[cell.method]} on ${cell.tier}: final − base`;
  const differences = [...bySeed(outcomes, cell, "gain").values()];
  return toPart(claim, paper, { label, differences, terms: gainTerms(cell), judge });
}

function gainTerms({ tier, method }: Cell): PaperTerm[] {
  return [
    { sign: 1, tier, method },
    { sign: -1, tier, method: "base" },
  ];
}

function negated(term: PaperTerm): PaperTerm {
  return { ...term, sign: term.sign === 1 ? -1 : 1 };
}

function about(outcomes: Outcomes, methods: readonly string[]): Pick<Verdict, "scale" | "notes"> {
  return { scale: outcomes.scale, notes: notesOn(outcomes, methods) };
}

function firstReason(reasons: readonly (string | null)[]): string | null {
  return reasons.find((reason) => reason !== null) ?? null;
}

function randomFor(claim: Claim, label: string): Random {
  return Random.fromSeed(ruleHash(claim)).fork(label);
}

function mapNonEmpty<T, U>(items: readonly [T, ...T[]], map: (item: T) => U): [U, ...U[]] {
  const [first, ...rest] = items;
  return [map(first), ...rest.map(map)];
}
