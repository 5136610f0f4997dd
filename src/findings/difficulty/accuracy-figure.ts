import type { TopLevelSpec } from "vega-lite";
import type { ShownMethod } from "../../figures/theme.ts";
import { METHOD_COLORS, METHOD_LABELS, SIZES } from "../../figures/theme.ts";
import { smallestEffect } from "../../stats/smallest-effect.ts";
import { seedLayers } from "../seed-layers.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  NOMINAL,
  QUANTITATIVE,
  accuracyAxis,
  baseAccuracyOf,
  endLabels,
  intervalText,
  panelGrid,
  rowTitle,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import { METHOD_NAMES } from "../method-names.ts";
import { inPoints } from "../points.ts";
import type { DifficultyAnalysis, HeldOutColumn } from "./analysis.ts";
import { HELD_OUT_COLUMNS } from "./analysis.ts";
import { HARDEST_LEVELS, levelSetName } from "./level-sets.ts";
import type { PaperCurves } from "./paper-curves.ts";

const PANEL = { width: 142, height: 140 } as const;
const FIGURE_WIDTH = 940;

const ROW_TITLES: Readonly<Record<HeldOutColumn, readonly string[]>> = {
  "eval/math-like/accuracy": ["accuracy on", "sums of", "all levels", "(MATH-like)"],
  "eval/gsm-like/accuracy": ["accuracy on", "stories of", "levels 1–3", "(GSM-like)"],
};

const METHODS = ["ttrl", "grpo"] as const;

/** In levels, to the side of the tick: where a method's means and its seeds stand. */
const OFFSETS = { ttrl: { mean: -0.07, seeds: -0.24 }, grpo: { mean: 0.07, seeds: 0.24 } } as const;

const X_DOMAIN = [1.55, 5.45] as const;

/** Final accuracy by hardest level trained on, a panel per tier and held-out set: seeds, means, the base. */
export function accuracyFigure(analysis: DifficultyAnalysis, curves: PaperCurves, scale: string): TopLevelSpec {
  const tiers = tiersOf({ bases: basesOn(analysis, HELD_OUT_COLUMNS[0]) });
  const labelled = analysis.finalMeans.some(({ method }) => method === "grpo");
  const caption = [
    `Held-out accuracy after training on ${analysis.problems} sums of levels 1 to k; no run trains on stories.`,
    `Small points: ${seedCount(analysis.finalMeans)}; large: mean over seeds; ${intervalText("bars", analysis.finalMeans)}`,
    "Dashed: the base policy. Each panel has an accuracy axis of its own.",
    ...(labelled ? [`${METHOD_NAMES.grpo}, which has labels, is a control on the weakest tier only.`] : []),
    ...smallestText(analysis, tiers[0]),
    paperText(curves),
  ];
  return {
    title: titleOf("Which difficulty can be learned from without labels", caption, scale, FIGURE_WIDTH),
    spacing: { row: 18, column: 14 },
    ...panelGrid(HELD_OUT_COLUMNS, tiers, (column, tier, place) => panel(analysis, column, tier, place)),
  };
}

function smallestText({ falls }: DifficultyAnalysis, tier: string): string[] {
  const fall = falls.find((row) => row.tier === tier && row.method === "ttrl" && row.column === HELD_OUT_COLUMNS[0]);
  if (fall === undefined || fall.n < 2) return [];
  const points = inPoints(smallestEffect(fall.values));
  const what = `The smallest fall from ${levelSetName(2)} to ${levelSetName(5)} on ${tier}, all levels, that n ${fall.n}`;
  return [`${what} can see with 80 % power: ${points} points.`];
}

/** What is known of the paper's curves, in words: its numbers have no place on our axes. */
function paperText({ size, curves }: PaperCurves): string {
  const known = curves.map(({ benchmark, byHardestLevel }) => {
    const points = Object.entries(byHardestLevel).flatMap(([level, accuracy]) =>
      accuracy === null ? [] : [`${accuracy} after levels ${levelSetName(Number(level))}`],
    );
    return `${benchmark} ${points.join(", ")}`;
  });
  return `The paper's own numbers, not drawn here (${size}, as far as known): ${known.join("; ")}.`;
}

function panel(analysis: DifficultyAnalysis, column: HeldOutColumn, tier: string, place: PanelPlace): Panel {
  const isHere = (row: { readonly column: HeldOutColumn; readonly tier: string }) =>
    row.column === column && row.tier === tier;
  const seeds = analysis.finals.filter(isHere).map((row) => placed(row, "seeds"));
  const means = analysis.finalMeans.filter(isHere).map((row) => placed(row, "mean"));
  const base = baseAccuracyOf({ bases: basesOn(analysis, column) }, tier);
  const axis = accuracyAxis([base, ...seeds.map(({ final }) => final)]);
  const x = {
    field: "x",
    type: QUANTITATIVE,
    title: place.isLast ? "levels trained on" : null,
    scale: { domain: [...X_DOMAIN], nice: false },
    axis: { values: [...HARDEST_LEVELS], labelExpr: "'1–' + datum.value", labels: place.isLast, ticks: place.isLast },
  };
  const title = ROW_TITLES[column];
  const y = {
    type: QUANTITATIVE,
    title: place.isLeft ? [...title] : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: ".1f", ...rowTitle(title, PANEL.height) },
  };
  const color = { field: "color", type: NOMINAL, scale: null, legend: null };
  return {
    ...PANEL,
    ...(place.isFirst ? { title: { text: `tier ${tier}`, fontSize: SIZES.panel, offset: 8 } } : {}),
    layer: [
      ...seedLayers({ x, y, color }, { base, seeds, means }, { seed: 12, seedOpacity: 0.5, line: 1.9, mean: 34 }),
      {
        data: { values: ends(means, base, axis.domain) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 4, fontSize: SIZES.tick },
        encoding: { x: { ...x, field: "step" }, y: { ...y, field: "place" }, text: { field: "label" }, color },
      },
    ],
  };
}

function placed<Row extends { readonly method: ShownMethod; readonly hardestLevel: number }>(
  row: Row,
  what: "mean" | "seeds",
): Row & { x: number; color: string } {
  const { ttrl, grpo } = OFFSETS;
  const offset = (row.method === "grpo" ? grpo : ttrl)[what];
  return { ...row, x: row.hardestLevel + offset, color: METHOD_COLORS[row.method] };
}

/** Names of the lines at their right ends, in their colours. */
function ends(
  means: readonly { readonly method: ShownMethod; readonly hardestLevel: number; readonly mean: number }[],
  base: number,
  domain: readonly [number, number],
): { label: string; step: number; place: number; color: string }[] {
  const lines = METHODS.flatMap((method) => {
    const line = means.filter((row) => row.method === method);
    if (line.length === 0) return [];
    const last = line.reduce((latest, row) => (row.hardestLevel > latest.hardestLevel ? row : latest));
    return [{ label: METHOD_LABELS[method], value: last.mean, color: METHOD_COLORS[method] }];
  });
  const all = [...lines, { label: `base ${base.toFixed(2)}`, value: base, color: METHOD_COLORS.base }];
  const labels = endLabels(all, X_DOMAIN[1], domain, PANEL.height);
  return labels.map((label, index) => ({ ...label, color: all[index].color }));
}

function basesOn({ bases }: DifficultyAnalysis, column: HeldOutColumn): DifficultyAnalysis["bases"] {
  return bases.filter((row) => row.column === column);
}
