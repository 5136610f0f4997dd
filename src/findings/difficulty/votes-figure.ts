import type { TopLevelSpec } from "vega-lite";
import { SIZES } from "../../figures/theme.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  endLabels,
  intervalText,
  NOMINAL,
  panelGrid,
  panelTitle,
  QUANTITATIVE,
  rowTitle,
  seedCount,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import { blockText } from "../training-blocks.ts";
import type { DifficultyAnalysis, VoteMetric, VoteRow } from "./analysis.ts";
import { HELD_OUT_COLUMNS, VOTE_METRICS } from "./analysis.ts";
import { HARDEST_LEVELS, levelSetName } from "./level-sets.ts";

const PANEL = { width: 270, height: 92 } as const;
const FIGURE_WIDTH = 800;

const ROW_TITLES: Readonly<Record<VoteMetric, readonly string[]>> = {
  "labelfree/label_accuracy": ["label accuracy:", "share of majority", "answers that are right"],
  "labelfree/label_accuracy/level_2": ["the same on the", "problems of level 2,", "which all sets hold"],
  "labelfree/majority_share": ["majority share:", "rollouts that give", "that answer"],
};

/** The darker, the harder: shades of the method's colour, apart in lightness alone. */
const SHADES: Readonly<Record<(typeof HARDEST_LEVELS)[number], string>> = {
  2: "#de7a1f",
  3: "#b04a08",
  4: "#742d04",
  5: "#331200",
};

/** TTRL's votes during training by level set, on the weakest and the strongest tier. */
export function votesFigure(analysis: DifficultyAnalysis, scale: string): TopLevelSpec {
  const bases = { bases: analysis.bases.filter(({ column }) => column === HELD_OUT_COLUMNS[0]) };
  const all = tiersOf(bases);
  const tiers = [...new Set([all[0], all[all.length - 1]])];
  const shown = analysis.votes.filter(({ method, tier }) => method === "ttrl" && tiers.includes(tier));
  const metrics = VOTE_METRICS.filter((metric) => shown.some((row) => row.metric === metric));
  const caption = [
    "Training rollouts of TTRL on the weakest and the strongest tier; 1–k: trained on levels 1 to k.",
    `Lines: ${blockText(analysis.blockSteps, "", ", ")}mean over ${seedCount(shown)};`,
    intervalText("bands", shown),
    "The first row compares different problems, the second problems of the same level.",
  ];
  return {
    title: titleOf("What harder problems do to the votes", caption, scale, FIGURE_WIDTH),
    spacing: { row: 16, column: 24 },
    ...panelGrid(metrics, tiers, (metric, tier, place) => {
      const rows = shown.filter((row) => row.metric === metric && row.tier === tier);
      return panel(rows, metric, place.isFirst ? panelTitle(bases, tier) : null, place, analysis.steps);
    }),
  };
}

function panel(
  rows: readonly VoteRow[],
  metric: VoteMetric,
  title: ReturnType<typeof panelTitle> | null,
  { isLast, isLeft }: PanelPlace,
  steps: number,
): Panel {
  const values = rows.map((row) => ({ ...row, color: shadeOf(row.hardestLevel) }));
  const rowName = ROW_TITLES[metric];
  const x = {
    field: "step",
    type: QUANTITATIVE,
    title: isLast ? "step" : null,
    scale: { domain: [0, steps], nice: false },
    axis: { tickCount: 5, labels: isLast, ticks: isLast, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: isLeft ? [...rowName] : null,
    scale: { domain: [0, 1], nice: false },
    axis: { values: [0, 0.5, 1], ...rowTitle(rowName, PANEL.height) },
  };
  const color = { field: "color", type: NOMINAL, scale: null, legend: null };
  const band = {
    mark: { type: "area" as const, opacity: 0.14 },
    encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  };
  return {
    ...PANEL,
    ...(title === null ? {} : { title }),
    data: { values },
    layer: [
      ...(values.some(({ low }) => low !== null) ? [band] : []),
      { mark: { type: "line", strokeWidth: 1.9 }, encoding: { x, y: { ...y, field: "mean" }, color } },
      {
        data: { values: ends(rows, steps) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 5, fontSize: SIZES.tick },
        encoding: { x, y: { ...y, field: "place" }, text: { field: "label" }, color },
      },
    ],
  };
}

function ends(rows: readonly VoteRow[], steps: number): object[] {
  const lines = HARDEST_LEVELS.flatMap((level) => {
    const line = rows.filter((row) => row.hardestLevel === level);
    if (line.length === 0) return [];
    const last = line.reduce((latest, row) => (row.step > latest.step ? row : latest));
    return [{ label: levelSetName(level), value: last.mean, color: shadeOf(level) }];
  });
  return endLabels(lines, steps, [0, 1], PANEL.height).map((end, index) => ({ ...end, color: lines[index].color }));
}

function shadeOf(hardestLevel: number): string {
  const known = HARDEST_LEVELS.find((level) => level === hardestLevel);
  return SHADES[known ?? HARDEST_LEVELS[HARDEST_LEVELS.length - 1]];
}
