import type { TopLevelSpec } from "vega-lite";
import { spreadLabels } from "../figures/spread-labels.ts";
import { wrapText } from "../figures/text-metrics.ts";
import type { ShownMethod } from "../figures/theme.ts";
import { METHOD_LABELS, SIZES, TIER_ORDER } from "../figures/theme.ts";
import type { BaseRow } from "./outcomes.ts";
import type { SeedMean } from "./seed-means.ts";

const RANK_TEXT = "The tiers stand in the places of the paper's four model sizes by rank of ability only.";

// typed once, so that a channel written apart from its spec keeps its literal type
export const QUANTITATIVE = "quantitative" as const;
export const NOMINAL = "nominal" as const;

/** What an analysis knows of its base checkpoints. */
interface MeasuredBases {
  readonly bases: readonly BaseRow[];
}

/** Tiers of an analysis, weakest first. */
export function tiersOf({ bases }: MeasuredBases): string[] {
  const known = new Set(bases.map(({ tier }) => tier));
  return [...TIER_ORDER.filter((tier) => known.has(tier)), ...[...known].filter((tier) => !isKnownTier(tier)).sort()];
}

function isKnownTier(tier: string): boolean {
  return (TIER_ORDER as readonly string[]).includes(tier);
}

/** Mean accuracy of a tier's base checkpoints. */
export function baseAccuracyOf({ bases }: MeasuredBases, tier: string): number {
  const values = bases.filter((row) => row.tier === tier).map(({ accuracy }) => accuracy);
  return values.reduce((total, accuracy) => total + accuracy, 0) / values.length;
}

/** "3 seeds", or "2-3 seeds" where cells differ. */
export function seedCount(rows: readonly Pick<SeedMean, "n">[]): string {
  const counts = rows.map(({ n }) => n);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `${fewest === most ? most : `${fewest}–${most}`} ${most === 1 ? "seed" : "seeds"}`;
}

/** Rows with the method under its name in the figures. */
export function labelled<Row extends { readonly method: ShownMethod }>(
  rows: readonly Row[],
): (Row & { label: string })[] {
  return rows.map((row) => ({ ...row, label: METHOD_LABELS[row.method] }));
}

/** Title and caption of a figure: what is shown, then at which scale. */
export function titleOf(
  text: string,
  caption: readonly string[],
  scale: string,
  widthPx: number,
): { text: string; subtitle: string[]; frame: "bounds" } {
  const scaleLine = `${SCALE_TEXT[scale] ?? `${scale} scale.`} ${RANK_TEXT}`;
  const style = { fontSize: SIZES.subtitle };
  const subtitle = [caption.join(" "), scaleLine].flatMap((line) => wrapText(line, widthPx, style));
  return { text, subtitle, frame: "bounds" };
}

const SCALE_TEXT: Readonly<Record<string, string>> = {
  smoke: "Smoke scale: a rehearsal of the micro scale in a few steps, without meaning as a result.",
  micro: "Micro scale: tiny transformers on synthetic arithmetic, not the paper's models or benchmarks.",
};

/** Where a line ends, in data units. */
export interface LineEnd {
  readonly label: string;
  readonly value: number;
}

const LABEL_GAP_PX = 13;

/** Labels at the lines' right ends, moved apart in a panel of this height and domain where they would overlap. */
export function endLabels(
  ends: readonly LineEnd[],
  step: number,
  [low, high]: readonly [number, number],
  heightPx: number,
): { label: string; step: number; place: number }[] {
  const wishes = ends.map(({ value }) => value);
  const places = spreadLabels(wishes, (LABEL_GAP_PX * (high - low)) / heightPx, [low, high]);
  return ends.map(({ label }, index) => ({ label, step, place: places[index] }));
}

