import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, METHOD_LABELS, SIZES } from "../../figures/theme.ts";
import { chanceAt } from "../../stats/firth-logistic.ts";
import type { Axis, Panel, PanelPlace } from "../figure-parts.ts";
import { NOMINAL, panelGrid, QUANTITATIVE, rowTitle, titleOf } from "../figure-parts.ts";
import type { LabelFree, Outcome, ThresholdAnalysis, ThresholdRun } from "./analysis.ts";
import { LABEL_FREE } from "./analysis.ts";
import type { Boundary } from "./boundary.ts";
import { describeBoundary } from "./boundary.ts";

const GAIN_HEIGHT = 190;
const CHANCE_HEIGHT = 84;
const PANEL_WIDTH = 178;
const FIGURE_WIDTH = 930;
const CURVE_POINTS = 60;

/** Shapes say what colours say. */
const OUTCOMES: Readonly<Record<Outcome, { readonly color: string; readonly shape: string }>> = {
  helps: { color: "#1d74d8", shape: "triangle-up" },
  holds: { color: "#70767c", shape: "circle" },
  hurts: { color: "#c24a08", shape: "triangle-down" },
};

type ShownMethod = LabelFree | "grpo";

const ROWS = ["gain", "chance"] as const;

const ROW_TITLES = {
  gain: ["gain in", "held-out", "accuracy"],
  chance: ["share of runs", "that end", "above base"],
} as const;

/** Gain against base accuracy, and the chance of a gain, a column per method: where training helps, holds and hurts. */
export function mapFigure(analysis: ThresholdAnalysis, scale: string): TopLevelSpec {
  const methods = ([...LABEL_FREE, "grpo"] as const).filter((method) =>
    analysis.runs.some((run) => run.method === method),
  );
  const boundaries = analysis.boundaries;
  const most = Math.max(0, ...boundaries.map(({ n }) => n));
  const hasIntervals = boundaries.some(({ low }) => low !== null);
  const caption = [
    `One point per run, at the accuracy of its base checkpoint (n = ${most} base checkpoints); hollow: bases of another`,
    `model size. A run holds within the noise of two measurements on ${analysis.items} problems, and helps or hurts beyond it.`,
    "Rule: the boundary, the base accuracy at which a run is as likely to end above its base as below, by a penalised",
    `logistic fit (curve below)${hasIntervals ? "; band: its 95 % bootstrap interval over base checkpoints" : ""}.`,
    ...(methods.includes("grpo")
      ? ["GRPO, which has labels, is the ceiling and ran on the four main tiers only."]
      : []),
  ];
  const axes = { base: baseAxis(analysis.runs), gain: gainAxis(analysis.runs) };
  return {
    title: titleOf("How much ability label-free RL needs", caption, scale, FIGURE_WIDTH),
    spacing: { row: 14, column: 16 },
    ...panelGrid(ROWS, methods, (row, method, place) => panel(analysis, row, method, place, axes)),
  };
}

interface Axes {
  readonly base: Axis;
  readonly gain: Axis;
}

