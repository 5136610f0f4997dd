import type { Finding } from "../finding.ts";
import type { FailedStudyRun, RecordedRun, Study } from "../study.ts";
import { accuracyTable } from "./accuracy-table.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { analyseCollapse } from "./analysis.ts";
import { tiersOf } from "./figure-parts.ts";
import { collapseFigures } from "./figures.ts";
import type { MissingRun } from "./outcomes.ts";
import type { CollapseRecord } from "./record.ts";
import { collapseSweep } from "./sweep.ts";
import { judgeCollapse } from "./verdicts.ts";

export const collapse: Finding<CollapseAnalysis> = {
  name: "collapse",
  title: "early collapse of weak base models, and what CuMa does about it (claims 1, 2 and 6)",
  sweep: collapseSweep,
  analyse: ({ runs }) => analyseCollapse(runs.map(toRecord)),
  figures: (analysis, { scale }) => collapseFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) =>
    judgeCollapse({ scale, tiers: tiersOf(analysis), finals: analysis.finals, missing: failures.map(toMissing) }),
  numbers: ({ finals }, { scale }: Study, width) => accuracyTable(finals, scale, width),
};

function toRecord({ result, steps, evaluations }: RecordedRun): CollapseRecord {
  const { run, key, collapse, hasDiverged } = result;
  const { tier, baseSeed } = originOf(run.base);
  const method = run.method as CollapseRecord["method"];
  return {
    key,
    tier,
    method,
    seed: run.seed,
    baseSeed,
    steps,
    evaluations,
    hasCollapsed: collapse !== null,
    hasDiverged,
  };
}

function toMissing({ run, why }: FailedStudyRun): MissingRun {
  return { tier: originOf(run.base).tier, method: run.method, seed: run.seed, why };
}

function originOf(base: RecordedRun["result"]["run"]["base"]): { tier: string; baseSeed: number } {
  return "tier" in base ? base : { tier: base.checkpoint, baseSeed: 1 };
}
