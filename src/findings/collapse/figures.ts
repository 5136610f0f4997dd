import type { TopLevelSpec } from "vega-lite";
import { accuracyFigure } from "./accuracy-figure.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { levelsFigure } from "./levels-figure.ts";
import { mechanismFigure } from "./mechanism-figure.ts";

/** Specs of the finding's figures by file name without its ending. */
export function collapseFigures(analysis: CollapseAnalysis, scale: string): Readonly<Record<string, TopLevelSpec>> {
  return {
    "collapse-accuracy": accuracyFigure(analysis, scale),
    "collapse-mechanism": mechanismFigure(analysis, scale),
    "collapse-levels": levelsFigure(analysis, scale),
  };
}
