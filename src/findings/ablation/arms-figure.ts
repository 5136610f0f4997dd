import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS } from "../../figures/theme.ts";
import {
  accuracyAxis,
  baseAccuracyOf,
  intervalText,
  NOMINAL,
  panelTitle,
  QUANTITATIVE,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import type { AblationAnalysis } from "./analysis.ts";
import type { Arm, ArmName } from "./arms.ts";
import { ARMS, armNamed } from "./arms.ts";
import type { PaperAblation } from "./paper-ablation.ts";
import { attainabilityNote, printedFor } from "./paper-ablation.ts";
import type { Panel } from "../figure-parts.ts";
import { MEAN_OFFSET_PX, printedColumn, rowChannel, SEED_OFFSET_PX } from "../panel-rows.ts";

const PANEL_WIDTH = 138;
const ROW_HEIGHT = 28;
const FIGURE_WIDTH = 860;

/** Final held-out accuracy of every arm, a panel per tier: each seed, the mean over seeds, the base, the paper's rows. */
export function armsFigure(analysis: AblationAnalysis, paper: PaperAblation, scale: string): TopLevelSpec {
  const tiers = tiersOf(analysis);
  const arms = ARMS.filter(({ name }) => analysis.means.some((row) => row.arm === name));
  const unattainable = attainabilityNote(paper);
  const caption = [
    `Held-out accuracy after training on ${analysis.problems} problems in every arm.`,
    `Small points: ${seedCount(analysis.means)}; diamonds: mean over seeds; ${intervalText("bars", analysis.means)}`,
    "Dashed: the base policy. Each panel has an accuracy axis of its own.",
    `Bold, with filled diamonds: the rows of the paper's ablation (${paper.size}, ${paper.benchmark}), printed at the right.`,
    ...(unattainable === null ? [] : [`Of these, ${unattainable}.`]),
  ];
  const labels = arms.map(({ label }) => label);
  const printed = arms.flatMap(({ name, label }) => {
    const text = printedFor(paper, name);
    return text === null ? [] : [{ label, text: `${text} %` }];
  });
  return {
    title: titleOf("Mask, curriculum and generated data: every combination", caption, scale, FIGURE_WIDTH),
    spacing: 18,
    columns: tiers.length + 1,
    concat: [
      ...tiers.map((tier, index) => panel(analysis, paper, arms, tier, index === 0)),
      ...printedColumn(labels, printed, [`paper, ${paper.size}`], arms.length * ROW_HEIGHT),
    ],
  };
}

function panel(
  analysis: AblationAnalysis,
  paper: PaperAblation,
  arms: readonly Arm[],
  tier: string,
  isFirst: boolean,
): Panel {
  const isInPaper = (arm: ArmName): boolean => printedFor(paper, arm) !== null;
  const shown = <Row extends { readonly tier: string; readonly arm: ArmName }>(rows: readonly Row[]) =>
    rows
      .filter((row) => row.tier === tier)
      .map((row) => ({ ...row, ...shownArm(row.arm), inPaper: isInPaper(row.arm) }));
  const seeds = shown(analysis.finals);
  const means = shown(analysis.means);
  const base = baseAccuracyOf(analysis, tier);
  const axis = accuracyAxis([base, ...seeds.map(({ final }) => final), ...means.map(({ high, mean }) => high ?? mean)]);
  const x = {
    type: QUANTITATIVE,
    title: isFirst ? "held-out accuracy" : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: ".1f", grid: true, labelFlush: false },
  };
  const bold = arms.filter(({ name }) => isInPaper(name)).map(({ label }) => label);
  const y = rowChannel(
    arms.map(({ label }) => label),
    isFirst,
    bold,
  );
  const color = { field: "color", type: NOMINAL, scale: null, legend: null };
  const fill = { condition: { test: "datum.inPaper", field: "color", type: NOMINAL, scale: null }, value: "white" };
  const bars = {
    data: { values: means },
    mark: { type: "rule" as const, strokeWidth: 1.8, yOffset: MEAN_OFFSET_PX },
    encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
  };
  return {
    width: PANEL_WIDTH,
    height: arms.length * ROW_HEIGHT,
    title: panelTitle(analysis, tier, "base"),
    layer: [
      {
        data: { values: [{ base }] },
        mark: { type: "rule", strokeDash: [5, 4], color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { x: { ...x, field: "base" } },
      },
      {
        data: { values: seeds },
        mark: { type: "point", filled: true, size: 12, opacity: 0.5, yOffset: SEED_OFFSET_PX },
        encoding: { x: { ...x, field: "final" }, y, color },
      },
      ...(means.some(({ low }) => low !== null) ? [bars] : []),
      {
        data: { values: means },
        mark: { type: "point", shape: "diamond", size: 40, opacity: 1, strokeWidth: 1.6, yOffset: MEAN_OFFSET_PX },
        encoding: { x: { ...x, field: "mean" }, y, stroke: color, fill },
      },
    ],
  };
}

function shownArm(name: ArmName): { label: string; color: string } {
  const { label, spec } = armNamed(name);
  return { label, color: METHOD_COLORS[spec.method] };
}
