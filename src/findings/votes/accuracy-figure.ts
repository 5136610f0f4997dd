import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, SIZES } from "../../figures/theme.ts";
import { seedLayers } from "../seed-layers.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  baseAccuracyOf,
  intervalText,
  NOMINAL,
  panelGrid,
  QUANTITATIVE,
  rowTitle,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import type { VoteMean, VoteRun, VotesAnalysis } from "./analysis.ts";
import type { Budget, KeepRuleName } from "./arms.ts";
import { GROUP_SIZES, KEEP_RULES } from "./arms.ts";

const PANEL = { width: 290, height: 170 } as const;
const FIGURE_WIDTH = 880;

const COLORS: Readonly<Record<KeepRuleName, string>> = {
  two: METHOD_COLORS.cuma,
  three: "#1d74d8",
  half: "#c24a08",
};

/** Factor on N by which a rule's points stand to the side. */
const SIDES: Readonly<Record<KeepRuleName, number>> = { two: 1, three: 0.86, half: 1.16 };

const ROW_TITLES: Readonly<Record<Budget, readonly string[]>> = {
  rollouts: ["equal", "rollouts:", "held-out", "accuracy"],
  problems: ["equal", "problems:", "held-out", "accuracy"],
};

const BUDGETS = ["rollouts", "problems"] as const;

/** Final accuracy by rollouts per problem, a row per comparison and a column per tier: seeds, means, the base. */
export function accuracyFigure(analysis: VotesAnalysis, scale: string): TopLevelSpec {
  const budgets = BUDGETS.filter((budget) => analysis.means.some((row) => row.budget === budget));
  const caption = [
    "CuMa's held-out accuracy after training with N rollouts per problem.",
    ...sharedText(analysis),
    `Small points: ${seedCount(analysis.means)}; large: mean over seeds; ${intervalText("bars", analysis.means)} Dashed: the base.`,
    "Colours: what a group of N needs to be kept; N and rules that would train the same bits are left out.",
  ];
  return {
    title: titleOf("How many rollouts per problem?", caption, scale, FIGURE_WIDTH),
    spacing: { row: 18, column: 22 },
    ...panelGrid(budgets, tiersOf(analysis), (budget, tier, place) => panel(analysis, budget, tier, place)),
  };
}

/** What the runs of a comparison have in common, and what N changes. */
function sharedText({ runs }: VotesAnalysis): string[] {
  const spent = (budget: Budget): string => {
    const counts = runs.filter(({ budgets }) => budgets.includes(budget)).map(({ rollouts }) => rollouts);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return least === most ? String(most) : `${least} to ${most}`;
  };
  return [
    `Equal rollouts: ${spent("rollouts")} a run, so a smaller N means more problems.`,
    `Equal problems: the same problems for every N, ${spent("problems")} rollouts a run.`,
  ];
}

function panel(analysis: VotesAnalysis, budget: Budget, tier: string, place: PanelPlace): Panel {
  const seeds = analysis.runs
    .filter((run) => run.tier === tier && run.budgets.includes(budget))
    .map((run) => placed(run));
  const means = analysis.means.filter((row) => row.tier === tier && row.budget === budget).map((row) => placed(row));
  const base = baseAccuracyOf(analysis, tier);
  const domain = domainOf([base, ...valuesOn(analysis, tier)]);
  const x = {
    field: "x",
    type: QUANTITATIVE,
    title: place.isLast ? "rollouts per problem, N" : null,
    scale: { type: "log" as const, base: 2, domain: [3, 85], nice: false },
    axis: { values: [...GROUP_SIZES], format: "d", labels: place.isLast, ticks: place.isLast, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: place.isLeft ? [...ROW_TITLES[budget]] : null,
    scale: { domain, nice: false },
    axis: { tickCount: 5, format: ".2f", ...rowTitle(ROW_TITLES[budget], PANEL.height), titleX: -46 },
  };
  const color = {
    field: "label",
    type: NOMINAL,
    scale: { domain: KEEP_RULES.map(({ label }) => label), range: KEEP_RULES.map(({ name }) => COLORS[name]) },
    legend: {
      title: "a group is kept with",
      orient: "right" as const,
      symbolType: "circle",
      symbolStrokeWidth: 0,
      labelFontSize: SIZES.label,
    },
  };
  return {
    ...PANEL,
    ...(place.isFirst
      ? { title: { text: `tier ${tier}, base accuracy ${base.toFixed(2)}`, fontSize: SIZES.panel, offset: 8 } }
      : {}),
    layer: [
      ...seedLayers({ x, y, color }, { base, seeds, means }, { seed: 14, seedOpacity: 0.45, line: 1.6, mean: 42 }),
    ],
  };
}

function placed<Row extends Pick<VoteRun | VoteMean, "rule" | "size">>(row: Row): Row & { x: number; label: string } {
  const label = KEEP_RULES.find(({ name }) => name === row.rule)?.label ?? row.rule;
  return { ...row, x: row.size * SIDES[row.rule], label };
}

/** All accuracies of a tier, so that both comparisons have one axis. */
function valuesOn({ runs, means }: VotesAnalysis, tier: string): number[] {
  return [
    ...runs.filter((run) => run.tier === tier).map(({ final }) => final),
    ...means.filter((row) => row.tier === tier).flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean]),
  ];
}

/** Not from 0 on: the differences are small, and the base is there to compare with. */
function domainOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return [Math.max(0, Math.floor(low * 20 - 0.2) / 20), Math.min(1, Math.ceil(high * 20 + 0.2) / 20)];
}
