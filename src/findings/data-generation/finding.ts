import { LabelfreeError } from "../../core/errors.ts";
import type { Finding } from "../finding.ts";
import { type DataGenerationAnalysis, analyseGeneration } from "./analysis.ts";
import { dataGenerationFigures } from "./figures.ts";
import { generatedProblems, requestOf } from "./generated-problems.ts";
import type { GeneratedProblems } from "./make-generated-problems.ts";
import { qualityTable } from "./quality-table.ts";
import { judgeGeneration } from "./verdicts.ts";

export const dataGeneration: Finding<DataGenerationAnalysis> = {
  name: "data-generation",
  title: "quality of generated problems: level, duplicates, overlap, with and without new examples",
  extra: generatedProblems,
  sweep: ({ scale }) => {
    requestOf(scale); // the paper's scale is not there
    return [];
  },
  analyse: ({ extra, scale }) => {
    if (extra !== undefined) return analyseGeneration(extra as GeneratedProblems);
    const message = `data-generation: got no generated problems, expected those of ${scale} scale`;
    throw new LabelfreeError("finding/no-extra", `${message}; labelfree reproduce data-generation makes them`);
  },
  figures: (analysis, { scale }) => dataGenerationFigures(analysis, scale),
  verdicts: (analysis, { scale }) => judgeGeneration(analysis, scale),
  numbers: (analysis, { scale }, width) => qualityTable(analysis, scale, width),
};