function panel(
  analysis: ThresholdAnalysis,
  row: (typeof ROWS)[number],
  method: ShownMethod,
  place: PanelPlace,
  axes: Axes,
): Panel {
  const runs = analysis.runs.filter((run) => run.method === method);
  const boundary = analysis.boundaries.find((found) => found.method === method);
  const height = row === "gain" ? GAIN_HEIGHT : CHANCE_HEIGHT;
  const valueAxis: Axis = row === "gain" ? axes.gain : { domain: [-0.06, 1.06], ticks: [0, 0.5, 1] };
  const x = {
    type: QUANTITATIVE,
    title: place.isLast ? "accuracy of the base" : null,
    scale: { domain: [...axes.base.domain], nice: false },
    axis: { values: [...axes.base.ticks], format: ".1f", labels: place.isLast, ticks: place.isLast, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: place.isLeft ? [...ROW_TITLES[row]] : null,
    scale: { domain: [...valueAxis.domain], nice: false },
    axis: { values: [...valueAxis.ticks], format: ".1f", ...rowTitle(ROW_TITLES[row], height) },
  };
  return {
    width: PANEL_WIDTH,
    height,
    ...(place.isFirst ? { title: panelTitle(method, boundary) } : {}),
    layer: [
      ...boundaryLayers(boundary, x, valueAxis.domain),
      {
        data: { values: [{ level: row === "gain" ? 0 : 0.5 }] },
        mark: { type: "rule", strokeDash: [5, 4], color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { y: { ...y, field: "level" } },
      },
      ...(row === "gain" ? runLayers(runs, x, y) : chanceLayers(runs, boundary, axes.base.domain, x, y, method)),
    ],
  };
}

interface PanelTitle {
  readonly text: string;
  readonly color: string;
  readonly fontSize: number;
  readonly offset: number;
  readonly subtitle: string;
  readonly subtitleFontSize: number;
}

function panelTitle(method: ShownMethod, boundary: Boundary | undefined): PanelTitle {
  const text = boundary === undefined ? "labels: no boundary fitted" : `boundary ${describeBoundary(boundary)}`;
  return {
    text: METHOD_LABELS[method],
    color: METHOD_COLORS[method],
    fontSize: SIZES.panel,
    offset: 8,
    subtitle: text,
    subtitleFontSize: SIZES.label,
  };
}

type Channel = { readonly type: "quantitative" } & Readonly<Record<string, unknown>>;
type Layer = Extract<Panel, { layer: unknown }>["layer"][number];

function boundaryLayers(boundary: Boundary | undefined, x: Channel, [bottom, top]: readonly [number, number]): Layer[] {
  if (boundary === undefined) return [];
  const { estimate, low, high } = boundary;
  const band: Layer = {
    data: { values: [{ low, high, bottom, top }] },
    mark: { type: "rect", color: "#e2c044", opacity: 0.3 },
    encoding: {
      x: { ...x, field: "low" },
      x2: { field: "high" },
      y: { field: "bottom", type: QUANTITATIVE },
      y2: { field: "top" },
    },
  };
  const rule: Layer = {
    data: { values: [{ estimate }] },
    mark: { type: "rule", color: "#8a6d00", strokeWidth: 1.6 },
    encoding: { x: { ...x, field: "estimate" } },
  };
  return low === null || high === null ? [rule] : [band, rule];
}

function runLayers(runs: readonly ThresholdRun[], x: Channel, y: Channel): Layer[] {
  const names = Object.keys(OUTCOMES) as Outcome[];
  const color = {
    field: "outcome",
    type: NOMINAL,
    scale: { domain: names, range: names.map((name) => OUTCOMES[name].color) },
    legend: { title: null, orient: "right" as const, symbolStrokeWidth: 1.5, symbolSize: 70 },
  };
  const shape = {
    field: "outcome",
    type: NOMINAL,
    scale: { domain: names, range: names.map((name) => OUTCOMES[name].shape) },
    legend: { title: null, orient: "right" as const },
  };
  const encoding = { x: { ...x, field: "base" }, y: { ...y, field: "gain" }, color, shape };
  return [true, false].flatMap((isOneShape): Layer[] => {
    const values = runs.filter((run) => run.isOneShape === isOneShape);
    const size = { size: 38, strokeWidth: 1.3, opacity: isOneShape ? 0.75 : 0.95 };
    return values.length === 0
      ? []
      : [{ data: { values }, mark: { type: "point", filled: isOneShape, ...size }, encoding }];
  });
}

function chanceLayers(
  runs: readonly ThresholdRun[],
  boundary: Boundary | undefined,
  [from, to]: readonly [number, number],
  x: Channel,
  y: Channel,
  method: ShownMethod,
): Layer[] {
  const shares: Layer = {
    data: { values: sharesByBase(runs) },
    mark: { type: "point", filled: true, size: 22, opacity: 0.6, color: METHOD_COLORS[method] },
    encoding: { x: { ...x, field: "base" }, y: { ...y, field: "share" } },
  };
  if (boundary === undefined) return [shares];
  const curve = Array.from({ length: CURVE_POINTS + 1 }, (_, index) => {
    const base = from + ((to - from) * index) / CURVE_POINTS;
    return { base, chance: chanceAt(boundary.fit, base) };
  });
  const line: Layer = {
    data: { values: curve },
    mark: { type: "line", strokeWidth: 1.9, color: METHOD_COLORS[method] },
    encoding: { x: { ...x, field: "base" }, y: { ...y, field: "chance" } },
  };
  return [line, shares];
}

function sharesByBase(runs: readonly ThresholdRun[]): { base: number; share: number }[] {
  const bases = [...new Map(runs.map((run) => [`${run.tier}/${run.baseSeed}`, run])).values()];
  return bases.map(({ tier, baseSeed, base }) => {
    const ofBase = runs.filter((run) => run.tier === tier && run.baseSeed === baseSeed);
    return { base, share: ofBase.filter(({ gain }) => gain > 0).length / ofBase.length };
  });
}

function baseAxis(runs: readonly ThresholdRun[]): Axis {
  const tenths = Math.ceil(Math.max(...runs.map(({ base }) => base)) * 10 + 0.2);
  return { domain: [0, tenths / 10], ticks: Array.from({ length: tenths + 1 }, (_, index) => index / 10) };
}

/** From a tenth below the smallest gain to one above the largest, with at most seven ticks. */
function gainAxis(runs: readonly ThresholdRun[]): Axis {
  const gains = runs.map(({ gain }) => gain);
  const low = Math.floor(Math.min(0, ...gains) * 10 - 0.2);
  const high = Math.ceil(Math.max(0, ...gains) * 10 + 0.2);
  const every = high - low > 7 ? 2 : 1;
  const ticks: number[] = [];
  for (let tenth = Math.ceil(low / every) * every; tenth <= high; tenth += every) ticks.push(tenth / 10);
  return { domain: [low / 10, high / 10], ticks };
}
