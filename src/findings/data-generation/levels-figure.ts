import type { TopLevelSpec } from "vega-lite";
import { SIZES } from "../../figures/theme.ts";
import { NOMINAL, type Panel, QUANTITATIVE, titleOf } from "../figure-parts.ts";
import type { DataGenerationAnalysis, LevelShare } from "./analysis.ts";
import { ARM_LABELS } from "./arm-labels.ts";
import { describeSets } from "./captions.ts";
import { ARMS } from "./problem-sets.ts";

const CELL = 36;
const FIGURE_WIDTH = 860;
const BY_RULE = ["1", "2", "3", "4", "5", "no level", "unreadable"];

/** Level asked against level by rule, a panel per arm. */
export function levelsFigure({ request, levels }: DataGenerationAnalysis, scale: string): TopLevelSpec {
  const caption = [
    "Percent of the problems asked for, by the lowest level whose rule can draw them. Levels 4 and 5 have four steps, and",
    "differ only in the largest operand, so that a third of level 5 could be of level 4.",
    describeSets(request),
  ];
  return {
    title: titleOf("Level asked and level by rule", caption, scale, FIGURE_WIDTH),
    spacing: { row: 20, column: 26 },
    columns: ARMS.length,
    concat: ARMS.map((arm, index) =>
      panel(
        levels.filter((row) => row.arm === arm),
        ARM_LABELS[arm],
        index === 0,
      ),
    ),
  };
}

function panel(rows: readonly LevelShare[], title: string, isLeft: boolean): Panel {
  const values = rows.map(({ asked, byRule, share }) => ({
    asked: String(asked),
    byRule: String(byRule),
    share,
    text: share === 0 ? "" : share < 0.005 ? "<1" : String(Math.round(share * 100)),
  }));
  const x = { field: "asked", type: NOMINAL, title: "level asked", axis: { labelAngle: 0 } };
  const y = {
    field: "byRule",
    type: NOMINAL,
    sort: BY_RULE,
    title: isLeft ? "level by rule" : null,
    axis: { labels: isLeft, ticks: isLeft },
  };
  const color = {
    field: "share",
    type: QUANTITATIVE,
    scale: { domain: [0, 1], range: ["#ffffff", "#1f2933"], interpolate: "rgb" as const },
    legend: null,
  };
  const dark = values.filter(({ share }) => share > 0.5);
  const light = values.filter(({ share }) => share <= 0.5);
  const numbers = (cells: typeof values, ink: string) => ({
    data: { values: cells },
    mark: { type: "text" as const, fontSize: SIZES.label, color: ink },
    encoding: { x, y, text: { field: "text", type: NOMINAL } },
  });
  return {
    width: 5 * CELL,
    height: BY_RULE.length * 26,
    title: { text: title, fontSize: SIZES.panel, offset: 8 },
    layer: [
      { data: { values }, mark: { type: "rect", stroke: "#e9edf1" }, encoding: { x, y, color } },
      ...(light.length === 0 ? [] : [numbers(light, "#1f2933")]),
      ...(dark.length === 0 ? [] : [numbers(dark, "white")]),
    ],
  };
}
