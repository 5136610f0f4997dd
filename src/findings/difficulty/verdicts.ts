// The rule for claim 4, easy-data-succeeds-hard-data-fails, fixed before any reported run. Terms as in analysis.ts; method,
// tier and bounds come from the claim's file; the words are those of ../verdict.ts.
//
// "Decides success" says two things, and the paper's figure shows both for its weakest model: accuracy falls as harder
// problems are added, and it crosses the base's on the way, above it after levels 1-2 and below it after levels 1-5. So
// there are three parts, all on the weakest tier and with TTRL, paired by seed:
//   fall     final accuracy after levels 1-2 - after levels 1-5, should be positive
//   success  gain after levels 1-2, should be positive
//   failure  gain after levels 1-5, should be negative
// Each part is reproduced if its estimate is beyond the smallest effect and its whole interval on that side of 0. The claim
// stands or falls with the fall; without success and failure it is no better than "same direction", for then difficulty
// matters but does not decide.
//
// Not part of the rule: the stronger tiers, of which the paper's figure says nothing (claim 1 says that ability protects
// them), and GRPO with labels on the same sets, since the claim does not say why harder data fails. Beside the verdict stand
// the fall minus that of GRPO, paired by seed, and rank correlations of hardest level and final accuracy over all runs of a
// cell, seeds resampled within each level set. Each set's runs share a rank, so a correlation cannot reach -1: with four
// sets of five seeds it ends at -0.97.

