import type { TopLevelSpec } from "vega-lite";
import type { RunSpec } from "../../runs/spec.ts";
import type { Finding } from "../finding.ts";
import type { SweepOptions } from "../scale.ts";
import { toMissingRun } from "../run-record.ts";
import type { FailedStudyRun } from "../study.ts";
import type { ArmPlace, Comparison } from "./arm.ts";
import { armFinder, armNamed } from "./arm.ts";
import { toArmRecord } from "./arm-rows.ts";
import type { ArmsAnalysis } from "./arms-analysis.ts";
import { analyseArms } from "./arms-analysis.ts";
import { loadArmsClaim } from "./arms-claims.ts";
import { armsTable } from "./arms-table.ts";
import type { MissingArm } from "./arms-verdicts.ts";
import { judgeArms } from "./arms-verdicts.ts";

export interface ArmsFindingOptions {
  readonly name: string;
  readonly title: string;
  readonly microSeeds?: number;
  readonly comparisons: readonly Comparison[];
  readonly sweep: (options: SweepOptions) => RunSpec[];
  /** Evaluation columns that figures, tables and claims read; default held-out accuracy. */
  readonly columns?: readonly string[];
  /** Training metrics whose curves figures show. */
  readonly metrics?: readonly string[];
  readonly claims: readonly string[];
  /** Specs by file name without its ending; of the comparisons only what ran is in the analysis. */
  readonly figures: (analysis: ArmsAnalysis, scale: string) => Readonly<Record<string, TopLevelSpec>>;
  /** Text after the tables of all comparisons. */
  readonly moreNumbers?: (analysis: ArmsAnalysis, scale: string, width: number) => readonly string[];
}

/** A finding that compares arms: the shared tables, figures and rule over its comparisons and claims. */
export function armsFinding(options: ArmsFindingOptions): Finding<ArmsAnalysis> {
  const { name, title, microSeeds, comparisons, sweep, columns, metrics, claims, figures, moreNumbers } = options;
  return {
    name,
    title,
    ...(microSeeds === undefined ? {} : { microSeeds }),
    sweep,
    analyse: ({ runs }) =>
      analyseArms(runs.map(toArmRecord), {
        finding: name,
        comparisons,
        ...(columns === undefined ? {} : { columns }),
        ...(metrics === undefined ? {} : { metrics }),
      }),
    figures: (analysis, { scale }) => figures(analysis, scale),
    verdicts: (analysis, { scale, failures }) => {
      const missing = missingArms(failures, comparisons);
      const labelOf = (place: ArmPlace): string => labelIn(comparisons, place);
      return claims.map((id) => judgeArms({ scale, analysis, missing, labelOf }, loadArmsClaim(id)));
    },
    numbers: (analysis, { scale }, width) =>
      [
        ...analysis.comparisons.map((comparison) => armsTable(analysis, comparison, scale, width)),
        ...(moreNumbers?.(analysis, scale, width) ?? []),
      ].join("\n\n"),
  };
}

function missingArms(failures: readonly FailedStudyRun[], comparisons: readonly Comparison[]): MissingArm[] {
  const find = armFinder(comparisons);
  return failures.flatMap((failure) => {
    const { tier, seed, why } = toMissingRun(failure);
    return find(failure.run).map((place) => ({ ...place, tier, seed, why }));
  });
}

/** How an arm is called in a sentence. */
function labelIn(comparisons: readonly Comparison[], { comparison: name, arm }: ArmPlace): string {
  const comparison = comparisons.find((candidate) => candidate.name === name);
  return comparison === undefined ? `${arm} of ${name}` : armNamed(comparison, arm).label;
}

/** The comparison of that name, of what ran; null: it has no runs. */
export function shownComparison({ comparisons }: ArmsAnalysis, name: string): Comparison | null {
  return comparisons.find((comparison) => comparison.name === name) ?? null;
}
