import type { TopLevelSpec } from "vega-lite";
import { accuracyFigure } from "./accuracy-figure.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { answersFigure } from "./answers-figure.ts";
import { levelsFigure } from "./levels-figure.ts";
import { mechanismFigure } from "./mechanism-figure.ts";
import { onsetFigure } from "./onset-figure.ts";
import { rewardAndTruthFigure } from "./reward-and-truth-figure.ts";

/** Specs of the finding's figures by file name without its ending. */
export function collapseFigures(analysis: CollapseAnalysis, scale: string): Readonly<Record<string, TopLevelSpec>> {
  return {
    "collapse-accuracy": accuracyFigure(analysis, scale),
    "collapse-onset": onsetFigure(analysis, scale),
    "collapse-mechanism": mechanismFigure(analysis, scale),
    "collapse-reward-and-truth": rewardAndTruthFigure(analysis, scale),
    ...(analysis.answers.cells.length === 0 ? {} : { "collapse-answers": answersFigure(analysis, scale) }),
    "collapse-levels": levelsFigure(analysis, scale),
  };
}
