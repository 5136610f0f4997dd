import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, methodScale, SIZES } from "../../figures/theme.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  accuracyAxis,
  intervalText,
  labelled,
  NOMINAL,
  panelGrid,
  QUANTITATIVE,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import type { Interval } from "../verdict.ts";
import type { MainTableAnalysis } from "./analysis.ts";
import { TRAINED_METHODS } from "./comparisons.ts";
import { methodRows } from "./method-rows.ts";
import { smallestGains } from "./smallest-gains.ts";

const PANEL = { width: 290, height: 84 } as const;
const FIGURE_WIDTH = 720;
const COLUMNS = ["iqm", "improvement"] as const;

/** Over all benchmarks, a row of panels per tier: interquartile mean and the probability of improvement over the base. */
export function aggregateFigure(analysis: MainTableAnalysis, scale: string): TopLevelSpec {
  const tiers = tiersOf(analysis);
  const counts = analysis.cells.filter(({ method }) => method !== "base");
  const caption = [
    "Left: interquartile mean of the accuracies of all seeds on the five benchmarks; dashed: of the base policy.",
    "Right: probability that a run of the method beats one of the base, mean over benchmarks; line: no difference.",
    `Diamonds: ${seedCount(counts)} per method and benchmark; ${intervalText("bars", counts)}`.replace(
      "over seeds",
      "over seeds, resampled within each benchmark",
    ),
    ...smallestGains(analysis, "iqm", "interquartile mean"),
  ];
  return {
    title: titleOf("The main table over all benchmarks", caption, scale, FIGURE_WIDTH),
    spacing: { row: 22, column: 24 },
    ...panelGrid(tiers, COLUMNS, (tier, column, place) => panel(analysis, tier, column, place)),
  };
}

interface Shown {
  readonly title: string;
  readonly axisTitle: string;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly reference: number;
  readonly dash: number[];
}

function panel(
  { aggregates }: MainTableAnalysis,
  tier: string,
  column: (typeof COLUMNS)[number],
  { isFirst, isLast, isLeft }: PanelPlace,
): Panel {
  const ofTier = aggregates.filter((row) => row.tier === tier);
  const trained = labelled(ofTier.filter(({ method }) => method !== "base"));
  const rows = trained.flatMap(({ label, [column]: interval }) => (interval === null ? [] : [{ label, ...interval }]));
  const base = ofTier.find(({ method }) => method === "base")?.iqm.estimate ?? 0;
  const { title, axisTitle, domain, ticks, reference, dash } =
    column === "iqm"
      ? shownIqm(
          aggregates.map(({ iqm }) => iqm),
          base,
        )
      : SHOWN_IMPROVEMENT;
  const x = {
    type: QUANTITATIVE,
    title: isLast ? axisTitle : null,
    scale: { domain: [...domain], nice: false },
    axis: { values: [...ticks], format: ".1f", grid: true, labelFlush: false },
  };
  const y = methodRows(TRAINED_METHODS, tier, PANEL.height, isLeft);
  const color = { field: "label", type: NOMINAL, scale: methodScale(TRAINED_METHODS), legend: null };
  const bars = {
    data: { values: rows },
    mark: { type: "rule" as const, strokeWidth: 2 },
    encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
  };
  return {
    ...PANEL,
    ...(isFirst ? { title: { text: title, fontSize: SIZES.panel, offset: 10 } } : {}),
    layer: [
      {
        data: { values: [{ reference }] },
        mark: { type: "rule", strokeDash: dash, color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { x: { ...x, field: "reference" } },
      },
      ...(rows.some(({ low }) => low !== null) ? [bars] : []),
      {
        data: { values: rows },
        mark: { type: "point", shape: "diamond", filled: true, size: 52, opacity: 1 },
        encoding: { x: { ...x, field: "estimate" }, y, color },
      },
    ],
  };
}

function shownIqm(intervals: readonly Interval[], reference: number): Shown {
  const { domain, ticks } = accuracyAxis(intervals.map(({ estimate, high }) => high ?? estimate));
  const axisTitle = "accuracy, interquartile mean";
  return { title: "IQM over benchmarks", axisTitle, domain, ticks, reference, dash: [5, 4] };
}

const SHOWN_IMPROVEMENT: Shown = {
  title: "Beats the base",
  axisTitle: "probability of improvement",
  domain: [0, 1],
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  reference: 0.5,
  dash: [1, 0],
};
