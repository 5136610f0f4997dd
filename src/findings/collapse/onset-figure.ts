import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, METHOD_LABELS, SIZES } from "../../figures/theme.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  NOMINAL,
  QUANTITATIVE,
  endLabels,
  panelGrid,
  panelTitle,
  rowTitle,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import { blockText } from "../training-blocks.ts";
import type { AgreementCurves } from "./agreement.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { COMPARED_METHODS } from "./sweep.ts";

type Method = (typeof COMPARED_METHODS)[number];

interface Kind {
  readonly value: "agreement" | "labelAccuracy" | "accuracy";
  readonly label: string;
  readonly dash: readonly number[];
  readonly widthPx: number;
  readonly hasSeeds: boolean;
}

const KINDS: readonly Kind[] = [
  { value: "agreement", label: "majority share", dash: [6, 3], widthPx: 2, hasSeeds: true },
  { value: "labelAccuracy", label: "label accuracy", dash: [], widthPx: 2.4, hasSeeds: true },
  { value: "accuracy", label: "right rollouts", dash: [1.5, 2.5], widthPx: 2, hasSeeds: false },
];

const PANEL = { width: 150, height: 104 } as const;
const FIGURE_WIDTH = 860;

/** The first steps magnified: how far rollouts agree and how often what they agree on is right, by method and tier. */
export function onsetFigure(analysis: CollapseAnalysis, scale: string): TopLevelSpec {
  const { onset } = analysis;
  const tiers = tiersOf(analysis);
  const methods = COMPARED_METHODS.filter((method) => onset.means.some((row) => row.method === method));
  const caption = [
    `The first ${onset.steps} steps of training, rollouts of each step${blockText(onset.blockSteps, ", means over ", "")}.`,
    "Dashed: majority share, the rollouts that give their group's most frequent answer, which is the reward of TTRL and",
    "CuMa. Solid: label accuracy, the groups whose most frequent answer is right. Dotted: the rollouts that are right,",
    `the reward of GRPO. Thick: mean over ${seedCount(onset.means)}; thin: each seed. CuMa goes from the easiest problems`,
    "to harder ones by design, so its problems are not those of the others.",
  ];
  return {
    title: titleOf("The first steps: what rollouts agree on", caption, scale, FIGURE_WIDTH),
    spacing: { row: 18, column: 18 },
    ...panelGrid(methods, tiers, (method, tier, place) => panel(analysis, method, tier, place)),
  };
}

function panel(analysis: CollapseAnalysis, method: Method, tier: string, place: PanelPlace): Panel {
  const { rows, means, steps } = analysis.onset;
  const isShown = (row: { readonly method: string; readonly tier: string }): boolean =>
    row.method === method && row.tier === tier;
  const seeds = rows.filter(isShown);
  const lines = means.filter(isShown);
  const color = METHOD_COLORS[method];
  const title = [METHOD_LABELS[method]];
  const x = {
    field: "step",
    type: QUANTITATIVE,
    title: place.isLast ? "step" : null,
    scale: { domain: [0, steps], nice: false },
    axis: { values: [0, steps / 2, steps], labels: place.isLast, ticks: place.isLast, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    scale: { domain: [0, 1], nice: false },
    title: place.isLeft ? title : null,
    axis: { values: [0, 0.5, 1], ...rowTitle(title, PANEL.height), titleColor: color },
  };
  return {
    ...PANEL,
    ...(place.isFirst ? { title: panelTitle(analysis, tier, "base") } : {}),
    layer: [
      ...KINDS.filter(({ hasSeeds }) => hasSeeds).map(({ value, dash }) => ({
        data: { values: seeds },
        mark: { type: "line" as const, strokeWidth: 0.8, opacity: 0.28, strokeDash: [...dash], color },
        encoding: { x, y: { ...y, field: value }, detail: { field: "seed", type: NOMINAL } },
      })),
      ...KINDS.map(({ value, dash, widthPx }) => ({
        data: { values: lines },
        mark: { type: "line" as const, strokeWidth: widthPx, strokeDash: [...dash], color },
        encoding: { x, y: { ...y, field: value } },
      })),
      ...(place.isRight ? [names(lines, steps, x, y, color)] : []),
    ],
  };
}

function names(lines: AgreementCurves["means"], steps: number, x: object, y: object, color: string) {
  const last = lines.at(-1);
  const ends = last === undefined ? [] : KINDS.map(({ label, value }) => ({ label, value: last[value] }));
  return {
    data: { values: endLabels(ends, steps, [0, 1], PANEL.height) },
    mark: {
      type: "text" as const,
      align: "left" as const,
      baseline: "middle" as const,
      dx: 6,
      fontSize: SIZES.tick,
      color,
    },
    encoding: { x, y: { ...y, field: "place" }, text: { field: "label" } },
  };
}
