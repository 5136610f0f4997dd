// The rule for claim 8, fixed before any run of this finding was looked at. The main table carries three claims that the
// finding collapse judges (1, 2 and 6); what only the table shows is that training on mathematics moves other benchmarks.
//
// Claim 8, improves-on-untrained-forms. RL trains on sums alone. One part for each benchmark whose problems have another
//   form (stories, choices, programs): CuMa - base on the strongest tier, paired by seed and item. Reproduced: the
//   interval, from seeds and items resampled, lies above 0. The claim speaks of benchmarks in general, so it is as good
//   as the second strongest of its three parts: what holds for at least two of them. One of these two is then a choice or
//   a program, which stand where the paper's table leaves mathematics.
//   Beside it: the two benchmarks of the trained form, which say nothing about transfer. A note tells where the final
//   accuracy on choices is not above chance: a gain up to chance is one of form.

import { Random } from "../../core/random.ts";
import { pairedTwoLevelBootstrap } from "../../stats/two-level-bootstrap.ts";
import { mean } from "../../stats/summary.ts";
import { ruleHash } from "../claim.ts";
import { METHOD_NAMES } from "../method-names.ts";
import type { Outcomes } from "../outcomes.ts";
import { notesOn, whyNotComparable } from "../outcomes.ts";
import type { PaperNumbers } from "../paper-numbers.ts";
import { loadPaperNumbers, paperDifferences } from "../paper-numbers.ts";
import { inPoints } from "../points.ts";
import type { Interval, SideMeasure, Verdict, VerdictPart } from "../verdict.ts";
import { judgeDifference, notRun, strongestPart, toVerdict } from "../verdict.ts";
import type { BenchmarkSet } from "./benchmarks.ts";
import { BENCHMARK_SETS, benchmarkOf } from "./benchmarks.ts";
import type { TransferClaim } from "./claims.ts";
import { loadTransferClaim } from "./claims.ts";
import type { ScoreRow } from "./scores.ts";
import { pairedScores, scoresBySeed } from "./scores.ts";

export interface MainTableOutcomes extends Outcomes {
  readonly scores: readonly ScoreRow[];
}

/** Verdict on claim 8. */
export function judgeTransfer(
  outcomes: MainTableOutcomes,
  claim: TransferClaim = loadTransferClaim(),
  paper: PaperNumbers = loadPaperNumbers(),
): Verdict {
  const { method, tier, benchmarks, fewestBenchmarks } = claim.rule;
  const why = whyNotComparable(outcomes, [{ tier, method }]);
  if (why !== null) return notRun(claim, outcomes.scale, why);
  const parts = mapNonEmpty(benchmarks, (set): VerdictPart => {
    const interval = gainOn(outcomes, claim, set);
    const bounds = { estimateBeyond: claim.rule.smallestEffect, intervalBeyond: 0 };
    const terms = [
      { sign: 1, tier, method },
      { sign: -1, tier, method: "base" },
    ] as const;
    return {
      label: gainLabel(claim, set),
      ...interval,
      verdict: judgeDifference(interval, claim.direction, bounds),
      paper: paperDifferences(paper, [benchmarkOf(set).paper], terms),
    };
  });
  const others = BENCHMARK_SETS.filter((set) => !benchmarks.includes(set));
  const decidedBy = nthStrongest(parts, fewestBenchmarks);
  return toVerdict(claim, {
    scale: outcomes.scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts,
    sideMeasures: others.map((set): SideMeasure => {
      return { label: gainLabel(claim, set), unit: "accuracy", ...gainOn(outcomes, claim, set) };
    }),
    notes: [...benchmarks.flatMap((set) => chanceNote(outcomes, claim, set)), ...notesOn(outcomes, [method])],
  });
}

function gainLabel({ rule: { method, tier } }: TransferClaim, set: BenchmarkSet): string {
  const { label, form } = benchmarkOf(set);
  return `${METHOD_NAMES[method]} on ${tier}, ${label} (${form}): final − base`;
}

function gainOn({ scores }: MainTableOutcomes, claim: TransferClaim, set: BenchmarkSet): Interval {
  const { method, tier, fewestSeeds, resamples, intervalLevel: level } = claim.rule;
  const pairs = pairedScores(scores, { tier, method }, { tier, method: "base" }, set).map((pair) => {
    return { first: pair.first.items, second: pair.second.items };
  });
  const n = pairs.length;
  if (n < fewestSeeds) {
    const estimate = mean(pairs.map(({ first, second }) => mean(first) - mean(second)));
    return { estimate, low: null, high: null, n };
  }
  const random = Random.fromSeed(ruleHash(claim)).fork(set);
  return { ...pairedTwoLevelBootstrap(pairs, { random, resamples, level }), n };
}

function chanceNote({ scores }: MainTableOutcomes, { rule }: TransferClaim, set: BenchmarkSet): string[] {
  const { method, tier } = rule;
  const { label, chance } = benchmarkOf(set);
  if (chance === null) return [];
  const final = mean([...scoresBySeed(scores, { tier, method }, set).values()].map(({ accuracy }) => accuracy));
  if (final > chance) return [];
  return [
    `${METHOD_NAMES[method]} on ${tier} ends at ${inPoints(final)} % on ${label}, not above chance (${chance * 100} %)`,
  ];
}

/** The weakest of the `n` strongest parts: what holds for at least `n` of them. */
function nthStrongest(parts: readonly [VerdictPart, ...VerdictPart[]], n: number): VerdictPart {
  const strongest = strongestPart(parts);
  const [first, ...rest] = parts.filter((part) => part !== strongest);
  return n <= 1 || first === undefined ? strongest : nthStrongest([first, ...rest], n - 1);
}

function mapNonEmpty<T, U>(items: readonly [T, ...T[]], map: (item: T) => U): [U, ...U[]] {
  const [first, ...rest] = items;
  return [map(first), ...rest.map(map)];
}
