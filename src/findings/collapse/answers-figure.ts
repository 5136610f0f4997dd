import type { TopLevelSpec } from "vega-lite";
import type { ShownMethod } from "../../figures/theme.ts";
import { METHOD_COLORS, METHOD_LABELS, SIZES } from "../../figures/theme.ts";
import type { Panel } from "../figure-parts.ts";
import { NOMINAL, panelTitle, QUANTITATIVE, seedCount, tiersOf, titleOf } from "../figure-parts.ts";
import { MEAN_OFFSET_PX, rowChannel } from "../panel-rows.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { rightAnswerShares } from "./right-answers.ts";
import { COMPARED_METHODS } from "./sweep.ts";

const PANEL_WIDTH = 158;
const ROW_HEIGHT = 27;
const BAR_PX = 13;
const FIGURE_WIDTH = 860;

/** Opacity of the segment of each rank. */
const SHADES = [1, 0.66, 0.4, 0.2] as const;

/** Narrowest segment in which its answer is named. */
const NAMED_SHARE = 0.15;

const RIGHT = "right answers";
const SHOWN: readonly ShownMethod[] = ["base", ...COMPARED_METHODS];

/** What policies say: shares of the most frequent answers and of none, before and after training, a panel per tier. */
export function answersFigure(analysis: CollapseAnalysis, scale: string): TopLevelSpec {
  const { cells, policies } = analysis.answers;
  const tiers = tiersOf(analysis);
  const methods = SHOWN.filter((method) => cells.some((cell) => cell.method === method));
  const labels = [...methods.map((method) => METHOD_LABELS[method]), RIGHT];
  const largest = rightAnswerShares();
  const caption = [
    "What the policy says on held-out problems before training (base) and after. From the left, dark to light: shares of",
    "its four most frequent answers, whatever they are; at the right, white: responses without an answer; between them",
    "all other answers. A number names a common first answer that is the same in most seeds.",
    `Bars: mean over ${seedCount(cells)}; points: each seed's most frequent answer. Last row: the right`,
    `answers, the most frequent of which is right for ${(100 * largest[0]).toFixed(1)} % of the problems.`,
  ];
  return {
    title: titleOf("What the policies say", caption, scale, FIGURE_WIDTH),
    spacing: 20,
    columns: tiers.length,
    concat: tiers.map((tier, index) => {
      const shown = cells.filter((cell) => cell.tier === tier);
      const bars = shown.flatMap(({ method, shares, empty }) => [
        ...segments(METHOD_LABELS[method], METHOD_COLORS[method], shares),
        {
          label: METHOD_LABELS[method],
          from: 1 - empty,
          to: 1,
          color: "white",
          opacity: 1,
          outline: METHOD_COLORS.base,
        },
      ]);
      const right = segments(RIGHT, METHOD_COLORS.format, largest);
      const seeds = policies.flatMap(({ tier: of, method, top }) =>
        of === tier ? [{ label: METHOD_LABELS[method], share: top[0]?.share ?? 0 }] : [],
      );
      const names = shown.flatMap(({ method, shares, leaders: [leader], n }) =>
        shares[0] >= NAMED_SHARE && leader.answer !== null && leader.seeds > n / 2
          ? [{ label: METHOD_LABELS[method], middle: shares[0] / 2, answer: leader.answer }]
          : [],
      );
      return panel(analysis, tier, labels, { bars: [...bars, ...right], names, seeds }, index === 0);
    }),
  };
}

interface Segment {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly color: string;
  readonly opacity: number;
  readonly outline: string;
}

interface Marks {
  readonly bars: readonly Segment[];
  readonly names: readonly { readonly label: string; readonly middle: number; readonly answer: string }[];
  readonly seeds: readonly { readonly label: string; readonly share: number }[];
}

function segments(label: string, color: string, shares: readonly number[]): Segment[] {
  let from = 0;
  return shares.map((share, rank) => {
    const segment = { label, from, to: from + share, color, opacity: SHADES[rank], outline: "white" };
    from = segment.to;
    return segment;
  });
}

function panel(
  analysis: CollapseAnalysis,
  tier: string,
  labels: readonly string[],
  { bars, names, seeds }: Marks,
  isFirst: boolean,
): Panel {
  const x = {
    type: QUANTITATIVE,
    title: isFirst ? "share of responses" : null,
    scale: { domain: [0, 1], nice: false },
    axis: { values: [0, 0.5, 1], grid: true, labelFlush: false },
  };
  const y = { ...rowChannel(labels, isFirst, []), axis: { ...rowChannel(labels, isFirst, []).axis, grid: false } };
  return {
    width: PANEL_WIDTH,
    height: labels.length * ROW_HEIGHT,
    title: panelTitle(analysis, tier, "base"),
    layer: [
      {
        data: { values: bars.filter(({ from, to }) => to > from) },
        mark: { type: "bar", height: BAR_PX, strokeWidth: 0.7, yOffset: -2 },
        encoding: {
          x: { ...x, field: "from" },
          x2: { field: "to" },
          y,
          fill: { field: "color", type: NOMINAL, scale: null, legend: null },
          stroke: { field: "outline", type: NOMINAL, scale: null, legend: null },
          fillOpacity: { field: "opacity", type: QUANTITATIVE, scale: null, legend: null },
        },
      },
      {
        data: { values: [...names] },
        mark: { type: "text", color: "white", fontSize: SIZES.tick, baseline: "middle", yOffset: -1.5 },
        encoding: { x: { ...x, field: "middle" }, y, text: { field: "answer", type: NOMINAL } },
      },
      {
        data: { values: [...seeds] },
        mark: {
          type: "point",
          filled: true,
          size: 11,
          opacity: 0.55,
          color: METHOD_COLORS.format,
          yOffset: MEAN_OFFSET_PX + 5,
        },
        encoding: { x: { ...x, field: "share" }, y },
      },
    ],
  };
}