/** The last mean of each of these methods, in their order. */
export function lineEnds(
  methods: readonly ShownMethod[],
  rows: readonly { label: string; step: number; mean: number }[],
): LineEnd[] {
  return methods.flatMap((method) => {
    const label = METHOD_LABELS[method];
    const line = rows.filter((row) => row.label === label);
    if (line.length === 0) return [];
    const last = line.reduce((latest, row) => (row.step > latest.step ? row : latest));
    return [{ label, value: last.mean }];
  });
}

/** "tier xs, base accuracy 0.13" */
export function panelTitle(
  analysis: MeasuredBases,
  tier: string,
  base = "base accuracy",
): { text: string; fontSize: number; offset: number } {
  const text = `tier ${tier}, ${base} ${baseAccuracyOf(analysis, tier).toFixed(2)}`;
  return { text, fontSize: SIZES.panel, offset: 8 };
}

/** Ticks at the evaluations, thinned to at most seven. */
export function stepTicks(heldOut: readonly { readonly step: number }[]): number[] {
  const steps = [...new Set(heldOut.map(({ step }) => step))].sort((a, b) => a - b);
  const every = Math.ceil((steps.length - 1) / 6);
  return steps.filter((_, index) => (steps.length - 1 - index) % every === 0);
}

/** A value axis from 0 to above all values, with its ticks; the last tick is the upper end. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** An accuracy axis with a tick every 0.1, or 0.2 where there are many. */
export function accuracyAxis(values: readonly number[]): Axis {
  const tenths = Math.min(10, Math.ceil(Math.max(...values) * 10 + 0.2));
  const step = tenths > 6 ? 2 : 1;
  const count = Math.ceil(tenths / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => (index * step) / 10);
  return { domain: [0, ticks[count]], ticks };
}

/** An axis with ticks at 0, the middle and the upper end, for low panels. */
export function threeTickAxis(values: readonly number[]): Axis {
  const largest = Math.max(...values);
  let power = 1;
  while (largest > 0 && power >= largest) power /= 10;
  while (power * 10 < largest) power *= 10;
  const factor = [1, 2, 4, 6, 8, 10].find((candidate) => candidate * power >= largest) ?? 10;
  const top = largest > 0 ? Number((factor * power).toPrecision(1)) : 1;
  return { domain: [0, top], ticks: [0, top / 2, top] };
}

/** Name of a row of panels: a horizontal y title to the left of the axis. */
export function rowTitle(lines: readonly string[], panelHeightPx: number): object {
  return {
    titleAngle: 0,
    titleAlign: "right",
    titleBaseline: "middle",
    titleLineHeight: 14,
    titleX: -36,
    titleY: panelHeightPx / 2 - 7 * (lines.length - 1),
  };
}

/** Names the interval, or says that there is none; of so few seeds a percentile bootstrap gives nothing but the range. */
export function intervalText(what: string, rows: readonly Pick<SeedMean, "n">[]): string {
  const most = Math.max(...rows.map(({ n }) => n));
  if (most === 1) return "no intervals, for want of seeds.";
  return `${what}: 95 % bootstrap interval over seeds${most <= 3 ? ` (of ${most} seeds: their range)` : ""}.`;
}

export type Panel = Extract<TopLevelSpec, { concat: unknown }>["concat"][number];

/** Where a panel stands among others, which decides what axes and titles it shows. */
export interface PanelPlace {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isLeft: boolean;
  readonly isRight: boolean;
}

/** A panel for each row and column of a figure. */
export function panelGrid<Row, Column>(
  rows: readonly Row[],
  columns: readonly Column[],
  panel: (row: Row, column: Column, place: PanelPlace) => Panel,
): { columns: number; concat: Panel[] } {
  return {
    columns: columns.length,
    concat: rows.flatMap((row, at) =>
      columns.map((column, index) =>
        panel(row, column, {
          isFirst: at === 0,
          isLast: at === rows.length - 1,
          isLeft: index === 0,
          isRight: index === columns.length - 1,
        }),
      ),
    ),
  };
}
