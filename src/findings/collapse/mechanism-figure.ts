import type { TopLevelSpec } from "vega-lite";
import type { ShownMethod } from "../../figures/theme.ts";
import { methodScale, SIZES } from "../../figures/theme.ts";
import type { CollapseAnalysis, MechanismMetric } from "./analysis.ts";
import type { Axis, Panel, PanelPlace } from "../figure-parts.ts";
import { blockText } from "../training-blocks.ts";
import {
  NOMINAL,
  QUANTITATIVE,
  endLabels,
  intervalText,
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
import { COMPARED_METHODS } from "./sweep.ts";

interface Row {
  readonly metric: MechanismMetric;
  readonly title: readonly string[];
  readonly methods: readonly ShownMethod[];
  /** Shown from 0 to 1 whatever the values. */
  readonly isShare: boolean;
}

const SHARE_AXIS: Axis = { domain: [0, 1], ticks: [0, 0.5, 1] };

const REWARDED_WITH_01 = COMPARED_METHODS.filter((method) => method !== "intuitor");

const ROWS: readonly Row[] = [
  {
    metric: "labelfree/label_accuracy",
    title: ["label accuracy:", "share of majority", "answers that are right"],
    methods: COMPARED_METHODS,
    isShare: true,
  },
  {
    metric: "labelfree/majority_share",
    title: ["majority share:", "rollouts that give", "that answer"],
    methods: COMPARED_METHODS,
    isShare: true,
  },
  { metric: "reward", title: ["reward", "(0 or 1)"], methods: REWARDED_WITH_01, isShare: true },
  {
    metric: "reward",
    title: ["reward of Intuitor:", "self-certainty", "(nats)"],
    methods: ["intuitor"],
    isShare: false,
  },
  {
    metric: "labelfree/masked_fraction",
    title: ["groups masked", "by CuMa"],
    methods: ["cuma"],
    isShare: false,
  },
  { metric: "entropy", title: ["entropy", "(nats per token)"], methods: COMPARED_METHODS, isShare: false },
  {
    metric: "completions/mean_length",
    title: ["length", "(tokens)"],
    methods: COMPARED_METHODS,
    isShare: false,
  },
];

const PANEL = { width: 262, height: 66 };
const FIGURE_WIDTH = 840;

/** What training does to votes, rewards and outputs, on the weakest and the strongest tier. */
export function mechanismFigure(analysis: CollapseAnalysis, scale: string): TopLevelSpec {
  const all = tiersOf(analysis);
  const tiers = [...new Set([all[0], all[all.length - 1]])];
  const rows = ROWS.filter(({ metric, methods }) =>
    analysis.mechanism.some((row) => row.metric === metric && methods.includes(row.method)),
  );
  const caption = [
    "Training rollouts of the weakest and the strongest tier.",
    `Lines: ${blockText(analysis.blockSteps, "", ", ")}mean over ${seedCount(analysis.mechanism)};`,
    intervalText("bands", analysis.mechanism),
  ];
  return {
    title: titleOf("How votes turn into false labels, or into right ones", caption, scale, FIGURE_WIDTH),
    spacing: { row: 16, column: 20 },
    ...panelGrid(rows, tiers, (row, tier, place) => panel(analysis, row, tier, place)),
  };
}

function panel(analysis: CollapseAnalysis, row: Row, tier: string, place: PanelPlace): Panel {
  const ofRow = analysis.mechanism.filter(
    ({ metric, method }) => metric === row.metric && row.methods.includes(method),
  );
  const values = labelled(ofRow.filter((point) => point.tier === tier));
  const ticks = stepTicks(analysis.heldOut);
  const lastStep = ticks[ticks.length - 1];
  const axis = row.isShare ? SHARE_AXIS : threeTickAxis(ofRow.map(({ mean, high }) => high ?? mean));
  const x = {
    field: "step",
    type: QUANTITATIVE,
    title: place.isLast ? "step" : null,
    scale: { domain: [0, lastStep], nice: false },
    axis: { values: ticks, labels: place.isLast, ticks: place.isLast, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    scale: { domain: [...axis.domain], nice: false },
    title: place.isLeft ? [...row.title] : null,
    axis: {
      values: [...axis.ticks],
      ...rowTitle(row.title, PANEL.height),
    },
  };
  const color = { field: "label", type: NOMINAL, scale: methodScale(COMPARED_METHODS), legend: null };
  const band = {
    mark: { type: "area" as const, opacity: 0.16 },
    encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  };
  const ends = {
    data: { values: endLabels(lineEnds(COMPARED_METHODS, values), lastStep, axis.domain, PANEL.height) },
    mark: { type: "text" as const, align: "left" as const, baseline: "middle" as const, dx: 7, fontSize: SIZES.tick },
    encoding: { x, y: { ...y, field: "place" }, text: { field: "label" }, color },
  };
  return {
    ...PANEL,
    ...(place.isFirst ? { title: panelTitle(analysis, tier) } : {}),
    data: { values },
    layer: [
      ...(values.some(({ low }) => low !== null) ? [band] : []),
      { mark: { type: "line", strokeWidth: 1.9 }, encoding: { x, y: { ...y, field: "mean" }, color } },
      ...(place.isRight ? [ends] : []),
    ],
  };
}
