import type { TopLevelSpec } from "vega-lite";
import { accuracyFigure } from "./accuracy-figure.ts";
import type { DifficultyAnalysis } from "./analysis.ts";
import type { PaperCurves } from "./paper-curves.ts";
import { loadPaperCurves } from "./paper-curves.ts";
import { votesFigure } from "./votes-figure.ts";

/** Specs of the finding's figures by file name without its ending. */
export function difficultyFigures(
  analysis: DifficultyAnalysis,
  scale: string,
  curves: PaperCurves = loadPaperCurves(),
): Readonly<Record<string, TopLevelSpec>> {
  return {
    "difficulty-accuracy": accuracyFigure(analysis, curves, scale),
    "difficulty-votes": votesFigure(analysis, scale),
  };
}
