// The one rule of claims about arms, arms-compared, fixed before any run that it judges; which numbers it looks at, and what
// is expected of them, is the claim's own data. A part is a sum of cells, each with its sign: the value at the end of
// training or its change from the base, of one column, seed by seed for the seeds that all cells have. Then
//   greater, less  reproduced: estimate beyond the smallest effect, interval beyond 0
//   no less        reproduced: interval above -margin
//   close          reproduced: interval within the margin
// in the words of ../verdict.ts. The claim is as good as its weakest part, and not run as long as a part has no runs. Beside
// it stand numbers without a say, and collapsed shares with Wilson's interval. The paper states no number for any of these
// claims: they are questions that it leaves open, and "reproduced" reads as "holds".

import { Random } from "../../core/random.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import { wilson } from "../../stats/wilson.ts";
import { ruleHash } from "../claim.ts";
import type { PaperDifference } from "../paper-numbers.ts";
import { inPoints } from "../points.ts";
import type { Interval, SideMeasure, Verdict, VerdictKind, VerdictPart } from "../verdict.ts";
import {
  judgeCloseness,
  judgeDifference,
  judgeNoLess,
  meanDifference,
  notRun,
  toVerdict,
  weakestPart,
} from "../verdict.ts";
import type { ArmPlace } from "./arm.ts";
import type { ArmCell, ArmsAnalysis } from "./arms-analysis.ts";
import { cellBySeed } from "./arms-analysis.ts";
import type { ArmsClaim, ArmsMeasure, ArmsPart } from "./arms-claims.ts";

/** A run that gave no result, as an arm of one comparison. */
export interface MissingArm extends ArmPlace {
  readonly tier: string;
  readonly seed: number;
  readonly why: string;
}

/** What the rule looks at. */
export interface ArmsOutcomes {
  readonly scale: string;
  readonly analysis: ArmsAnalysis;
  readonly missing: readonly MissingArm[];
  /** How an arm is called. */
  readonly labelOf: (place: ArmPlace) => string;
}

const UNKNOWN_IN_PAPER = 'no number of the paper answers this; at this scale "reproduced" reads as "holds"';

/** Verdict on one claim about arms. */
export function judgeArms(outcomes: ArmsOutcomes, claim: ArmsClaim): Verdict {
  const { scale } = outcomes;
  const { rule } = claim;
  const notes = [...notesOnCells(outcomes, claim), UNKNOWN_IN_PAPER];
  const why = rule.parts.map((part) => whyNotMeasured(outcomes, claim, part)).find((reason) => reason !== null);
  if (why !== undefined) return notRun(claim, scale, why, notes);
  const [first, ...others] = rule.parts;
  const judged = [toPart(outcomes, claim, first), ...others.map((part) => toPart(outcomes, claim, part))] as const;
  const decidedBy = weakestPart(judged);
  const beside = rule.beside.flatMap((measure) => toSideMeasure(outcomes, claim, measure));
  const collapses = rule.collapses.flatMap((cell) => collapsedShare(outcomes, cell));
  return toVerdict(claim, {
    scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts: judged,
    sideMeasures: [...beside, ...collapses],
    notes: [...notes, ...smallestNote(outcomes, claim)],
  });
}

function toPart(outcomes: ArmsOutcomes, claim: ArmsClaim, part: ArmsPart): VerdictPart {
  const interval = intervalOf(outcomes, claim, part);
  const { label, unit } = part;
  return { label, unit, ...interval, verdict: judge(interval, claim, part), paper: unknownIn(claim) };
}

function judge(interval: Interval, { rule }: ArmsClaim, part: ArmsPart): VerdictKind {
  if (part.expect === "close") return judgeCloseness(interval, rule.margin);
  if (part.expect === "no less") return judgeNoLess(interval, rule.margin);
  const estimateBeyond = part.smallestEffect ?? rule.smallestEffect;
  return judgeDifference(interval, part.expect, { estimateBeyond, intervalBeyond: 0 });
}

function unknownIn({ paperBenchmarks }: ArmsClaim): PaperDifference[] {
  return paperBenchmarks.map((benchmark) => ({ benchmark, difference: null, cells: [] }));
}

