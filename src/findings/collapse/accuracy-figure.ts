import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, METHOD_LABELS, methodScale, SIZES } from "../../figures/theme.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import type { Panel } from "../figure-parts.ts";
import {
  accuracyAxis,
  baseAccuracyOf,
  endLabels,
  labelled,
  lineEnds,
  NOMINAL,
  panelTitle,
  QUANTITATIVE,
  seedCount,
  stepTicks,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import { COMPARED_METHODS } from "./sweep.ts";

const COLUMNS = 2;
const PANEL = { width: 290, height: 165 } as const;
const FIGURE_WIDTH = 800;

/** Held-out accuracy against step, one panel per tier: a thin line per seed, the mean over seeds, the base. */
export function accuracyFigure(analysis: CollapseAnalysis, scale: string): TopLevelSpec {
  const tiers = tiersOf(analysis);
  const caption = [
    "Accuracy on held-out sums of all levels (MATH-like) during training.",
    `Thin lines: ${seedCount(analysis.heldOutMeans)} per method; thick lines: mean over seeds; dashed: the base policy.`,
    "Each panel has an accuracy axis of its own.",
  ];
  return {
    title: titleOf("Label-free RL from weak and from strong base models", caption, scale, FIGURE_WIDTH),
    spacing: { row: 24, column: 24 },
    columns: COLUMNS,
    concat: tiers.map((tier, index) =>
      panel(analysis, tier, { isLeft: index % COLUMNS === 0, isLowest: index + COLUMNS >= tiers.length }),
    ),
  };
}

interface Place {
  readonly isLeft: boolean;
  readonly isLowest: boolean;
}

function panel(analysis: CollapseAnalysis, tier: string, place: Place): Panel {
  const seeds = labelled(analysis.heldOut.filter((row) => row.tier === tier));
  const means = labelled(analysis.heldOutMeans.filter((row) => row.tier === tier));
  const base = baseAccuracyOf(analysis, tier);
  const ticks = stepTicks(analysis.heldOut);
  const lastStep = ticks[ticks.length - 1];
  const axis = accuracyAxis([base, ...seeds.map(({ accuracy }) => accuracy)]);
  const x = {
    field: "step",
    type: QUANTITATIVE,
    title: place.isLowest ? "step" : null,
    scale: { domain: [0, lastStep], nice: false },
    axis: { values: ticks, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: place.isLeft ? "held-out accuracy" : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: ".1f" },
  };
  const color = { field: "label", type: NOMINAL, scale: methodScale([...COMPARED_METHODS, "base"]), legend: null };
  const ends = [...lineEnds(COMPARED_METHODS, means), { label: METHOD_LABELS.base, value: base }];
  return {
    ...PANEL,
    title: panelTitle(analysis, tier),
    layer: [
      {
        data: { values: [{ base }] },
        mark: { type: "rule", strokeDash: [5, 4], color: METHOD_COLORS.base, strokeWidth: 1.25 },
        encoding: { y: { ...y, field: "base" } },
      },
      {
        data: { values: seeds },
        mark: { type: "line", strokeWidth: 1, opacity: 0.38 },
        encoding: { x, y: { ...y, field: "accuracy" }, detail: { field: "seed" }, color },
      },
      {
        data: { values: means },
        mark: { type: "line", strokeWidth: 2.5 },
        encoding: { x, y: { ...y, field: "mean" }, color },
      },
      {
        data: { values: endLabels(ends, lastStep, axis.domain, PANEL.height) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 7, fontSize: SIZES.label },
        encoding: { x, y: { ...y, field: "place" }, text: { field: "label" }, color },
      },
    ],
  };
}
