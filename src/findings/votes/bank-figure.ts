import type { TopLevelSpec } from "vega-lite";
import { SIZES } from "../../figures/theme.ts";
import type { Axis, Panel } from "../figure-parts.ts";
import { accuracyAxis, NOMINAL, QUANTITATIVE, tiersOf, titleOf } from "../figure-parts.ts";
import type { BankMean, VotesAnalysis } from "./analysis.ts";
import { VOTE_SIZES } from "./bank-votes.ts";

const PANEL = { width: 186, height: 190 } as const;
const FIGURE_WIDTH = 930;

/** Ways to spend rollouts on a vote. */
const WAYS = [
  { name: "all N sampled", color: "#1d74d8" },
  { name: "stopped once decided", color: "#c24a08" },
] as const;

/** Accuracy of votes before training against rollouts spent on each, a panel per tier. */
export function bankFigure(analysis: VotesAnalysis, scale: string): TopLevelSpec {
  const { bankMeans } = analysis;
  const tiers = tiersOf({ bases: bankMeans.map(({ tier, mean }) => ({ tier, baseSeed: 1, accuracy: mean })) });
  const axis = accuracyAxis(bankMeans.map(({ high, mean }) => high ?? mean));
  const bases = Math.max(...bankMeans.map(({ n }) => n));
  const problems = Math.max(...(analysis.banks ?? []).map(({ correct }) => correct.length));
  const hasIntervals = bankMeans.some(({ low }) => low !== null);
  const caption = [
    `Share of majority answers that are right, before any training, over ${problems} training problems (natural mix of levels)`,
    `and ${bases} base checkpoint${bases === 1 ? "" : "s"} a tier, with N = ${VOTE_SIZES.join(", ")} answers a vote (points from the left).`,
    "Stopped: answers are taken one by one until those left cannot change the winner, so the vote is the same.",
    hasIntervals
      ? "Bars: 95 % bootstrap interval over base checkpoints and problems."
      : "No intervals, for want of bases.",
  ];
  return {
    title: titleOf("What more votes buy before training", caption, scale, FIGURE_WIDTH),
    spacing: { row: 20, column: 18 },
    columns: tiers.length,
    concat: tiers.map((tier, index) =>
      panel(
        bankMeans.filter((row) => row.tier === tier),
        tier,
        axis,
        index === 0,
      ),
    ),
  };
}

function panel(rows: readonly BankMean[], tier: string, axis: Axis, isLeft: boolean): Panel {
  const [all, stopped] = WAYS;
  const values = rows.flatMap((row) => [
    { ...row, way: all.name, spent: row.size },
    { ...row, way: stopped.name, spent: row.needed },
  ]);
  const x = {
    field: "spent",
    type: QUANTITATIVE,
    title: "rollouts per vote",
    scale: { type: "log" as const, base: 2, domain: [0.9, 75], nice: false },
    axis: { values: [...VOTE_SIZES], format: "d", labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: isLeft ? "accuracy of the vote" : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: ".1f" },
  };
  const color = {
    field: "way",
    type: NOMINAL,
    scale: { domain: WAYS.map(({ name }) => name), range: WAYS.map((way) => way.color) },
    legend: { title: null, orient: "bottom" as const, symbolType: "stroke", labelFontSize: SIZES.label },
  };
  const bars = {
    data: { values: values.filter(({ way }) => way === all.name) },
    mark: { type: "rule" as const, strokeWidth: 1.4, opacity: 0.7 },
    encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  };
  return {
    ...PANEL,
    title: { text: `tier ${tier}`, fontSize: SIZES.panel, offset: 8 },
    layer: [
      ...(rows.some(({ low }) => low !== null) ? [bars] : []),
      { data: { values }, mark: { type: "line", strokeWidth: 2 }, encoding: { x, y: { ...y, field: "mean" }, color } },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 34, opacity: 1 },
        encoding: { x, y: { ...y, field: "mean" }, color },
      },
    ],
  };
}
