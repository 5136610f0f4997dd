import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import type { ThresholdAnalysis } from "./analysis.ts";
import { analyseThreshold } from "./analysis.ts";
import { loadThresholdClaims } from "./claims.ts";
import { thresholdFigures } from "./figures.ts";
import { thresholdSweep } from "./sweep.ts";
import { thresholdTable } from "./threshold-table.ts";
import { judgeThreshold } from "./verdicts.ts";

export const threshold: Finding<ThresholdAnalysis> = {
  name: "threshold",
  title: "how much ability label-free RL needs (beyond the paper, claims 25 and 26)",
  microSeeds: 6,
  sweep: thresholdSweep,
  analyse: ({ runs }) => analyseThreshold(runs.map(toRunRecord), loadThresholdClaims()),
  figures: (analysis, { scale }) => thresholdFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) => judgeThreshold({ scale, analysis, missing: failures.map(toMissingRun) }),
  numbers: (analysis, { scale }, width) => thresholdTable(analysis, scale, width),
};
