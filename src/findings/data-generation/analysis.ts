// From generated sets to the tables behind figures and verdicts. The unit is a draw: other examples and other samples of
// the same generator. Means are over draws with 95 % bootstrap intervals over draws, so they speak about this generator.
import { spearman } from "../../stats/spearman.ts";
import { mean } from "../../stats/summary.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds } from "../seed-means.ts";
import type { GeneratedProblems, GeneratedProblemsRequest, MeasuredSet } from "./make-generated-problems.ts";
import type { ArmName } from "./problem-sets.ts";
import { readProblems } from "./read-problems.ts";
import { type Measure, setQuality } from "./set-quality.ts";

/** One measure of one set. */
export interface QualityValue {
  readonly arm: ArmName;
  readonly draw: number;
  readonly level: number;
  readonly measure: Measure;
  readonly value: number;
}

export interface QualityMean extends SeedMean {
  readonly arm: ArmName;
  readonly level: number;
  readonly measure: Measure;
}

export interface FailureMean extends SeedMean {
  readonly arm: ArmName;
  readonly tier: string;
  readonly level: number;
}

/** Rank correlation of level asked and failure rate over the answered problems of a draw. */
export interface DrawCorrelation {
  readonly arm: ArmName;
  readonly tier: string;
  readonly draw: number;
  readonly correlation: number;
}

/** Of the problems asked at a level, the share whose level by rule is another or none. */
export interface LevelShare {
  readonly arm: ArmName;
  readonly asked: number;
  readonly byRule: number | "no level" | "unreadable";
  readonly share: number;
}

export interface DataGenerationAnalysis {
  readonly request: GeneratedProblemsRequest;
  readonly generatorLoss: number;
  readonly quality: readonly QualityValue[];
  readonly qualityMeans: readonly QualityMean[];
  readonly failureMeans: readonly FailureMean[];
  readonly correlations: readonly DrawCorrelation[];
  readonly levels: readonly LevelShare[];
}

const BY_RULE = [1, 2, 3, 4, 5, "no level", "unreadable"] as const;

/** Tables of the generated sets. */
export function analyseGeneration({ request, generatorLoss, sets }: GeneratedProblems): DataGenerationAnalysis {
  const { problemsPerCall } = request.generator.corpus;
  const quality = sets.flatMap((set) => {
    const values = Object.entries(setQuality(set, problemsPerCall)) as [Measure, number | null][];
    const { arm, draw, level } = set;
    return values.flatMap(([measure, value]) => (value === null ? [] : [{ arm, draw, level, measure, value }]));
  });
  const failures = sets.flatMap(({ arm, draw, level, failures: byTier }) =>
    Object.entries(byTier).flatMap(([tier, counts]) =>
      counts.length === 0 ? [] : [{ arm, tier, level, draw, rate: mean(counts) / request.samples }],
    ),
  );
  return {
    request,
    generatorLoss,
    quality,
    qualityMeans: meansOverSeeds("data-generation", quality, ["measure", "arm", "level"], "value"),
    failureMeans: meansOverSeeds("data-generation", failures, ["arm", "tier", "level"], "rate"),
    correlations: correlationsOf(sets, request),
    levels: levelShares(sets, problemsPerCall),
  };
}

/** A draw whose problems all fail alike orders nothing and counts as 0. */
function correlationsOf(sets: readonly MeasuredSet[], { bases }: GeneratedProblemsRequest): DrawCorrelation[] {
  const draws = new Map<string, MeasuredSet[]>();
  for (const set of sets) {
    const name = `${set.arm}/${set.draw}`;
    draws.set(name, [...(draws.get(name) ?? []), set]);
  }
  return bases.tiers.flatMap((tier) =>
    [...draws.values()].flatMap((ofDraw) => {
      const [{ arm, draw }] = ofDraw;
      const pairs = ofDraw.flatMap(({ level, failures }) => (failures[tier] ?? []).map((count) => [level, count]));
      if (pairs.length < 2) return [];
      const correlation = spearman(
        pairs.map(([level]) => level),
        pairs.map(([, count]) => count),
      );
      return [{ arm, tier, draw, correlation: Number.isNaN(correlation) ? 0 : correlation }];
    }),
  );
}

function levelShares(sets: readonly MeasuredSet[], problemsPerCall: number): LevelShare[] {
  const cells = new Map<string, MeasuredSet[]>();
  for (const set of sets) {
    const name = `${set.arm}/${set.level}`;
    cells.set(name, [...(cells.get(name) ?? []), set]);
  }
  return [...cells.values()].flatMap((ofCell) => {
    const [{ arm, level: asked }] = ofCell;
    const calls = ofCell.flatMap((set) => set.calls);
    const total = calls.length * problemsPerCall;
    const problems = calls.flatMap(({ text }) => readProblems(text));
    return BY_RULE.map((byRule) => {
      const count =
        byRule === "unreadable"
          ? total - problems.length
          : problems.filter(({ level }) => (level ?? "no level") === byRule).length;
      return { arm, asked, byRule, share: count / total };
    });
  });
}
