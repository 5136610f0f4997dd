import type { TopLevelSpec } from "vega-lite";
import { accuracyFigure } from "./accuracy-figure.ts";
import type { VotesAnalysis } from "./analysis.ts";
import { bankFigure } from "./bank-figure.ts";

/** Specs of the finding's figures by file name without its ending; that of the vote banks only where there are any. */
export function votesFigures(analysis: VotesAnalysis, scale: string): Readonly<Record<string, TopLevelSpec>> {
  return {
    "votes-accuracy": accuracyFigure(analysis, scale),
    ...(analysis.bankMeans.length === 0 ? {} : { "votes-before-training": bankFigure(analysis, scale) }),
  };
}