function toSideMeasure(outcomes: ArmsOutcomes, claim: ArmsClaim, measure: ArmsMeasure): SideMeasure[] {
  if (sumsBySeed(outcomes, claim, measure).length === 0) return [];
  const { label, unit = "accuracy" } = measure;
  return [{ label, unit, ...intervalOf(outcomes, claim, measure) }];
}

function intervalOf(outcomes: ArmsOutcomes, claim: ArmsClaim, measure: ArmsMeasure): Interval {
  const random = Random.fromSeed(ruleHash(claim)).fork(measure.label);
  return meanDifference(sumsBySeed(outcomes, claim, measure), claim.rule, random);
}

/** The sum of the measure's terms, for each seed that has them all. */
function sumsBySeed({ analysis }: ArmsOutcomes, claim: ArmsClaim, { terms, value, column }: ArmsMeasure): number[] {
  const cells = terms.map((term) => cellBySeed(analysis, term, column ?? claim.metric, value));
  return [...cells[0].keys()].flatMap((seed) => {
    let sum = 0;
    for (const [index, cell] of cells.entries()) {
      const one = cell.get(seed);
      if (one === undefined) return [];
      sum += terms[index].sign * one;
    }
    return [sum];
  });
}

function whyNotMeasured(outcomes: ArmsOutcomes, claim: ArmsClaim, measure: ArmsMeasure): string | null {
  const column = measure.column ?? claim.metric;
  for (const term of measure.terms) {
    const cell = `${outcomes.labelOf(term)} on ${term.tier}`;
    const hasRuns = outcomes.analysis.rows.some((row) => isIn(row, term));
    const failed = outcomes.missing.find((run) => isIn(run, term));
    if (!hasRuns)
      return failed === undefined ? `no run of ${cell} in this sweep` : `${cell} gave no result: ${failed.why}`;
    if (cellBySeed(outcomes.analysis, term, column, measure.value).size === 0)
      return `${cell} did not measure ${column}`;
  }
  if (sumsBySeed(outcomes, claim, measure).length > 0) return null;
  return `no seed ran in all cells of "${measure.label}"`;
}

/** What the seeds of each part can see, as one sentence. */
function smallestNote(outcomes: ArmsOutcomes, claim: ArmsClaim): string[] {
  const { fewestSeeds, intervalLevel, parts } = claim.rule;
  const sizes = parts.flatMap((part) => {
    const differences = sumsBySeed(outcomes, claim, part);
    if ((part.unit ?? "accuracy") !== "accuracy" || differences.length < fewestSeeds) return [];
    return [`${part.label} ${inPoints(smallestEffect(differences, { level: intervalLevel }))}`];
  });
  return sizes.length === 0
    ? []
    : [`the smallest differences that so many seeds can see with 80 % power, in points: ${sizes.join("; ")}`];
}

function collapsedShare({ analysis, labelOf }: ArmsOutcomes, cell: ArmCell): SideMeasure[] {
  const runs = analysis.rows.filter((row) => isIn(row, cell));
  if (runs.length === 0) return [];
  const collapsed = runs.filter(({ hasCollapsed, hasDiverged }) => hasCollapsed || hasDiverged).length;
  const { p, low, high } = wilson(collapsed, runs.length);
  const label = `${labelOf(cell)} on ${cell.tier}: collapsed seeds, ${collapsed} of ${runs.length}`;
  return [{ label, unit: "share of seeds", estimate: p, low, high, n: runs.length }];
}

function notesOnCells({ analysis, missing, labelOf }: ArmsOutcomes, { rule }: ArmsClaim): string[] {
  const cells = [...rule.parts, ...rule.beside].flatMap(({ terms }) => terms);
  const isConcerned = (place: ArmCell): boolean => cells.some((cell) => isIn(place, cell));
  const named = (run: ArmCell & { readonly seed: number }) => `${labelOf(run)} on ${run.tier}, seed ${run.seed}`;
  return [
    ...missing.filter(isConcerned).map((run) => `${named(run)}, is missing: ${run.why}`),
    ...analysis.rows
      .filter((row) => row.hasDiverged && isConcerned(row))
      .map((row) => `${named(row)}, diverged and counts as accuracy 0`),
  ];
}

function isIn(place: ArmCell, cell: ArmCell): boolean {
  return place.comparison === cell.comparison && place.tier === cell.tier && place.arm === cell.arm;
}
