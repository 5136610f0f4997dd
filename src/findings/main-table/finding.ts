import { tiersOf } from "../figure-parts.ts";
import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import type { MainTableAnalysis } from "./analysis.ts";
import { analyseMainTable } from "./analysis.ts";
import { mainTableFigures } from "./figures.ts";
import { mainTableNumbers } from "./numbers.ts";
import { mainTableSweep } from "./sweep.ts";
import { judgeTransfer } from "./verdicts.ts";

export const mainTable: Finding<MainTableAnalysis> = {
  name: "main-table",
  title: "the main table on five benchmarks, and what training on sums does to the others (claim 8)",
  microSeeds: 10,
  sweep: mainTableSweep,
  analyse: ({ runs }) => analyseMainTable(runs.map(toRunRecord)),
  figures: (analysis, { scale }) => mainTableFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) => {
    const { finals, scores } = analysis;
    return [judgeTransfer({ scale, tiers: tiersOf(analysis), finals, scores, missing: failures.map(toMissingRun) })];
  },
  numbers: (analysis, { scale }, width) => mainTableNumbers(analysis, tiersOf(analysis), scale, width),
};
