import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, methodScale, SIZES } from "../../figures/theme.ts";
import type { Axis, Panel, PanelPlace } from "../figure-parts.ts";
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
import type { MainTableAnalysis } from "./analysis.ts";
import type { Benchmark } from "./benchmarks.ts";
import { BENCHMARKS, benchmarkOf } from "./benchmarks.ts";
import { TRAINED_METHODS } from "./comparisons.ts";
import { smallestGains } from "./smallest-gains.ts";
import { methodRows, SEED_OFFSET_PX, MEAN_OFFSET_PX } from "./method-rows.ts";

const PANEL = { width: 134, height: 92 } as const;
const FIGURE_WIDTH = 900;
const CHANCE_LABEL_PX = 11; // its height above the panel, beyond which a title begins
const TITLE_OFFSET_PX = 18;

/** Final accuracy by method, a row of panels per tier and a column per benchmark: each seed, the mean, base and chance. */
export function accuracyFigure(analysis: MainTableAnalysis, scale: string): TopLevelSpec {
  const tiers = tiersOf(analysis);
  const trained = analysis.cells.filter(({ method }) => method !== "base");
  const caption = [
    "Accuracy on five held-out benchmarks after training, in the roles of MATH-500, GSM8K, GPQA, AIME24 and",
    "LiveCodeBench.",
    `Small points: ${seedCount(trained)}; diamonds: mean over seeds; ${intervalText("bars", trained)}`,
    "Dashed: the base policy. Dotted: guessing among four choices. The panels of a tier share an axis.",
    ...smallestGains(analysis, "math-like", `accuracy on ${benchmarkOf("math-like").label}`),
  ];
  return {
    title: titleOf(
      "The main table: what four methods make of their base on five benchmarks",
      caption,
      scale,
      FIGURE_WIDTH,
    ),
    spacing: { row: 26, column: 16 },
    ...panelGrid(tiers, BENCHMARKS, (tier, benchmark, place) =>
      panel(analysis, tier, benchmark, axisOf(analysis, tier), place),
    ),
  };
}

function axisOf({ scores, cells }: MainTableAnalysis, tier: string): Axis {
  const ofTier = <Row extends { readonly tier: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.tier === tier);
  const chances = BENCHMARKS.flatMap(({ chance }) => chance ?? []);
  return accuracyAxis([
    ...chances,
    ...ofTier(scores).map(({ accuracy }) => accuracy),
    ...ofTier(cells).map(({ mean, high }) => high ?? mean),
  ]);
}

function panel(
  { scores, cells, items }: MainTableAnalysis,
  tier: string,
  { set, label, form, chance }: Benchmark & { readonly set: keyof MainTableAnalysis["items"] },
  axis: Axis,
  { isFirst, isLast, isLeft }: PanelPlace,
): Panel {
  const ofPanel = <Row extends { readonly tier: string; readonly benchmark: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.tier === tier && row.benchmark === set);
  const seeds = labelled(ofPanel(scores).filter(({ method }) => method !== "base")).map(({ items: _, ...row }) => row);
  const means = labelled(ofPanel(cells).filter(({ method }) => method !== "base"));
  const bases = ofPanel(cells).filter(({ method }) => method === "base");
  const x = {
    type: QUANTITATIVE,
    title: isLast && isLeft ? "accuracy" : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: ".1f", grid: true, labelFlush: false },
  };
  const y = methodRows(TRAINED_METHODS, tier, PANEL.height, isLeft);
  const color = { field: "label", type: NOMINAL, scale: methodScale(TRAINED_METHODS), legend: null };
  const bars = {
    data: { values: means },
    mark: { type: "rule" as const, strokeWidth: 1.8, yOffset: MEAN_OFFSET_PX },
    encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
  };
  const title = {
    text: label,
    subtitle: [form, `${items[set]} problems`],
    fontSize: SIZES.panel,
    subtitleFontSize: SIZES.tick,
    subtitleLineHeight: 13,
    subtitlePadding: 3,
    offset: chance === null ? TITLE_OFFSET_PX : TITLE_OFFSET_PX - CHANCE_LABEL_PX,
  };
  return {
    ...PANEL,
    ...(isFirst ? { title } : {}),
    layer: [
      ...(chance === null ? [] : chanceLine(chance, x)),
      {
        data: { values: bases },
        mark: { type: "rule", strokeDash: [5, 4], color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { x: { ...x, field: "mean" } },
      },
      {
        data: { values: seeds },
        mark: { type: "point", filled: true, size: 12, opacity: 0.5, yOffset: SEED_OFFSET_PX },
        encoding: { x: { ...x, field: "accuracy" }, y, color },
      },
      ...(means.some(({ low }) => low !== null) ? [bars] : []),
      {
        data: { values: means },
        mark: { type: "point", shape: "diamond", filled: true, size: 40, opacity: 1, yOffset: MEAN_OFFSET_PX },
        encoding: { x: { ...x, field: "mean" }, y, color },
      },
    ],
  };
}

function chanceLine(chance: number, x: object): Extract<Panel, { layer: unknown }>["layer"] {
  const data = { values: [{ chance, text: "chance" }] };
  const channel = { ...x, field: "chance", type: QUANTITATIVE };
  return [
    {
      data,
      mark: { type: "rule", strokeDash: [1.5, 3], color: METHOD_COLORS.format, strokeWidth: 1.25 },
      encoding: { x: channel },
    },
    {
      data,
      mark: { type: "text", align: "center", baseline: "bottom", fontSize: SIZES.tick, color: METHOD_COLORS.base },
      encoding: { x: channel, y: { value: -2 }, text: { field: "text" } },
    },
  ];
}
