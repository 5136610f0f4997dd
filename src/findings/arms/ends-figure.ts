import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS } from "../../figures/theme.ts";
import type { Panel } from "../figure-parts.ts";
import {
  accuracyAxis,
  baseAccuracyOf,
  intervalText,
  NOMINAL,
  panelTitle,
  QUANTITATIVE,
  seedCount,
  threeTickAxis,
  titleOf,
} from "../figure-parts.ts";
import { MEAN_OFFSET_PX, rowChannel, SEED_OFFSET_PX } from "../panel-rows.ts";
import { inPoints } from "../points.ts";
import { HELD_OUT_ACCURACY } from "../run-record.ts";
import type { Comparison } from "./arm.ts";
import { armNamed } from "./arm.ts";
import { valueOf } from "./arm-rows.ts";
import type { ArmsAnalysis } from "./arms-analysis.ts";
import { basesOf } from "./arms-analysis.ts";

const PANELS_WIDTH = 570;
const ROW_HEIGHT = 28;
const FIGURE_WIDTH = 820;
const NO_BREAK = "\u00a0";

export interface EndsOptions {
  readonly title: string;
  /** What the figure shows, after "Held-out accuracy": one or more sentences. */
  readonly caption: readonly string[];
  readonly scale: string;
  /** A row of panels for each. */
  readonly comparisons: readonly Comparison[];
  /** Default accuracy on held-out problems of all levels. */
  readonly measure?: EndsMeasure;
}

/** What the figure shows of each run. */
export interface EndsMeasure {
  /** Of the analysis. */
  readonly column: string;
  readonly xTitle: string;
  readonly isAccuracy: boolean;
}

const ACCURACY: EndsMeasure = { column: HELD_OUT_ACCURACY, xTitle: "held-out accuracy", isAccuracy: true };

/** How every arm ends, a panel per tier and a row per arm: each seed, the mean, its interval and the base. */
export function endsFigure(analysis: ArmsAnalysis, options: EndsOptions): TopLevelSpec {
  const { title, scale, comparisons, measure = ACCURACY } = options;
  const { column, isAccuracy } = measure;
  const means = analysis.means.filter((row) => row.column === column && isAmong(comparisons, row.comparison));
  const hasCollapsed = analysis.rows.some((row) => row.hasCollapsed && isAmong(comparisons, row.comparison));
  const hasReference = comparisons.some(({ reference }) => reference !== null);
  const caption = [
    ...options.caption,
    `Small points: ${seedCount(means)}${hasCollapsed ? ", crosses where a run collapsed" : ""}; diamonds: mean over seeds;`,
    intervalText("bars", means),
    `Dashed: the base policy. Each panel has an axis of its own.${hasReference ? " Bold: what the others are compared with." : ""}`,
    ...(isAccuracy ? smallestText(analysis, comparisons, column) : []),
  ];
  const columns = Math.max(...comparisons.map(({ tiers }) => tiers.length));
  return {
    title: titleOf(title, caption, scale, FIGURE_WIDTH),
    spacing: { row: 22, column: 18 },
    columns,
    concat: comparisons.flatMap((comparison) => {
      const named = comparisons.length > 1;
      const panels = comparison.tiers.map((tier, index) =>
        panel(analysis, { comparison, tier, measure, isFirst: index === 0, columns, named }),
      );
      const missing = Array.from({ length: columns - panels.length }, () => emptyPanel(columns));
      return [...panels, ...missing];
    }),
  };
}

interface PanelOptions {
  readonly comparison: Comparison;
  readonly tier: string;
  readonly measure: EndsMeasure;
  readonly isFirst: boolean;
  readonly columns: number;
  /** Whether the comparison's title stands above its first panel. */
  readonly named: boolean;
}

