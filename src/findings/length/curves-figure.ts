import type { TopLevelSpec } from "vega-lite";
import { methodScale, type ShownMethod, SIZES } from "../../figures/theme.ts";
import { COMPARED_METHODS } from "../collapse/sweep.ts";
import type { Axis, Panel, PanelPlace } from "../figure-parts.ts";
import { blockText } from "../training-blocks.ts";
import {
  NOMINAL,
  QUANTITATIVE,
  endLabels,
  labelled,
  lineEnds,
  panelGrid,
  panelTitle,
  rowTitle,
  seedCount,
  stepTicks,
  threeTickAxis,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import type { LengthAnalysis, RolloutMetric } from "./analysis.ts";
import { REFLECTION_SHARE } from "./analysis.ts";

interface Row {
  /** null: the held-out responses. */
  readonly metric: RolloutMetric | null;
  readonly title: readonly string[];
  readonly heightPx: number;
  /** The axis reaches this far at least. */
  readonly reach: number;
}

const ROWS: readonly Row[] = [
  { metric: null, title: ["held-out", "responses,", "tokens"], heightPx: 130, reach: 0 },
  { metric: "completions/mean_length", title: ["training", "rollouts,", "tokens"], heightPx: 80, reach: 0 },
  { metric: "completions/clipped_ratio", title: ["share of", "rollouts", "truncated"], heightPx: 62, reach: 0.1 },
  { metric: REFLECTION_SHARE, title: ["share of", "rollouts that", "reflect"], heightPx: 62, reach: 0.1 },
];

const PANEL_WIDTH = 160;
/** Row titles on the left, labels on the right. */
const MARGIN = 230;

/** Response length and truncation against step, a column per tier: a thin line per seed, the mean over seeds. */
export function curvesFigure(analysis: LengthAnalysis, scale: string): TopLevelSpec {
  const tiers = tiersOf(analysis);
  const rows = ROWS.filter(({ metric }) => metric === null || hasMetric(analysis, metric));
  const { longestTokens, blockSteps } = analysis;
  const cut = longestTokens === null ? "the longest length of its run" : `${longestTokens} tokens`;
  const caption = [
    `Mean response length in tokens, with the stop token. Thin lines: ${seedCount(analysis.heldOutMeans)} per method;`,
    "thick lines: mean over seeds. Held-out: the same problems throughout. Training rollouts",
    `${blockText(blockSteps, "(", ") ")}follow the level of the step's problems, which rises`,
    `by design under CuMa. Truncated: cut at ${cut}.`,
    ...(hasMetric(analysis, REFLECTION_SHARE) ? [] : ["Reflection-like steps were not recorded in these runs."]),
  ];
  return {
    title: titleOf(
      "How long responses are, by ability of the base model",
      caption,
      scale,
      MARGIN + PANEL_WIDTH * tiers.length,
    ),
    spacing: { row: 18, column: 18 },
    ...panelGrid(rows, tiers, (row, tier, place) => panel(analysis, row, tier, place)),
  };
}

function hasMetric({ rolloutMeans }: LengthAnalysis, wanted: RolloutMetric): boolean {
  return rolloutMeans.some(({ metric }) => metric === wanted);
}

function panel(analysis: LengthAnalysis, row: Row, tier: string, place: PanelPlace): Panel {
  const { perSeed, means, axis } = linesOf(analysis, row);
  const seeds = labelled(perSeed.filter((point) => point.tier === tier));
  const lines = labelled(means.filter((point) => point.tier === tier));
  const ticks = stepTicks(analysis.heldOut);
  const lastStep = ticks[ticks.length - 1];
  const x = {
    field: "step",
    type: QUANTITATIVE,
    title: place.isLast ? "step" : null,
    scale: { domain: [0, lastStep], nice: false },
    axis: {
      values: [0, Math.round(lastStep / 2), lastStep],
      labels: place.isLast,
      ticks: place.isLast,
      labelFlush: false,
    },
  };
  const y = {
    type: QUANTITATIVE,
    scale: { domain: [...axis.domain], nice: false },
    title: place.isLeft ? [...row.title] : null,
    axis: { values: [...axis.ticks], ...rowTitle(row.title, row.heightPx) },
  };
  const color = { field: "label", type: NOMINAL, scale: methodScale(COMPARED_METHODS), legend: null };
  const ends = {
    data: { values: endLabels(lineEnds(COMPARED_METHODS, lines), lastStep, axis.domain, row.heightPx) },
    mark: { type: "text" as const, align: "left" as const, baseline: "middle" as const, dx: 7, fontSize: SIZES.tick },
    encoding: { x, y: { ...y, field: "place" }, text: { field: "label" }, color },
  };
  return {
    width: PANEL_WIDTH,
    height: row.heightPx,
    ...(place.isFirst ? { title: panelTitle(analysis, tier, "base") } : {}),
    layer: [
      {
        data: { values: seeds },
        mark: { type: "line", strokeWidth: 0.9, opacity: 0.32 },
        encoding: { x, y: { ...y, field: "value" }, detail: { field: "seed" }, color },
      },
      {
        data: { values: lines },
        mark: { type: "line", strokeWidth: 2.2 },
        encoding: { x, y: { ...y, field: "mean" }, color },
      },
      ...(place.isRight ? [ends] : []),
    ],
  };
}

interface Point {
  readonly tier: string;
  readonly method: ShownMethod;
  readonly step: number;
}

interface Lines {
  readonly perSeed: readonly (Point & { readonly seed: number; readonly value: number })[];
  readonly means: readonly (Point & { readonly mean: number })[];
  /** Shared by the tiers, so that they can be compared. */
  readonly axis: Axis;
}

function linesOf({ heldOut, heldOutMeans, rollouts, rolloutMeans }: LengthAnalysis, { metric, reach }: Row): Lines {
  const perSeed =
    metric === null
      ? heldOut.map((row) => ({ ...row, value: row.length }))
      : rollouts.filter((row) => row.metric === metric);
  const means = metric === null ? heldOutMeans : rolloutMeans.filter((row) => row.metric === metric);
  return { perSeed, means, axis: threeTickAxis([reach, ...perSeed.map(({ value }) => value)]) };
}
