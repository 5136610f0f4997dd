// Claim 29: on every tier the rank correlation of level asked and failure rate is beyond the smallest effect, its interval
// above 0; the weakest part decides. Claim 30: the share of duplicates, mean over levels, refreshed minus fixed, paired by
// draw. Both follow in part from the generator's corpus (generator-corpus.ts), whose documents keep mostly to their level
// and sometimes copy their examples; what is judged is how much of that a trained model shows.
import { Random } from "../../core/random.ts";
import { mean } from "../../stats/summary.ts";
import type { Claim } from "../claim.ts";
import { ruleHash } from "../claim.ts";
import type { SideMeasure, Verdict, VerdictPart } from "../verdict.ts";
import { judgeDifference, meanDifference, notRun, toVerdict, weakestPart } from "../verdict.ts";
import type { DataGenerationAnalysis } from "./analysis.ts";
import { ARM_LABELS } from "./arm-labels.ts";
import { type DataGenerationClaims, loadDataGenerationClaims } from "./claims.ts";
import { ARMS, type ArmName } from "./problem-sets.ts";
import type { Measure } from "./set-quality.ts";

const UNIT_NOTE = "n counts draws: other examples and samples of one generator, answered by the base seeds in turn";

/** Verdicts on claims 29 and 30. */
export function judgeGeneration(
  analysis: DataGenerationAnalysis,
  scale: string,
  claims: DataGenerationClaims = loadDataGenerationClaims(),
): Verdict[] {
  return [judgeDifficulty(analysis, scale, claims.difficulty), judgeRefresh(analysis, scale, claims.refresh)];
}

function judgeDifficulty(
  analysis: DataGenerationAnalysis,
  scale: string,
  claim: DataGenerationClaims["difficulty"],
): Verdict {
  const { arm, tiers, smallestEffect } = claim.rule;
  const measure = (tier: string, of: ArmName): SideMeasure | null => {
    const rows = analysis.correlations.filter((row) => row.tier === tier && row.arm === of);
    if (rows.length === 0) return null;
    const label = `${tier}, ${ARM_LABELS[of]}: level asked and failure rate`;
    const values = rows.map(({ correlation }) => correlation);
    return { label, unit: "rank correlation", ...meanDifference(values, claim.rule, randomFor(claim, label)) };
  };
  const bounds = { estimateBeyond: smallestEffect, intervalBeyond: 0 };
  const [first, ...others] = tiers.flatMap((tier): VerdictPart[] => {
    const measured = measure(tier, arm);
    if (measured === null) return [];
    const verdict = judgeDifference(measured, claim.direction, bounds);
    return [{ ...measured, verdict, paper: paperSilent(claim) }];
  });
  if (first === undefined) return notRun(claim, scale, "no base checkpoint has answered a generated problem");
  const parts = [first, ...others] as const;
  const decidedBy = weakestPart([...parts]);
  return toVerdict(claim, {
    scale,
    verdict: decidedBy.verdict,
    decidedBy,
    parts,
    sideMeasures: tiers.flatMap((tier) => ARMS.filter((of) => of !== arm).flatMap((of) => measure(tier, of) ?? [])),
    notes: [UNIT_NOTE],
  });
}

function judgeRefresh(
  analysis: DataGenerationAnalysis,
  scale: string,
  claim: DataGenerationClaims["refresh"],
): Verdict {
  const { first, second, smallestEffect } = claim.rule;
  const differenceIn = (measure: Measure, what: string, [a, b] = [first, second]): SideMeasure | null => {
    const values = drawDifferences(analysis, measure, [a, b]);
    if (values.length === 0) return null;
    const label = `${what}, ${ARM_LABELS[a]} − ${ARM_LABELS[b]}`;
    return { label, unit: "share of problems", ...meanDifference(values, claim.rule, randomFor(claim, label)) };
  };
  const duplicates = differenceIn("duplicates", "duplicates");
  if (duplicates === null) return notRun(claim, scale, "the generator wrote no problem that can be read");
  const bounds = { estimateBeyond: smallestEffect, intervalBeyond: 0 };
  const verdict = judgeDifference(duplicates, claim.direction, bounds);
  const part: VerdictPart = { ...duplicates, verdict, paper: paperSilent(claim) };
  const beside = [
    differenceIn("copies", "copies of the examples"),
    differenceIn("copies", "copies of the examples beyond chance", [second, "rule"]),
    differenceIn("valid", "valid problems"),
    differenceIn("kept", "left after all filters"),
  ];
  return toVerdict(claim, {
    scale,
    verdict,
    decidedBy: part,
    parts: [part],
    sideMeasures: beside.filter((measure) => measure !== null),
    notes: [UNIT_NOTE, "every level counts alike; nothing is filtered before"],
  });
}

/** First minus second arm of each draw, mean over the levels that both have. */
function drawDifferences(
  { quality }: DataGenerationAnalysis,
  measure: Measure,
  [first, second]: readonly [ArmName, ArmName],
): number[] {
  const rows = quality.filter((row) => row.measure === measure);
  const draws = [...new Set(rows.map(({ draw }) => draw))].sort((a, b) => a - b);
  return draws.flatMap((draw) => {
    const differences = rows
      .filter((row) => row.draw === draw && row.arm === first)
      .flatMap(({ level, value }) => {
        const other = rows.find((row) => row.draw === draw && row.arm === second && row.level === level);
        return other === undefined ? [] : [value - other.value];
      });
    return differences.length === 0 ? [] : [mean(differences)];
  });
}

function paperSilent({ paperBenchmarks }: Claim): VerdictPart["paper"] {
  return paperBenchmarks.map((benchmark) => ({ benchmark, difference: null, cells: [] }));
}

function randomFor(claim: Claim, label: string): Random {
  return Random.fromSeed(ruleHash(claim)).fork(label);
}
