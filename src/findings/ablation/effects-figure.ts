import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS } from "../../figures/theme.ts";
import { intervalText, panelTitle, QUANTITATIVE, seedCount, tiersOf, titleOf } from "../figure-parts.ts";
import { inPoints, signedPoints } from "../points.ts";
import type { AblationAnalysis } from "./analysis.ts";
import { armWithout } from "./arms.ts";
import type { Effect, EffectKind } from "./effects.ts";
import { EFFECTS } from "./effects.ts";
import type { PaperAblation } from "./paper-ablation.ts";
import { attainabilityNote, paperArmDifference } from "./paper-ablation.ts";
import type { Panel } from "../figure-parts.ts";
import { MEAN_OFFSET_PX, printedColumn, ROW_SEPARATOR, rowChannel, SEED_OFFSET_PX } from "../panel-rows.ts";

const PANEL_WIDTH = 138;
const ROW_HEIGHT = 25;
const FIGURE_WIDTH = 860;
const NO_BREAK = "\u00a0";

const HEADINGS: Readonly<Record<EffectKind, string>> = {
  "leave-one-out": "Full CuMa − without …",
  main: "Main effect of …",
  interaction: "Interaction of …",
};

/** What each component adds, in points, a panel per tier: leave-one-out and main effects, interactions. */
export function effectsFigure(analysis: AblationAnalysis, paper: PaperAblation, scale: string): TopLevelSpec {
  const tiers = tiersOf(analysis).filter((tier) => analysis.effects.some((row) => row.tier === tier));
  const effects = EFFECTS.filter((effect) => analysis.effectMeans.some((row) => isOf(row, effect)));
  const labels = rowLabels(effects);
  const unattainable = attainabilityNote(paper);
  const caption = [
    "Points of held-out accuracy that a component adds: to the other two (leave-one-out, as in the paper's ablation),",
    "on average over all combinations of the others (main effect), and half of what one adds more beside another",
    "(interaction).",
    intervals(analysis),
    "Each panel has an axis of its own.",
    `At the right: differences of the paper's printed accuracies (${paper.size}, ${paper.benchmark}).`,
    ...(unattainable === null ? [] : [`Of these accuracies, ${unattainable}.`]),
    ...smallestText(analysis, tiers),
    ...maskedText(analysis, tiers),
  ];
  return {
    title: titleOf("What the curriculum, generated data and the mask add", caption, scale, FIGURE_WIDTH),
    spacing: 18,
    columns: tiers.length + 1,
    concat: [
      ...tiers.map((tier, index) => panel(analysis, effects, labels, tier, index === 0)),
      ...printedColumn(labels, printedDrops(effects, paper), [`paper, ${paper.size}`], labels.length * ROW_HEIGHT),
    ],
  };
}

function intervals({ effectMeans }: AblationAnalysis): string {
  const bars = intervalText("bars", effectMeans);
  return `Small points: differences within each of ${seedCount(effectMeans)}; diamonds: mean over seeds; ${bars}`;
}

function smallestText({ smallestDrops }: AblationAnalysis, tiers: readonly string[]): string[] {
  const sizes = tiers.flatMap((tier) =>
    smallestDrops.filter((row) => row.tier === tier).map(({ drop }) => `${tier}${NO_BREAK}${inPoints(drop)}`),
  );
  if (sizes.length === 0) return [];
  return [`Smallest leave-one-out effect that these seeds can see with 80 % power, in points: ${sizes.join(", ")}.`];
}

function maskedText({ masked }: AblationAnalysis, tiers: readonly string[]): string[] {
  const shares = tiers.flatMap((tier) =>
    masked.filter((row) => row.tier === tier).map(({ mean }) => `${tier}${NO_BREAK}${inPoints(mean)}${NO_BREAK}%`),
  );
  return shares.length === 0 ? [] : [`Groups that the mask dropped in full CuMa: ${shares.join(", ")}.`];
}

/** Rows from top to bottom, a heading above each kind. */
function rowLabels(effects: readonly Effect[]): string[] {
  return (["leave-one-out", "main", "interaction"] as const).flatMap((kind) => {
    const rows = effects.filter((effect) => effect.kind === kind).map(rowLabel);
    return rows.length === 0 ? [] : [HEADINGS[kind], ...rows];
  });
}

function rowLabel({ kind, label }: Effect): string {
  return `${kind}${ROW_SEPARATOR}${label}`;
}

function printedDrops(effects: readonly Effect[], paper: PaperAblation): { label: string; text: string }[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== "leave-one-out") return [];
    const { difference } = paperArmDifference(paper, "cuma", armWithout(effect.components[0]));
    return difference === null ? [] : [{ label: rowLabel(effect), text: signedPoints(difference) }];
  });
}

function panel(
  analysis: AblationAnalysis,
  effects: readonly Effect[],
  labels: readonly string[],
  tier: string,
  isFirst: boolean,
): Panel {
  const shown = <Row extends { readonly tier: string; readonly kind: EffectKind; readonly effect: string }>(
    rows: readonly Row[],
  ) =>
    effects.flatMap((effect) =>
      rows.filter((row) => row.tier === tier && isOf(row, effect)).map((row) => ({ ...row, label: rowLabel(effect) })),
    );
  const seeds = shown(analysis.effects).map(({ label, value }) => ({ label, value: value * 100 }));
  const means = shown(analysis.effectMeans).map(({ label, mean, low, high }) => ({
    label,
    mean: mean * 100,
    low: low === null ? null : low * 100,
    high: high === null ? null : high * 100,
  }));
  const ticks = pointTicks([
    ...seeds.map(({ value }) => value),
    ...means.flatMap(({ mean, low, high }) => [low ?? mean, high ?? mean]),
  ]);
  const x = {
    type: QUANTITATIVE,
    title: isFirst ? "points of accuracy" : null,
    scale: { domain: [ticks[0], ticks[ticks.length - 1]], nice: false },
    axis: { values: ticks, grid: true, labelFlush: false },
  };
  const y = rowChannel(labels, isFirst, Object.values(HEADINGS));
  const color = METHOD_COLORS.cuma;
  const bars = {
    data: { values: means },
    mark: { type: "rule" as const, strokeWidth: 1.8, color, yOffset: MEAN_OFFSET_PX },
    encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y },
  };
  return {
    width: PANEL_WIDTH,
    height: labels.length * ROW_HEIGHT,
    title: panelTitle(analysis, tier, "base"),
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { x: { ...x, field: "zero" } },
      },
      {
        data: { values: seeds },
        mark: { type: "point", filled: true, size: 12, opacity: 0.5, color, yOffset: SEED_OFFSET_PX },
        encoding: { x: { ...x, field: "value" }, y },
      },
      ...(means.some(({ low }) => low !== null) ? [bars] : []),
      {
        data: { values: means },
        mark: { type: "point", shape: "diamond", filled: true, size: 40, opacity: 1, color, yOffset: MEAN_OFFSET_PX },
        encoding: { x: { ...x, field: "mean" }, y },
      },
    ],
  };
}

/** Ticks from below all values to above them, at most seven, 0 among them. */
export function pointTicks(values: readonly number[]): number[] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = [1, 2, 5, 10, 20, 50].find((size) => Math.ceil(high / size) - Math.floor(low / size) <= 6) ?? 50;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function isOf(row: { readonly kind: EffectKind; readonly effect: string }, { kind, label }: Effect): boolean {
  return row.kind === kind && row.effect === label;
}
