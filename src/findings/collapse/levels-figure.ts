import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, METHOD_LABELS } from "../../figures/theme.ts";
import type { CollapseAnalysis, LevelRow } from "./analysis.ts";
import type { Panel, PanelPlace } from "../figure-parts.ts";
import {
  QUANTITATIVE,
  intervalText,
  panelGrid,
  panelTitle,
  rowTitle,
  seedCount,
  threeTickAxis,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import { COMPARED_METHODS } from "./sweep.ts";

const FIGURE_WIDTH = 750;
const PANEL = { width: 132, height: 88 } as const;

type Method = (typeof COMPARED_METHODS)[number];

/** Final held-out accuracy by level against the base's, a panel for each method and tier. */
export function levelsFigure(analysis: CollapseAnalysis, scale: string): TopLevelSpec {
  const methods = COMPARED_METHODS.filter((method) => analysis.levels.some((row) => row.method === method));
  const tiers = tiersOf(analysis);
  const trained = analysis.levels.filter(({ method }) => method !== "base");
  const bases = analysis.levels.filter(({ method }) => method === "base");
  const caption = [
    "Held-out accuracy by level of difficulty, after training (colour) and before (gray, dashed).",
    `Points: mean over ${seedCount(trained)}; ${intervalText("bars", trained)}`,
    ...(hasIntervals(bases)
      ? [`Gray band: the same over ${seedCount(bases).replace("seed", "base checkpoint")}.`]
      : []),
    "Each tier has an accuracy axis of its own.",
  ];
  return {
    title: titleOf("What is learned and what is lost, by level", caption, scale, FIGURE_WIDTH),
    spacing: { row: 18, column: 16 },
    ...panelGrid(methods, tiers, (method, tier, place) => panel(analysis, method, tier, place)),
  };
}

function panel(analysis: CollapseAnalysis, method: Method, tier: string, place: PanelPlace): Panel {
  const ofTier = analysis.levels.filter((row) => row.tier === tier);
  const base = ofTier.filter((row) => row.method === "base");
  const trained = ofTier.filter((row) => row.method === method);
  const axis = threeTickAxis(ofTier.map(({ mean, high }) => high ?? mean));
  const color = METHOD_COLORS[method];
  const title = [METHOD_LABELS[method], "accuracy"];
  const x = {
    field: "level",
    type: "ordinal" as const,
    title: place.isLast ? "level" : null,
    axis: { labelAngle: 0, ticks: false, labels: place.isLast },
  };
  const y = {
    type: QUANTITATIVE,
    scale: { domain: [...axis.domain], nice: false },
    title: place.isLeft ? title : null,
    axis: { values: [...axis.ticks], ...rowTitle(title, PANEL.height), titleColor: color },
  };
  const span = { x, y: { ...y, field: "low" }, y2: { field: "high" } };
  const center = { x, y: { ...y, field: "mean" } };
  const band = { mark: { type: "area" as const, color: METHOD_COLORS.base, opacity: 0.16 }, encoding: span };
  const bars = { mark: { type: "rule" as const, color, strokeWidth: 1.6 }, encoding: span };
  return {
    ...PANEL,
    ...(place.isFirst ? { title: panelTitle(analysis, tier, "base") } : {}),
    layer: [
      {
        data: { values: base },
        layer: [
          ...(hasIntervals(base) ? [band] : []),
          { mark: { type: "line", strokeDash: [4, 3], strokeWidth: 1.4, color: METHOD_COLORS.base }, encoding: center },
        ],
      },
      {
        data: { values: trained },
        layer: [
          { mark: { type: "line", strokeWidth: 1.9, color }, encoding: center },
          ...(hasIntervals(trained) ? [bars] : []),
          { mark: { type: "point", filled: true, size: 30, opacity: 1, color }, encoding: center },
        ],
      },
    ],
  };
}

function hasIntervals(rows: readonly LevelRow[]): boolean {
  return rows.some(({ low }) => low !== null);
}
