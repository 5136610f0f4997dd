// The rule for claim 7, fixed before any reported run. Terms: final accuracy as in ../outcomes.ts, paired by seed; the drop
// without a component is full CuMa's final accuracy - that of the arm without it; bounds and tier come from the claim's
// file; the words are those of ../verdict.ts.
//
// Claim 7, importance-in-order. On the weakest tier, one part for each two neighbours in the claimed order: the drop
//   without the first - the drop without the second, in which full CuMa cancels: it is the arm without the second - the
//   arm without the first. Reproduced: estimate > smallest effect, interval above 0. The claim is as good as its weakest
//   part. Beside it: the drops themselves, for an order of drops says nothing of their signs.

import { Random } from "../../core/random.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import { ruleHash } from "../claim.ts";
import { notesOn, pairedDifferences } from "../outcomes.ts";
import { inPoints, signedPoints } from "../points.ts";
import type { MissingRun } from "../run-record.ts";
import type { SideMeasure, Verdict, VerdictPart } from "../verdict.ts";
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
  const { rule } = claim;
  const { scale } = outcomes;
  const [first, second, ...others] = rule.components;
  const otherPairs = others.map((less, index): Pair => ({ more: rule.components[index + 1], less }));
  const pairs: readonly [Pair, ...Pair[]] = [{ more: first, less: second }, ...otherPairs];
  const notes = notesOnArms(outcomes, ["cuma", ...rule.components.map(armWithout)], rule.weakestTier, paper);
  const why = pairs.map((pair) => whyNotComparable(outcomes, rule.weakestTier, pair)).find((reason) => reason !== null);
  if (why !== undefined) return [notRun(claim, scale, why, notes)];
  const toPart = (pair: Pair): VerdictPart => orderPart(outcomes, claim, paper, pair);
  const parts: [VerdictPart, ...VerdictPart[]] = [toPart(pairs[0]), ...pairs.slice(1).map(toPart)];
  const decidedBy = weakestPart(parts);
  const { verdict } = decidedBy;
  const smallest = pairs.flatMap((pair) => smallestNote(outcomes, claim, pair));
  const sideMeasures = rule.components.flatMap((component) => dropMeasure(outcomes, claim, paper, component));
  return [toVerdict(claim, { scale, verdict, decidedBy, parts, sideMeasures, notes: [...notes, ...smallest] })];
}

/** Neighbours in the claimed order of importance. */
interface Pair {
  readonly more: Component;
  readonly less: Component;
}

function orderPart(outcomes: AblationOutcomes, claim: OrderClaim, paper: PaperAblation, pair: Pair): VerdictPart {
  const { rule, direction } = claim;
  const label = partLabel(rule.weakestTier, pair);
  const random = Random.fromSeed(ruleHash(claim)).fork(label);
  const interval = meanDifference(dropDifferences(outcomes, rule.weakestTier, pair), rule, random);
  return {
    label,
    ...interval,
    verdict: judgeDifference(interval, direction, { estimateBeyond: rule.smallestEffect, intervalBeyond: 0 }),
    paper: [paperArmDifference(paper, armWithout(pair.less), armWithout(pair.more))],
  };
}

function partLabel(tier: string, { more, less }: Pair): string {
  return `${tier}: drop without ${COMPONENT_LABELS[more]} − drop without ${COMPONENT_LABELS[less]}`;
}

/** Drop without the first - drop without the second, by seed. */
function dropDifferences(outcomes: AblationOutcomes, tier: string, { more, less }: Pair): number[] {
  return pairedDifferences(
    finalsBySeed(outcomes, tier, armWithout(less)),
    finalsBySeed(outcomes, tier, armWithout(more)),
  );
}

function dropMeasure(
  outcomes: AblationOutcomes,
  claim: OrderClaim,
  paper: PaperAblation,
  component: Component,
): SideMeasure[] {
  const { rule } = claim;
  const arm = armWithout(component);
  const full = finalsBySeed(outcomes, rule.weakestTier, "cuma");
  const drops = pairedDifferences(full, finalsBySeed(outcomes, rule.weakestTier, arm));
  if (drops.length === 0) return [];
  const { benchmark, difference } = paperArmDifference(paper, "cuma", arm);
  const printed = difference === null ? "?" : signedPoints(difference);
  const label = `${rule.weakestTier}: drop without ${COMPONENT_LABELS[component]} (paper ${benchmark} ${printed})`;
  const random = Random.fromSeed(ruleHash(claim)).fork(label);
  return [{ label, unit: "accuracy", ...meanDifference(drops, rule, random) }];
}

function smallestNote(outcomes: AblationOutcomes, { rule }: OrderClaim, pair: Pair): string[] {
  const differences = dropDifferences(outcomes, rule.weakestTier, pair);
  if (differences.length < rule.fewestSeeds) return [];
  const size = inPoints(smallestEffect(differences, { level: rule.intervalLevel }));
  const label = partLabel(rule.weakestTier, pair);
  return [`${label}: the smallest that n ${differences.length} can see with 80 % power is ${size} points`];
}

function finalsBySeed({ finals }: AblationOutcomes, tier: string, arm: ArmName): ReadonlyMap<number, number> {
  const rows = finals.filter((row) => row.tier === tier && row.arm === arm);
  return new Map(rows.map((row): [number, number] => [row.seed, row.final]).sort(([a], [b]) => a - b));
}

function whyNotComparable(outcomes: AblationOutcomes, tier: string, { more, less }: Pair): string | null {
  const cells = [more, less].map((component) => {
    const arm = armWithout(component);
    return { arm, label: armNamed(arm).label, seeds: finalsBySeed(outcomes, tier, arm) };
  });
  for (const { arm, label, seeds } of cells) {
    if (seeds.size > 0) continue;
    const failed = outcomes.missing.find((run) => run.tier === tier && run.arm === arm);
    if (failed === undefined) return `no run of ${label} on ${tier} in this sweep`;
    return `${label} on ${tier} gave no result: ${failed.why}`;
  }
  const [first, second] = cells;
  if ([...first.seeds.keys()].some((seed) => second.seeds.has(seed))) return null;
  return `no seed ran in both of ${first.label} and ${second.label} on ${tier}`;
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

function maskNotes({ masked, tiers }: AblationOutcomes, weakestTier: string): string[] {
  const shares = tiers.flatMap((tier) => masked.filter((row) => row.tier === tier));
  const onWeakest = shares.find(({ tier }) => tier === weakestTier);
  if (onWeakest === undefined) return [];
  const list = shares.map(({ tier, mean }) => `${inPoints(mean)} % on ${tier}`).join(", ");
  const fact = `the mask acts only where no two answers of a group agree; share of full CuMa's groups that it dropped: ${list}`;
  if (onWeakest.mean >= LITTLE_WORK) return [fact];
  return [`${fact}; this world gives the mask little work, and its place in the order says little`];
}
