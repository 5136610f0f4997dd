import { tiersOf } from "../figure-parts.ts";
import { accuracyTable } from "./accuracy-table.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { answersTable } from "./answers-table.ts";
import { onsetTable } from "./onset-table.ts";
import { samplesText } from "./samples-text.ts";

/** Final accuracies beside the paper's, the first steps, what policies say, and samples of it, as text of this width. */
export function collapseNumbers(analysis: CollapseAnalysis, scale: string, width: number): string {
  const tiers = tiersOf(analysis);
  return [
    accuracyTable(analysis.finals, scale, width),
    onsetTable(analysis.onset, tiers, width),
    answersTable(analysis.answers.cells, tiers, width),
    samplesText(analysis.samples, width),
  ].join("\n\n");
}