function panel(analysis: ArmsAnalysis, { comparison, tier, measure, isFirst, columns, named }: PanelOptions): Panel {
  const { column, xTitle, isAccuracy } = measure;
  const isHere = (row: { readonly comparison: string; readonly tier: string }): boolean =>
    row.comparison === comparison.name && row.tier === tier;
  const look = (name: string): { label: string; color: string } => {
    const { label, shownAs } = armNamed(comparison, name);
    return { label, color: METHOD_COLORS[shownAs] };
  };
  const seeds = analysis.rows.filter(isHere).flatMap((row) => {
    const final = valueOf(row, column, "final");
    return final === null ? [] : [{ ...look(row.arm), final, hasCollapsed: row.hasCollapsed || row.hasDiverged }];
  });
  const means = analysis.means
    .filter((row) => isHere(row) && row.column === column)
    .map(({ arm, mean, low, high }) => ({ ...look(arm), mean, low, high }));
  const bases = { bases: basesOf(analysis, comparison.name, column) };
  const base = baseAccuracyOf(bases, tier);
  const values = [base, ...seeds.map(({ final }) => final), ...means.map(({ high, mean }) => high ?? mean)];
  const axis = isAccuracy ? accuracyAxis(values) : threeTickAxis(values);
  const x = {
    type: QUANTITATIVE,
    title: isFirst ? xTitle : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: isAccuracy ? ".1f" : "~f", grid: true, labelFlush: false },
  };
  const reference = comparison.reference === null ? [] : [look(comparison.reference).label];
  const labels = comparison.arms.map(({ label }) => label);
  const y = rowChannel(labels, isFirst, reference);
  const color = { field: "color", type: NOMINAL, scale: null, legend: null };
  const points = (collapsed: boolean) => {
    const values = seeds.filter(({ hasCollapsed }) => hasCollapsed === collapsed);
    if (values.length === 0) return [];
    const look = collapsed ? { shape: "cross", angle: 45, size: 26 } : { size: 12 };
    return [
      {
        data: { values },
        mark: { type: "point" as const, ...look, filled: true, opacity: 0.55, yOffset: SEED_OFFSET_PX },
        encoding: { x: { ...x, field: "final" }, y, color },
      },
    ];
  };
  const bars = {
    data: { values: means },
    mark: { type: "rule" as const, strokeWidth: 1.8, yOffset: MEAN_OFFSET_PX },
    encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
  };
  const title = panelTitle(bases, tier, "base");
  return {
    width: panelWidth(columns),
    height: labels.length * ROW_HEIGHT,
    title: named ? { ...title, text: [isFirst ? comparison.title : "", title.text] } : title,
    layer: [
      {
        data: { values: [{ base }] },
        mark: { type: "rule", strokeDash: [5, 4], color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { x: { ...x, field: "base" } },
      },
      ...points(false),
      ...points(true),
      ...(means.some(({ low }) => low !== null) ? [bars] : []),
      {
        data: { values: means },
        mark: { type: "point", shape: "diamond", filled: true, size: 40, opacity: 1, yOffset: MEAN_OFFSET_PX },
        encoding: { x: { ...x, field: "mean" }, y, color },
      },
    ],
  };
}

function emptyPanel(columns: number): Panel {
  return {
    width: panelWidth(columns),
    height: ROW_HEIGHT,
    data: { values: [{}] },
    mark: { type: "point", opacity: 0 },
  };
}

function panelWidth(columns: number): number {
  return Math.floor(PANELS_WIDTH / Math.max(2, columns)) - 14;
}

function smallestText(analysis: ArmsAnalysis, comparisons: readonly Comparison[], column: string): string[] {
  const sizes = comparisons.flatMap(({ name, title, tiers }) => {
    const list = tiers.flatMap((tier) => {
      const values = analysis.differences.flatMap((row) =>
        row.comparison === name && row.tier === tier && row.column === column ? (row.smallest ?? []) : [],
      );
      return values.length === 0 ? [] : [`${tier}${NO_BREAK}${inPoints(Math.max(...values))}`];
    });
    if (list.length === 0) return [];
    return [comparisons.length === 1 ? list.join(", ") : `${title}: ${list.join(", ")}`];
  });
  if (sizes.length === 0) return [];
  return [
    "Smallest difference to it that these seeds can see with 80 % power, in points, for the arm that varies most: " +
      `${sizes.join("; ")}.`,
  ];
}

function isAmong(comparisons: readonly Comparison[], name: string): boolean {
  return comparisons.some((comparison) => comparison.name === name);
}
