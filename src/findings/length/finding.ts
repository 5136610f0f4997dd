import { collapseSweep } from "../collapse/sweep.ts";
import { tiersOf } from "../figure-parts.ts";
import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import type { Study } from "../study.ts";
import type { LengthAnalysis } from "./analysis.ts";
import { analyseLength } from "./analysis.ts";
import { lengthFigures } from "./figures.ts";
import { lengthTable } from "./length-table.ts";
import { judgeLength } from "./verdicts.ts";

export const length: Finding<LengthAnalysis> = {
  name: "length",
  title: "response length, and what it says about ability (claims 3 and 5)",
  microSeeds: 10,
  sweep: collapseSweep, // the same runs, read for their lengths
  analyse: ({ runs }) => analyseLength(runs.map(toRunRecord)),
  figures: (analysis, { scale }) => lengthFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) =>
    judgeLength({ scale, tiers: tiersOf(analysis), finals: analysis.runs, missing: failures.map(toMissingRun) }),
  numbers: (analysis, { scale }: Study, width) => lengthTable(analysis.runs, tiersOf(analysis), scale, width),
};
