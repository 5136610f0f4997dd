import type { TopLevelSpec } from "vega-lite";
import type { DataGenerationAnalysis } from "./analysis.ts";
import { difficultyFigure } from "./difficulty-figure.ts";
import { levelsFigure } from "./levels-figure.ts";
import { qualityFigure } from "./quality-figure.ts";

/** The finding's figures by file name. */
export function dataGenerationFigures(analysis: DataGenerationAnalysis, scale: string): Record<string, TopLevelSpec> {
  return {
    "data-generation-difficulty": difficultyFigure(analysis, scale),
    "data-generation-levels": levelsFigure(analysis, scale),
    "data-generation-quality": qualityFigure(analysis, scale),
  };
}