import { Random } from "../../core/random.ts";
import { stratifiedBootstrap } from "../../stats/bootstrap.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import { spearman } from "../../stats/spearman.ts";
import { ruleHash } from "../claim.ts";
import { METHOD_NAMES } from "../method-names.ts";
import { notesOn, pairedDifferences } from "../outcomes.ts";
import type { PaperDifference, PaperNumbers } from "../paper-numbers.ts";
import { loadPaperNumbers, paperCell } from "../paper-numbers.ts";
import { inPoints } from "../points.ts";
import type { MissingRun } from "../run-record.ts";
import type { SideMeasure, Verdict, VerdictPart } from "../verdict.ts";
import { judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { DifficultyCell, DifficultyRow } from "./analysis.ts";
import { fallsBySeed, valuesBySeed } from "./analysis.ts";
import type { DifficultyClaim } from "./claims.ts";
import { loadDifficultyClaim } from "./claims.ts";
import { HARDEST_LEVELS, levelSetName } from "./level-sets.ts";
import type { PaperCurves } from "./paper-curves.ts";
import { loadPaperCurves } from "./paper-curves.ts";

export interface MissingDifficultyRun extends MissingRun {
  readonly hardestLevel: number;
}

/** What the rule looks at: how every run of a sweep ended. */
export interface DifficultyOutcomes {
  readonly scale: string;
  /** Tiers of the sweep, weakest first. */
  readonly tiers: readonly string[];
  readonly finals: readonly DifficultyRow[];
  readonly missing: readonly MissingDifficultyRun[];
}

/** Verdict on claim 4. */
export function judgeDifficulty(
  { finals, ...others }: DifficultyOutcomes,
  claim: DifficultyClaim = loadDifficultyClaim(),
  paper: PaperNumbers = loadPaperNumbers(),
  curves: PaperCurves = loadPaperCurves(),
): Verdict {
  const outcomes = { ...others, finals: finals.filter(({ column }) => column === claim.metric) };
  const { method, labelledMethod, weakestTier: tier, smallestEffect } = claim.rule;
  const easy = { tier, method, hardestLevel: claim.rule.easiest };
  const hard = { tier, method, hardestLevel: claim.rule.hardest };
  const notes = notesOnRuns(outcomes);
  const why = whyNotComparable(outcomes, [easy, hard]);
  if (why !== null) return notRun(claim, outcomes.scale, why, notes);

  const toPart = (
    label: string,
    differences: readonly number[],
    direction: DifficultyClaim["direction"],
    terms: readonly [CurveTerm, CurveTerm],
  ): VerdictPart => {
    const interval = meanDifference(differences, claim.rule, randomFor(claim, label));
    const verdict = judgeDifference(interval, direction, { estimateBeyond: smallestEffect, intervalBeyond: 0 });
    return { label, ...interval, verdict, paper: curveDifferences(paper, curves, claim, terms) };
  };
  const finalsOf = (cell: DifficultyCell) => valuesBySeed(outcomes.finals, cell, "final");
  const gainsOf = (cell: DifficultyCell) => [...valuesBySeed(outcomes.finals, cell, "gain").values()];
  const fall = toPart(
    `${METHOD_NAMES[method]} on ${tier}: final after levels ${nameOf(easy)} − after levels ${nameOf(hard)}`,
    pairedDifferences(finalsOf(easy), finalsOf(hard)),
    claim.direction,
    [easy.hardestLevel, hard.hardestLevel],
  );
  const success = toPart(
    `${METHOD_NAMES[method]} on ${tier}, levels ${nameOf(easy)}: final − base, success if positive`,
    gainsOf(easy),
    claim.direction,
    [easy.hardestLevel, "base"],
  );
  const failure = toPart(
    `${METHOD_NAMES[method]} on ${tier}, levels ${nameOf(hard)}: final − base, failure if negative`,
    gainsOf(hard),
    claim.direction === "greater" ? "less" : "greater",
    [hard.hardestLevel, "base"],
  );
  const weakerHalf = weakestPart([success, failure]);
  const isHalf = fall.verdict === "reproduced" && weakerHalf.verdict !== "reproduced";
  const trends = [...outcomes.tiers.map((each) => ({ tier: each, method })), { tier, method: labelledMethod }].flatMap(
    (cell) => trendOf(outcomes, claim, cell),
  );
  return toVerdict(claim, {
    scale: outcomes.scale,
    verdict: isHalf ? "same direction" : fall.verdict,
    decidedBy: isHalf ? weakerHalf : fall,
    parts: [fall, success, failure],
    sideMeasures: [...controlOf(outcomes, claim), ...trends],
    notes: [...notes, ...smallestNote(claim, pairedDifferences(finalsOf(easy), finalsOf(hard)), fall.label)],
  });
}

/** A point of the paper's curve by its hardest level, or the base model of the same size. */
type CurveTerm = number | "base";

/** First minus second in the paper, for each benchmark; unknown as soon as one of the two is not known as a number. */
function curveDifferences(
  paper: PaperNumbers,
  { size, curves }: PaperCurves,
  { paperBenchmarks, rule }: DifficultyClaim,
  terms: readonly [CurveTerm, CurveTerm],
): PaperDifference[] {
  return paperBenchmarks.map((benchmark) => {
    const curve = curves.find((candidate) => candidate.benchmark === benchmark)?.byHardestLevel;
    const cells = terms.map((term) => {
      if (term === "base") return { size, method: "base", printed: paperCell(paper, size, "base", benchmark) };
      return { size, method: `${rule.method}, levels ${levelSetName(term)}`, printed: curve?.[String(term)] ?? null };
    });
    // the main table is in %, the figure in shares
    const [first, second] = cells.map(({ printed, method }) => {
      return printed === null ? Number.NaN : Number(printed) / (method === "base" ? 100 : 1);
    });
    const difference = Math.round((first - second) * 1e4) / 1e4;
    return { benchmark, difference: Number.isNaN(difference) ? null : difference, cells };
  });
}

/** What of the fall labels would prevent: the fall of the method minus that of the control, by seed. */
function controlOf({ finals }: DifficultyOutcomes, claim: DifficultyClaim): SideMeasure[] {
  const { method, labelledMethod, weakestTier: tier, easiest, hardest } = claim.rule;
  const [falls, labelledFalls] = [method, labelledMethod].map((each) =>
    fallsBySeed(finals, { tier, method: each }, { easiest, hardest }),
  );
  const differences = pairedDifferences(falls, labelledFalls);
  if (differences.length === 0) return [];
  const label = `fall of ${METHOD_NAMES[method]} − fall of ${METHOD_NAMES[labelledMethod]} with labels on ${tier}, in points`;
  const interval = meanDifference(differences, claim.rule, randomFor(claim, "control"));
  return [{ label, unit: "accuracy", ...interval }];
}

function trendOf(
  { finals }: DifficultyOutcomes,
  claim: DifficultyClaim,
  { tier, method }: Omit<DifficultyCell, "hardestLevel">,
): SideMeasure[] {
  const runs = finals.filter((row) => row.tier === tier && row.method === method);
  const strata = HARDEST_LEVELS.map((level) =>
    runs.flatMap(({ hardestLevel }, index) => (hardestLevel === level ? [index] : [])),
  ).filter((indices) => indices.length > 0);
  if (strata.length < 2) return [];
  const correlate = (indices: readonly (readonly number[])[]): number => {
    const chosen = indices.flat().map((index) => runs[index]);
    const rho = spearman(
      chosen.map(({ hardestLevel }) => hardestLevel),
      chosen.map(({ final }) => final),
    );
    return Number.isNaN(rho) ? 0 : rho; // equal accuracy everywhere: difficulty orders nothing
  };
  const about = {
    label: `${METHOD_NAMES[method]} on ${tier}: rank correlation of hardest level and final accuracy`,
    unit: "rank correlation",
    n: runs.length,
  } as const;
  if (strata.some((indices) => indices.length < claim.rule.fewestSeeds)) {
    return [{ ...about, estimate: correlate(strata), low: null, high: null }];
  }
  const random = randomFor(claim, `trend/${tier}/${method}`);
  const options = { random, resamples: claim.rule.resamples, level: claim.rule.intervalLevel };
  return [{ ...about, ...stratifiedBootstrap(strata, correlate, options) }];
}

function smallestNote({ rule }: DifficultyClaim, differences: readonly number[], label: string): string[] {
  if (differences.length < rule.fewestSeeds) return [];
  const size = inPoints(smallestEffect(differences, { level: rule.intervalLevel }));
  return [`${label}: the smallest that n ${differences.length} can see with 80 % power is ${size} points`];
}

function whyNotComparable({ finals, missing }: DifficultyOutcomes, cells: readonly DifficultyCell[]): string | null {
  const seeds = cells.map((cell) => valuesBySeed(finals, cell, "final"));
  for (const [index, { tier, method, hardestLevel }] of cells.entries()) {
    if (seeds[index].size > 0) continue;
    const where = `${method} on ${tier}, levels ${levelSetName(hardestLevel)}`;
    const failed = missing.find(
      (run) => run.tier === tier && run.method === method && run.hardestLevel === hardestLevel,
    );
    return failed === undefined ? `no run of ${where} in this sweep` : `${where} gave no result: ${failed.why}`;
  }
  if ([...seeds[0].keys()].some((seed) => seeds.every((others) => others.has(seed)))) return null;
  return `no seed ran in all of ${cells.map((cell) => `levels ${nameOf(cell)}`).join(", ")}`;
}

/** Runs that are missing or diverged, and tiers out of order. */
function notesOnRuns(outcomes: DifficultyOutcomes): string[] {
  const nameRun = ({ method, tier, seed, hardestLevel }: DifficultyRow | MissingDifficultyRun) =>
    `${method} on ${tier}, levels ${levelSetName(hardestLevel)}, seed ${seed}`;
  const missing = outcomes.missing.map((run) => `${nameRun(run)}, is missing: ${run.why}`);
  const diverged = outcomes.finals
    .filter(({ hasDiverged }) => hasDiverged)
    .map((row) => `${nameRun(row)}, diverged and counts as accuracy 0`);
  return [...missing, ...diverged, ...notesOn(outcomes, [])];
}

function nameOf({ hardestLevel }: DifficultyCell): string {
  return levelSetName(hardestLevel);
}

function randomFor(claim: DifficultyClaim, label: string): Random {
  return Random.fromSeed(ruleHash(claim)).fork(label);
}
