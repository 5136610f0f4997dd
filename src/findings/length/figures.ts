import type { TopLevelSpec } from "vega-lite";
import type { LengthAnalysis } from "./analysis.ts";
import { lengthAccuracyFigure } from "./accuracy-figure.ts";
import type { LengthClaims } from "./claims.ts";
import { loadLengthClaims } from "./claims.ts";
import { curvesFigure } from "./curves-figure.ts";

/** Specs of the finding's figures by file name without its ending. */
export function lengthFigures(
  analysis: LengthAnalysis,
  scale: string,
  { sign }: LengthClaims = loadLengthClaims(),
): Readonly<Record<string, TopLevelSpec>> {
  return {
    "length-curves": curvesFigure(analysis, scale),
    "length-accuracy": lengthAccuracyFigure(analysis, sign, scale),
  };
}
