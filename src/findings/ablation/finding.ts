import { tiersOf } from "../figure-parts.ts";
import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import { ablationTable } from "./ablation-table.ts";
import type { AblationAnalysis } from "./analysis.ts";
import { analyseAblation } from "./analysis.ts";
import { armOf } from "./arms.ts";
import { ablationFigures } from "./figures.ts";
import { ablationSweep } from "./sweep.ts";
import { judgeAblation } from "./verdicts.ts";

export const ablation: Finding<AblationAnalysis> = {
  name: "ablation",
  title: "what the curriculum, generated data and the reward mask each add (claim 7)",
  microSeeds: 10,
  sweep: ablationSweep,
  analyse: ({ runs }) => analyseAblation(runs.map(toRunRecord)),
  figures: (analysis, { scale }) => ablationFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) => {
    const missing = failures.map((failure) => ({ ...toMissingRun(failure), arm: armOf(failure.run).name }));
    return judgeAblation({ ...analysis, scale, tiers: tiersOf(analysis), missing });
  },
  numbers: (analysis, { scale }, width) => ablationTable(analysis, scale, width),
};
