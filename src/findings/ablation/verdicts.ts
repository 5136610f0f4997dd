// The rule for claim 7, fixed before any reported run. Terms: final accuracy as in ../outcomes.ts, paired by seed; the drop
// without a component is full CuMa's final accuracy - that of the arm without it; bounds and tier come from the claim's
// file; the words are those of ../verdict.ts.
//
// Claim 7, importance-in-order. On the weakest tier, one part for each two neighbours in the claimed order: the drop
//   without the first - the drop without the second, in which full CuMa cancels: it is the arm without the second - the
//   arm without the first. Reproduced: estimate > smallest effect, interval above 0. The claim is as good as its weakest
//   part.

import { Random } from "../../core/random.ts";
import { ruleHash } from "../claim.ts";
import { notesOn, pairedDifferences } from "../outcomes.ts";
import { inPoints } from "../points.ts";
import type { MissingRun } from "../run-record.ts";
import type { Verdict, VerdictPart } from "../verdict.ts";
import { judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { ArmFinalRow, MaskedRow } from "./analysis.ts";
import type { ArmName, Component } from "./arms.ts";
import { armNamed, armWithout, COMPONENT_LABELS } from "./arms.ts";
import type { OrderClaim } from "./claims.ts";
import { loadAblationClaim } from "./claims.ts";
import type { PaperAblation } from "./paper-ablation.ts";
import { attainabilityNote, loadPaperAblation, paperArmDifference } from "./paper-ablation.ts";

/** A run of an arm that gave no result. */
export interface MissingArmRun extends MissingRun {
  readonly arm: ArmName;
}

/** What the rule looks at. */
export interface AblationOutcomes {
  readonly scale: string;
  /** Tiers of the sweep, weakest first. */
  readonly tiers: readonly string[];
  readonly finals: readonly ArmFinalRow[];
  readonly masked: readonly MaskedRow[];
  readonly missing: readonly MissingArmRun[];
}

/** Share of groups masked below which the mask has little work. */
const LITTLE_WORK = 0.1;

/** Verdict on claim 7. */
export function judgeAblation(
  outcomes: AblationOutcomes,
  claim: OrderClaim = loadAblationClaim(),
  paper: PaperAblation = loadPaperAblation(),
): Verdict[] {
  const { components, weakestTier } = claim.rule;
  const arms = components.map(armWithout);
  const notes = notesOnArms(outcomes, ["cuma", ...arms], weakestTier, paper);
  const [first, second, ...others] = components;
  const neighbours: [[Component, Component], ...[Component, Component][]] = [[first, second]];
  for (const [index, next] of others.entries()) neighbours.push([components[index + 1], next]);
  const why = neighbours
    .map(([more, less]) => whyNotComparable(outcomes, weakestTier, armWithout(more), armWithout(less)))
    .find((reason) => reason !== null);
  if (why !== undefined) return [notRun(claim, outcomes.scale, why, notes)];
  const toPart = (pair: readonly [Component, Component]): VerdictPart => orderPart(outcomes, claim, paper, pair);
  const [firstPair, ...otherPairs] = neighbours;
  const parts: [VerdictPart, ...VerdictPart[]] = [toPart(firstPair), ...otherPairs.map(toPart)];
  const decidedBy = weakestPart(parts);
  const { verdict } = decidedBy;
  return [toVerdict(claim, { scale: outcomes.scale, verdict, decidedBy, parts, sideMeasures: [], notes })];
}

function orderPart(
  outcomes: AblationOutcomes,
  claim: OrderClaim,
  paper: PaperAblation,
  [more, less]: readonly [Component, Component],
): VerdictPart {
  const { rule, direction } = claim;
  const tier = rule.weakestTier;
  const label = `${tier}: drop without ${COMPONENT_LABELS[more]} − drop without ${COMPONENT_LABELS[less]}`;
  const differences = pairedDifferences(
    finalsBySeed(outcomes, tier, armWithout(less)),
    finalsBySeed(outcomes, tier, armWithout(more)),
  );
  const interval = meanDifference(differences, rule, Random.fromSeed(ruleHash(claim)).fork(label));
  return {
    label,
    ...interval,
    verdict: judgeDifference(interval, direction, { estimateBeyond: rule.smallestEffect, intervalBeyond: 0 }),
    paper: [paperArmDifference(paper, armWithout(less), armWithout(more))],
  };
}

function finalsBySeed({ finals }: AblationOutcomes, tier: string, arm: ArmName): ReadonlyMap<number, number> {
  const rows = finals.filter((row) => row.tier === tier && row.arm === arm);
  return new Map(rows.map((row): [number, number] => [row.seed, row.final]).sort(([a], [b]) => a - b));
}

function whyNotComparable(outcomes: AblationOutcomes, tier: string, first: ArmName, second: ArmName): string | null {
  const cells = [first, second].map((arm) => ({ arm, seeds: finalsBySeed(outcomes, tier, arm) }));
  for (const { arm, seeds } of cells) {
    if (seeds.size > 0) continue;
    const failed = outcomes.missing.find((run) => run.tier === tier && run.arm === arm);
    const { label } = armNamed(arm);
    return failed === undefined
      ? `no run of ${label} on ${tier} in this sweep`
      : `${label} on ${tier} gave no result: ${failed.why}`;
  }
  const [{ seeds }, other] = cells;
  if ([...seeds.keys()].some((seed) => other.seeds.has(seed))) return null;
  return `no seed ran in both of ${armNamed(first).label} and ${armNamed(second).label} on ${tier}`;
}

function notesOnArms(
  outcomes: AblationOutcomes,
  arms: readonly ArmName[],
  tier: string,
  paper: PaperAblation,
): string[] {
  const missing = outcomes.missing
    .filter((run) => run.tier === tier && arms.includes(run.arm))
    .map(({ arm, seed, why }) => `${armNamed(arm).label} on ${tier}, seed ${seed}, is missing: ${why}`);
  const diverged = outcomes.finals
    .filter((row) => row.tier === tier && row.hasDiverged && arms.includes(row.arm))
    .map(({ arm, seed }) => `${armNamed(arm).label} on ${tier}, seed ${seed}, diverged and counts as accuracy 0`);
  const attainable = attainabilityNote(paper);
  return [
    ...missing,
    ...diverged,
    ...notesOn({ ...outcomes, missing: [] }, []), // tiers out of order
    ...maskNotes(outcomes, tier),
    ...(attainable === null ? [] : [attainable]),
  ];
}

function maskNotes({ masked, scale, tiers }: AblationOutcomes, weakestTier: string): string[] {
  const shares = tiers.flatMap((tier) => masked.filter((row) => row.tier === tier));
  const onWeakest = shares.find(({ tier }) => tier === weakestTier);
  if (onWeakest === undefined) return [];
  const list = shares.map(({ tier, mean }) => `${tier} ${inPoints(mean)} %`).join(", ");
  const fact = `the mask acts only where no two answers of a group agree; full CuMa dropped so, of all groups, ${list}`;
  if (onWeakest.mean >= LITTLE_WORK) return [fact];
  return [`${fact}; the ${scale} world gives the mask little work, so that it comes last says little`];
}
