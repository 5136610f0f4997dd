import { tiersOf } from "../figure-parts.ts";
import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import { accuracyTable } from "./accuracy-table.ts";
import type { DifficultyAnalysis } from "./analysis.ts";
import { analyseDifficulty } from "./analysis.ts";
import { difficultyFigures } from "./figures.ts";
import { hardestLevelOf } from "./level-sets.ts";
import { difficultySweep } from "./sweep.ts";
import { judgeDifficulty } from "./verdicts.ts";

export const difficulty: Finding<DifficultyAnalysis> = {
  name: "difficulty",
  title: "how the difficulty of the training data decides success without labels (claim 4)",
  sweep: difficultySweep,
  analyse: ({ runs }) => analyseDifficulty(runs.map(toRunRecord)),
  figures: (analysis, { scale }) => difficultyFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) => {
    const missing = failures.map((failure) => ({
      ...toMissingRun(failure),
      hardestLevel: hardestLevelOf(failure.run),
    }));
    return [judgeDifficulty({ scale, tiers: tiersOf(analysis), finals: analysis.finals, missing })];
  },
  numbers: (analysis, { scale }, width) => accuracyTable(analysis, tiersOf(analysis), scale, width),
};
