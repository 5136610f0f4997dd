import type { TopLevelSpec } from "vega-lite";
import type { Axis } from "../figure-parts.ts";
import { panelGrid, threeTickAxis, titleOf } from "../figure-parts.ts";
import type { DataGenerationAnalysis, QualityMean } from "./analysis.ts";
import { describeIntervals, describeSets } from "./captions.ts";
import { levelPanel } from "./level-panel.ts";
import type { Measure } from "./set-quality.ts";

const PANEL = { width: 240, height: 130 } as const;
const FIGURE_WIDTH = 900;
const WHOLE = { domain: [0, 1], ticks: [0, 0.5, 1] } as const;

interface MeasurePanel {
  readonly measure: Measure;
  readonly title: string;
  /** Default: up to the largest value. */
  readonly axis?: Axis;
}

const ROWS: readonly (readonly [MeasurePanel, MeasurePanel, MeasurePanel])[] = [
  [
    { measure: "valid", title: "valid: of some level", axis: WHOLE },
    { measure: "onLevel", title: "fits the level asked", axis: WHOLE },
    { measure: "kept", title: "left after all filters", axis: WHOLE },
  ],
  [
    { measure: "duplicates", title: "duplicates in the set" },
    { measure: "copies", title: "copies of an example" },
    { measure: "nearCopies", title: "one change from an example" },
  ],
  [
    { measure: "evaluation", title: "overlap with evaluation sets" },
    { measure: "natural", title: "overlap with the natural set" },
    { measure: "topics", title: "effective sub-topics" },
  ],
];

/** Quality of the generated sets by level asked, a panel per measure. */
export function qualityFigure({ request, qualityMeans }: DataGenerationAnalysis, scale: string): TopLevelSpec {
  const caption = [
    "First row: shares of the problems asked for; then shares of those that can be read, and the number of equally common",
    "sub-topics (direction of the steps, passing 0 or 99, quarter of the start value) as spread as the set.",
    describeSets(request),
    describeIntervals(request),
  ];
  return {
    title: titleOf("Quality of generated problems before any filter", caption, scale, FIGURE_WIDTH),
    spacing: { row: 22, column: 24 },
    ...panelGrid(ROWS, [0, 1, 2] as const, (row, column, { isLast, isLeft }) => {
      const { measure, title, axis } = row[column];
      const means = qualityMeans.filter((mean) => mean.measure === measure);
      return levelPanel(means, {
        title,
        yTitle: isLeft ? "share" : measure === "topics" ? "number" : null,
        axis: axis ?? axisOf(means),
        size: PANEL,
        hasXTitle: isLast,
      });
    }),
  };
}

function axisOf(means: readonly QualityMean[]): Axis {
  return threeTickAxis(means.map(({ mean, high }) => high ?? mean));
}
