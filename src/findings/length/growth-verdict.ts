// Claim 3 by the rule length-grows-with-ability; the rule stands in verdicts.ts.
import { smallestEffect as smallestSeen } from "../../stats/smallest-effect.ts";
import { MICRO_WORLD } from "../../tasks/micro/world.ts";
import { METHOD_NAMES } from "../method-names.ts";
import type { Cell } from "../outcomes.ts";
import { notesOn, pairedDifferences } from "../outcomes.ts";
import type { SideMeasure, Verdict, VerdictPart } from "../verdict.ts";
import { judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { LengthClaims } from "./claims.ts";
import type { LengthOutcomes } from "./outcomes.ts";
import { firstReason, paperSilent, randomFor, runsOf } from "./outcomes.ts";
import { describePaperLengths } from "./paper-lengths.ts";

/** Whether responses grow more on the strongest tier than on the weakest. */
export function judgeGrowth(outcomes: LengthOutcomes, claim: LengthClaims["growth"]): Verdict {
  const { methods, weakestTier, strongestTier, smallestEffect } = claim.rule;
  const pairs = methods.map((method) => [
    { tier: strongestTier, method },
    { tier: weakestTier, method },
  ]);
  const why = firstReason(outcomes, pairs);
  if (why !== null) return notRun(claim, outcomes.scale, why);
  const differencesOf = (method: Cell["method"]): number[] =>
    pairedDifferences(
      growthBySeed(outcomes, { tier: strongestTier, method }),
      growthBySeed(outcomes, { tier: weakestTier, method }),
    );
  const toPart = (method: Cell["method"]): VerdictPart => {
    const label = `${METHOD_NAMES[method]}: growth on ${strongestTier} − growth on ${weakestTier}`;
    const interval = meanDifference(differencesOf(method), claim.rule, randomFor(claim, label));
    const bounds = { estimateBeyond: smallestEffect, intervalBeyond: 0 };
    const verdict = judgeDifference(interval, claim.direction, bounds);
    return { label, unit: "tokens", ...interval, verdict, paper: paperSilent(claim) };
  };
  const [first, ...others] = methods;
  const parts: [VerdictPart, ...VerdictPart[]] = [toPart(first), ...others.map(toPart)];
  const decidedBy = weakestPart(parts);
  return toVerdict(claim, {
    scale: outcomes.scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts,
    sideMeasures: methods.flatMap((method) => [
      ...[weakestTier, strongestTier].flatMap((tier) => besideGrowth(outcomes, claim, { tier, method })),
      ...reflectionGap(outcomes, claim, method),
    ]),
    notes: [
      ...notesOn(outcomes, methods),
      ...methods.flatMap((method) => seenBy(method, differencesOf(method), claim)),
      ...scopeOfGrowth(outcomes, claim),
    ],
  });
}

/** The smallest effect that this n can see, in words; nothing where there are too few seeds to conclude anything. */
function seenBy(method: Cell["method"], differences: readonly number[], { rule }: LengthClaims["growth"]): string[] {
  if (differences.length < rule.fewestSeeds) return [];
  const size = smallestSeen(differences, { level: rule.intervalLevel }).toFixed(1);
  return [
    `${METHOD_NAMES[method]}: the smallest that n ${differences.length} can see with 80\u00a0% power is ${size} tokens`,
  ];
}

/** What a cell's growth was, and the share of its rollouts that reflect where that is recorded. */
function besideGrowth(outcomes: LengthOutcomes, claim: LengthClaims["growth"], cell: Cell): SideMeasure[] {
  const name = `${METHOD_NAMES[cell.method]} on ${cell.tier}`;
  const measure = (what: string, unit: SideMeasure["unit"], values: readonly number[]): SideMeasure => {
    const label = `${name}: ${what}`;
    return { label, unit, ...meanDifference(values, claim.rule, randomFor(claim, label)) };
  };
  const runs = runsOf(outcomes, cell);
  const growth = measure(
    "growth in length",
    "tokens",
    runs.map((run) => run.growth),
  );
  const reflections = runs.flatMap(({ reflection }) => (reflection === null ? [] : [reflection]));
  if (reflections.length < runs.length) return [growth];
  return [growth, measure("responses with a reflection-like step at the end", "share of responses", reflections)];
}

/** How much more of the strongest tier's responses reflect than of the weakest's, by seed, where it is recorded. */
function reflectionGap(outcomes: LengthOutcomes, claim: LengthClaims["growth"], method: Cell["method"]): SideMeasure[] {
  const { weakestTier, strongestTier } = claim.rule;
  const [strong, weak] = [strongestTier, weakestTier].map((tier) => {
    const runs = runsOf(outcomes, { tier, method });
    const known = runs.flatMap(({ seed, reflection }): [number, number][] =>
      reflection === null ? [] : [[seed, reflection]],
    );
    return new Map(known.sort(([a], [b]) => a - b));
  });
  const differences = pairedDifferences(strong, weak);
  if (differences.length === 0) return [];
  const label = `${METHOD_NAMES[method]}: reflecting responses at the end on ${strongestTier} − on ${weakestTier}`;
  const interval = meanDifference(differences, claim.rule, randomFor(claim, label));
  return [{ label, unit: "share of responses", ...interval }];
}

/** Which part of the claim the verdict does not speak about. */
function scopeOfGrowth({ finals }: LengthOutcomes, { rule }: LengthClaims["growth"]): string[] {
  const compared = finals.filter(({ method }) => rule.methods.some((named) => named === method));
  const missing = compared.filter(({ reflection }) => reflection === null).length;
  const inWorld =
    MICRO_WORLD.styleShares.checked > 0
      ? "the micro world's corpus holds solutions that check their result, so reflection in that form is there for training to select"
      : "the micro world's corpus holds no solution that checks its result, so there is no reflection here for training to select (the finding worlds has bases whose corpus does)";
  const inRuns =
    missing === 0
      ? "the share of reflection-like steps stands beside the rule and does not enter it"
      : `reflection-like steps were not recorded in ${missing === compared.length ? "these" : `${missing} of these`} runs`;
  return [
    `this judges the length of responses only, neither their diversity nor whether they reflect; ${inWorld}; ${inRuns}`,
    describePaperLengths(),
  ];
}

function growthBySeed(outcomes: LengthOutcomes, cell: Cell): ReadonlyMap<number, number> {
  const rows = runsOf(outcomes, cell).map((run): [number, number] => [run.seed, run.growth]);
  return new Map(rows.sort(([a], [b]) => a - b));
}
