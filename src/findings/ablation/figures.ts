import type { TopLevelSpec } from "vega-lite";
import type { AblationAnalysis } from "./analysis.ts";
import { armsFigure } from "./arms-figure.ts";
import { effectsFigure } from "./effects-figure.ts";
import type { PaperAblation } from "./paper-ablation.ts";
import { loadPaperAblation } from "./paper-ablation.ts";

/** Specs of the finding's figures by file name without its ending; effects only where a seed has the arms for one. */
export function ablationFigures(
  analysis: AblationAnalysis,
  scale: string,
  paper: PaperAblation = loadPaperAblation(),
): Readonly<Record<string, TopLevelSpec>> {
  return {
    "ablation-arms": armsFigure(analysis, paper, scale),
    ...(analysis.effects.length === 0 ? {} : { "ablation-effects": effectsFigure(analysis, paper, scale) }),
  };
}
