import type { TopLevelSpec } from "vega-lite";
import { titleOf } from "../figure-parts.ts";
import type { DataGenerationAnalysis } from "./analysis.ts";
import { describeIntervals, describeSets } from "./captions.ts";
import { levelPanel } from "./level-panel.ts";

const PANEL = { width: 190, height: 190 } as const;
const FIGURE_WIDTH = 940;
const AXIS = { domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] } as const;

/** Failure rate of base checkpoints by level asked, a panel per tier. */
export function difficultyFigure(analysis: DataGenerationAnalysis, scale: string): TopLevelSpec {
  const { request, failureMeans } = analysis;
  const { tiers } = request.bases;
  const caption = [
    `Share of wrong answers of base checkpoints to generated problems, ${request.samples} answers at temperature 0.6 to each`,
    `of ${request.answered} readable problems a draw, on whatever level they are in fact.`,
    describeSets(request),
    describeIntervals(request),
  ];
  return {
    title: titleOf("Level asked and measured difficulty", caption, scale, FIGURE_WIDTH),
    spacing: { row: 20, column: 18 },
    columns: tiers.length,
    concat: tiers.map((tier, index) =>
      levelPanel(
        failureMeans.filter((row) => row.tier === tier),
        {
          title: `tier ${tier}`,
          yTitle: index === 0 ? "failure rate" : null,
          axis: AXIS,
          size: PANEL,
          hasXTitle: true,
        },
      ),
    ),
  };
}
