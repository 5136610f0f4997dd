import { tiersOf } from "../figure-parts.ts";
import { inPoints } from "../points.ts";
import type { DifferenceRow, MainTableAnalysis } from "./analysis.ts";

const NO_BREAK = "\u00a0";

/** A caption's sentence on the smallest gain of CuMa that these seeds can see; none where each cell has one seed. */
export function smallestGains(
  analysis: MainTableAnalysis,
  benchmark: DifferenceRow["benchmark"],
  name: string,
): string[] {
  const gains = analysis.differences.filter(
    (row) => row.first === "cuma" && row.second === "base" && row.benchmark === benchmark,
  );
  const sizes = tiersOf(analysis).flatMap((tier) =>
    gains.flatMap((row) => (row.tier === tier && row.sees !== null ? [`${tier}${NO_BREAK}${inPoints(row.sees)}`] : [])),
  );
  if (sizes.length === 0) return [];
  return [`Smallest gain of CuMa in ${name} that these seeds can see with 80 % power, in points: ${sizes.join(", ")}.`];
}
