import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, methodScale } from "../../figures/theme.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  NOMINAL,
  QUANTITATIVE,
  labelled,
  panelGrid,
  panelTitle,
  rowTitle,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import { blockText } from "../training-blocks.ts";
import type { AgreementMean, AgreementRow } from "./agreement.ts";
import type { CollapseAnalysis } from "./analysis.ts";
import { COMPARED_METHODS } from "./sweep.ts";

interface Row {
  readonly value: "labelAccuracy" | "accuracy";
  readonly title: readonly string[];
}

const ROWS: readonly Row[] = [
  { value: "labelAccuracy", title: ["label accuracy:", "groups whose", "majority is right"] },
  { value: "accuracy", title: ["rollouts", "that are right"] },
];

const PANEL = { width: 158, height: 158 } as const;
const FIGURE_WIDTH = 860;

/** What the majority reward pays for against what is true, as paths through training, a column per tier. */
export function rewardAndTruthFigure(analysis: CollapseAnalysis, scale: string): TopLevelSpec {
  const { means, blockSteps } = analysis.agreement;
  const caption = [
    "Training rollouts, from the start (hollow) to the end (filled) of training. Majority share: the rollouts that give",
    "their group's most frequent answer, which is the reward of TTRL and CuMa, and what votes under the other methods would",
    `pay. Lines: ${blockText(blockSteps, "", ", ")}mean over ${seedCount(means)}; small points: where each seed ends.`,
    "Upper row: over the diagonal, votes are right more often than they are shared; at the lower right corner all agree on",
    "wrong answers. Lower row: on the diagonal every rewarded rollout is right, and what lacks up to it is reward for wrong",
    "answers. CuMa goes from the easiest problems to the hardest by design, so its path follows their difficulty too.",
  ];
  return {
    title: titleOf("What agreement pays for: reward and truth during training", caption, scale, FIGURE_WIDTH),
    spacing: { row: 20, column: 22 },
    ...panelGrid(ROWS, tiersOf(analysis), (row, tier, place) => panel(analysis, row, tier, place)),
  };
}

function panel(analysis: CollapseAnalysis, row: Row, tier: string, place: PanelPlace): Panel {
  const paths = labelled(inOrder(analysis.agreement.means.filter((mean) => mean.tier === tier)));
  const ofTier = labelled(analysis.agreement.rows.filter((each) => each.tier === tier));
  const share = { type: QUANTITATIVE, scale: { domain: [0, 1], nice: false } };
  const x = {
    ...share,
    field: "agreement",
    title: place.isLast ? "majority share" : null,
    axis: { values: [0, 0.5, 1], labels: place.isLast, ticks: place.isLast, grid: true, labelFlush: false },
  };
  const y = {
    ...share,
    field: row.value,
    title: place.isLeft ? [...row.title] : null,
    axis: { values: [0, 0.5, 1], ...rowTitle(row.title, PANEL.height) },
  };
  const color = {
    field: "label",
    type: NOMINAL,
    scale: methodScale(COMPARED_METHODS),
    legend: { title: null, orient: "right" as const, symbolType: "stroke" as const, symbolOpacity: 1 },
  };
  return {
    ...PANEL,
    ...(place.isFirst ? { title: panelTitle(analysis, tier, "base") } : {}),
    layer: [
      {
        data: { values: [{ agreement: 0, [row.value]: 0, agreement2: 1, value2: 1 }] },
        mark: { type: "rule", strokeDash: [4, 3], strokeWidth: 1.1, color: METHOD_COLORS.base },
        encoding: { x, y, x2: { field: "agreement2" }, y2: { field: "value2" } },
      },
      {
        data: { values: lastOf(ofTier, ["method", "seed"]) },
        mark: { type: "point", filled: true, size: 14, opacity: 0.4 },
        encoding: { x, y, color },
      },
      {
        data: { values: paths },
        mark: { type: "line", strokeWidth: 1.9 },
        encoding: { x, y, color, order: { field: "step", type: QUANTITATIVE } },
      },
      {
        data: { values: firstOf(paths, ["method"]) },
        mark: { type: "point", filled: false, fill: "white", size: 46, opacity: 1, strokeWidth: 1.8 },
        encoding: { x, y, color },
      },
      {
        data: { values: lastOf(paths, ["method"]) },
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { x, y, color },
      },
    ],
  };
}

function inOrder<Mean extends AgreementMean>(means: readonly Mean[]): Mean[] {
  return [...means].sort((a, b) => a.step - b.step);
}

type Key = "method" | "seed";

/** Of each combination of keys the row of the latest step. */
function lastOf<Row extends Partial<AgreementRow>>(rows: readonly Row[], keys: readonly Key[]): Row[] {
  const byKeys = new Map<string, Row>();
  for (const row of rows) {
    const key = keys.map((name) => row[name]).join("/");
    const known = byKeys.get(key);
    if (known === undefined || (row.step ?? 0) > (known.step ?? 0)) byKeys.set(key, row);
  }
  return [...byKeys.values()];
}

/** Of each combination of keys the row of the earliest step. */
function firstOf<Row extends Partial<AgreementRow>>(rows: readonly Row[], keys: readonly Key[]): Row[] {
  return lastOf(
    rows.map((row) => ({ ...row, step: -(row.step ?? 0) })),
    keys,
  );
}
