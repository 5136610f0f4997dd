import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import type { Study } from "../study.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { analyseCollapse } from "./analysis.ts";
import { tiersOf } from "../figure-parts.ts";
import { collapseFigures } from "./figures.ts";
import { collapseNumbers } from "./numbers.ts";
import { collapseSweep } from "./sweep.ts";
import { judgeCollapse } from "./verdicts.ts";

export const collapse: Finding<CollapseAnalysis> = {
  name: "collapse",
  title: "early collapse of weak base models, and what CuMa does about it (claims 1, 2 and 6)",
  microSeeds: 10,
  sweep: collapseSweep,
  analyse: ({ runs }) => analyseCollapse(runs.map(toRunRecord)),
  figures: (analysis, { scale }) => collapseFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) =>
    judgeCollapse({ scale, tiers: tiersOf(analysis), finals: analysis.finals, missing: failures.map(toMissingRun) }),
  numbers: (analysis, { scale }: Study, width) => collapseNumbers(analysis, scale, width),
};
