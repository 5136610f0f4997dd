import type { TopLevelSpec } from "vega-lite";
import type { ThresholdAnalysis } from "./analysis.ts";
import { mapFigure } from "./map-figure.ts";

/** Specs of the finding's figures by file name without its ending. */
export function thresholdFigures(analysis: ThresholdAnalysis, scale: string): Readonly<Record<string, TopLevelSpec>> {
  return { "threshold-map": mapFigure(analysis, scale) };
}
