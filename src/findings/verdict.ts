// Verdicts are computed from runs, never typed. A claim is judged in parts, each a number, mostly a difference in accuracy,
// with an interval over paired seeds, and a part's verdict depends on nothing but that interval. Written for a difference
// that the claim says is positive (for a negative one, all signs turn round):
//
//   reproduced            the estimate and the interval's lower end both lie beyond the bounds that the claim's rule names
//   not reproduced        the whole interval is below 0: the opposite holds
//   same direction        the estimate is positive, but not so clear or so large
//   inconclusive at this n  all else, and anything from fewer seeds than the rule asks for
//
// For a claim that two things are close, "reproduced" is an interval within the margin, "not reproduced" one wholly
// outside it, "same direction" an estimate within it, and the rest is inconclusive. For a claim that one thing is no worse
// than another, the same with the margin's lower side alone.
//
// How parts make a verdict is said where each rule stands (<finding>/verdicts.ts). Rules were fixed before any reported
// run, and the hash of a rule travels with its verdict. With three seeds a percentile bootstrap's 95 % interval is
// nothing but the range of the three; n stands beside every interval for that reason.

import type { Random } from "../core/random.ts";
import { pairedBootstrap } from "../stats/bootstrap.ts";
import { mean } from "../stats/summary.ts";
import type { Claim, Rule } from "./claim.ts";
import { ruleHash } from "./claim.ts";
import type { PaperDifference } from "./paper-numbers.ts";

export type VerdictKind = "reproduced" | "same direction" | "not reproduced" | "inconclusive at this n" | "not run";

export interface Interval {
  readonly estimate: number;
  /** null: too few seeds for an interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Paired seeds; of a rank correlation or a share, runs. */
  readonly n: number;
}

/** What a number counts: accuracy and shares 0-1, lengths in tokens, rank correlations -1 to 1. */
export type Unit =
  | "accuracy"
  | "tokens"
  | "rank correlation"
  | "share of seeds"
  | "share of responses"
  | "share of problems";

/** One number, mostly a difference, and what follows from it. */
export interface VerdictPart extends Interval {
  readonly label: string;
  /** Default "accuracy". */
  readonly unit?: Unit | undefined;
  readonly verdict: VerdictKind;
  readonly paper: readonly PaperDifference[];
}

/** A number that the claim's text does not turn on, but that a reader of the verdict wants. */
export interface SideMeasure extends Interval {
  readonly label: string;
  readonly unit: Unit;
}

export interface Verdict {
  readonly claim: string;
  readonly statement: string;
  readonly place: string;
  readonly scale: string;
  readonly verdict: VerdictKind;
  /** Why it was not run; null where it was. */
  readonly why: string | null;
  /** The part that decided. */
  readonly decidedBy: VerdictPart | null;
  readonly parts: readonly VerdictPart[];
  readonly sideMeasures: readonly SideMeasure[];
  /** What a reader must know of the data: missing or diverged seeds, tiers out of order. */
  readonly notes: readonly string[];
  readonly rule: string;
  readonly ruleHash: string;
}

/** Verdict on a claim from its parts; `verdict` and `decidedBy` are the rule's to choose. */
export function toVerdict(
  claim: Claim,
  outcome: Pick<Verdict, "scale" | "verdict" | "decidedBy" | "parts" | "sideMeasures" | "notes">,
): Verdict {
  return { ...identity(claim), why: null, ...outcome };
}

/** Verdict on a claim for which runs are missing. */
export function notRun(claim: Claim, scale: string, why: string, notes: readonly string[] = []): Verdict {
  const nothing = { decidedBy: null, parts: [], sideMeasures: [] };
  return { ...identity(claim), scale, verdict: "not run", why, notes, ...nothing };
}

function identity(claim: Claim): Pick<Verdict, "claim" | "statement" | "place" | "rule" | "ruleHash"> {
  const { id, statement, place, rule } = claim;
  return { claim: id, statement, place, rule: `${rule.name} ${rule.version}`, ruleHash: ruleHash(claim) };
}

/** Mean of paired differences with its bootstrap interval; without one below the rule's number of seeds. */
export function meanDifference(differences: readonly number[], rule: Rule, random: Random): Interval {
  const n = differences.length;
  if (n < rule.fewestSeeds) return { estimate: mean(differences), low: null, high: null, n };
  const options = { random, resamples: rule.resamples, level: rule.intervalLevel };
  return { ...pairedBootstrap(differences, options), n };
}

/** How far a difference must go to count: its estimate beyond one bound, its whole interval beyond the other. */
export interface Bounds {
  readonly estimateBeyond: number;
  readonly intervalBeyond: number;
}

/** What an interval says about a difference that should be positive ("greater") or negative ("less"). */
export function judgeDifference(interval: Interval, direction: Claim["direction"], bounds: Bounds): VerdictKind {
  if (interval.low === null || interval.high === null) return "inconclusive at this n";
  const isGreater = direction === "greater";
  const estimate = isGreater ? interval.estimate : -interval.estimate;
  const low = isGreater ? interval.low : -interval.high;
  const high = isGreater ? interval.high : -interval.low;
  if (estimate > bounds.estimateBeyond && low > bounds.intervalBeyond) return "reproduced";
  if (high < 0) return "not reproduced";
  return estimate > 0 ? "same direction" : "inconclusive at this n";
}

/** What an interval says about a difference that should lie within ± the margin. */
export function judgeCloseness({ estimate, low, high }: Interval, margin: number): VerdictKind {
  if (low === null || high === null) return "inconclusive at this n";
  if (low > -margin && high < margin) return "reproduced";
  if (high < -margin || low > margin) return "not reproduced";
  return estimate > -margin && estimate < margin ? "same direction" : "inconclusive at this n";
}

/** What an interval says about a difference that should not lie below -margin. */
export function judgeNoLess({ estimate, low, high }: Interval, margin: number): VerdictKind {
  if (low === null || high === null) return "inconclusive at this n";
  if (low > -margin) return "reproduced";
  if (high < -margin) return "not reproduced";
  return estimate > -margin ? "same direction" : "inconclusive at this n";
}

const FROM_WEAKEST: readonly VerdictKind[] = [
  "not run",
  "not reproduced",
  "inconclusive at this n",
  "same direction",
  "reproduced",
];

/**
 * The part with the weakest verdict, the first of several: what holds for all of the parts.
 * "not reproduced" is weaker than "inconclusive", for one counterexample settles a claim about all.
 */
export function weakestPart(parts: readonly [VerdictPart, ...VerdictPart[]]): VerdictPart {
  return parts.reduce((weakest, part) => (strength(part) < strength(weakest) ? part : weakest));
}

/** The part with the strongest verdict, the first of several: what holds for at least one of the parts. */
export function strongestPart(parts: readonly [VerdictPart, ...VerdictPart[]]): VerdictPart {
  return parts.reduce((strongest, part) => (strength(part) > strength(strongest) ? part : strongest));
}

function strength({ verdict }: VerdictPart): number {
  return FROM_WEAKEST.indexOf(verdict);
}
