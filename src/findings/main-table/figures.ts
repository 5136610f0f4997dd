import type { TopLevelSpec } from "vega-lite";
import { accuracyFigure } from "./accuracy-figure.ts";
import { aggregateFigure } from "./aggregate-figure.ts";
import type { MainTableAnalysis } from "./analysis.ts";

/** Specs of the finding's figures by file name without its ending. */
export function mainTableFigures(analysis: MainTableAnalysis, scale: string): Readonly<Record<string, TopLevelSpec>> {
  return {
    "main-table-accuracy": accuracyFigure(analysis, scale),
    "main-table-benchmarks": aggregateFigure(analysis, scale),
  };
}
