import type { TopLevelSpec } from "vega-lite";
import { METHOD_LABELS, methodScale, SIZES } from "../../figures/theme.ts";
import { COMPARED_METHODS } from "../collapse/sweep.ts";
import type { Axis, Panel } from "../figure-parts.ts";
import {
  accuracyAxis,
  labelled,
  NOMINAL,
  panelTitle,
  QUANTITATIVE,
  threeTickAxis,
  tiersOf,
  titleOf,
} from "../figure-parts.ts";
import type { Interval } from "../verdict.ts";
import type { LengthAnalysis } from "./analysis.ts";
import type { LengthClaims } from "./claims.ts";
import { judgedTiers, pooledCorrelation, tierCorrelation, tierLevel } from "./correlation.ts";

const COLUMNS = 2;
const PANEL = { width: 300, height: 190 } as const;
const FIGURE_WIDTH = 740;

/** Final length against final accuracy, a panel per tier and a point per run, with the rank correlation of claim 5. */
export function lengthAccuracyFigure(
  analysis: LengthAnalysis,
  claim: LengthClaims["sign"],
  scale: string,
): TopLevelSpec {
  const tiers = tiersOf(analysis);
  const judged = judgedTiers(claim, tiers).length;
  const pooled = pooledCorrelation(analysis.runs, claim, "all tiers together: rank correlation of length and accuracy");
  const percent = Number((100 * tierLevel(claim, judged)).toFixed(2));
  const together = judged === 1 ? "" : ` (together ${100 * claim.rule.intervalLevel} %)`;
  const caption = [
    "One point per run, after training, on held-out problems; gray crosses: the base checkpoints.",
    `ρ: Spearman's rank correlation over the runs of a tier, all methods and n runs, with its ${percent} % bootstrap`,
    `interval${together}, seeds resampled within methods.`,
    ...(pooled === null ? [] : [`Over all tiers: ${describe(pooled)}.`]),
    "Each tier has an accuracy axis of its own.",
  ];
  const lengths = analysis.runs.flatMap(({ finalLength, baseLength }) => [finalLength, baseLength]);
  const lengthAxis = threeTickAxis(lengths);
  return {
    title: titleOf("Is a longer response a better one?", caption, scale, FIGURE_WIDTH),
    spacing: { row: 30, column: 26 },
    columns: COLUMNS,
    concat: tiers.map((tier, index) =>
      panel(analysis, tier, tierCorrelation(analysis.runs, tier, claim, judged), lengthAxis, {
        isLeft: index % COLUMNS === 0,
        isLowest: index + COLUMNS >= tiers.length,
      }),
    ),
  };
}

/** "ρ = 0.45 [0.12, 0.70], n = 40" */
function describe({ estimate, low, high, n }: Interval): string {
  const interval = low === null || high === null ? "too few seeds for an interval" : `${signed(low)}, ${signed(high)}`;
  return `ρ = ${signed(estimate)} [${interval}], n = ${n}`;
}

function signed(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

interface Place {
  readonly isLeft: boolean;
  readonly isLowest: boolean;
}

function panel(
  analysis: LengthAnalysis,
  tier: string,
  correlation: Interval | null,
  lengthAxis: Axis,
  place: Place,
): Panel {
  const runs = labelled(analysis.runs.filter((run) => run.tier === tier));
  const bases = [...new Map(runs.map((run) => [run.baseSeed, run])).values()].map(({ base, baseLength }) => {
    return { base, baseLength, label: METHOD_LABELS.base };
  });
  const axis = accuracyAxis(runs.flatMap(({ final, base }) => [final, base]));
  const x = {
    type: QUANTITATIVE,
    title: place.isLowest ? "mean held-out length (tokens)" : null,
    scale: { domain: [...lengthAxis.domain], nice: false },
    axis: { values: fiveTicks(lengthAxis), labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: place.isLeft ? "held-out accuracy" : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: ".1f" },
  };
  const color = {
    field: "label",
    type: NOMINAL,
    scale: methodScale([...COMPARED_METHODS, "base"]),
    legend: { title: null, orient: "right" as const, symbolType: "circle", symbolStrokeWidth: 0 },
  };
  const text = correlation === null ? "ρ: too few runs" : describe(correlation);
  return {
    ...PANEL,
    title: { ...panelTitle(analysis, tier), subtitle: text, subtitleFontSize: SIZES.label },
    layer: [
      {
        data: { values: bases },
        mark: { type: "point", shape: "cross", filled: true, size: 60, opacity: 0.9 },
        encoding: { x: { ...x, field: "baseLength" }, y: { ...y, field: "base" }, color },
      },
      {
        data: { values: runs },
        mark: { type: "point", filled: true, size: 52, opacity: 0.72 },
        encoding: { x: { ...x, field: "finalLength" }, y: { ...y, field: "final" }, color },
      },
    ],
  };
}

function fiveTicks({ domain: [low, high] }: Axis): number[] {
  return [0, 1, 2, 3, 4].map((quarter) => low + ((high - low) * quarter) / 4);
}
