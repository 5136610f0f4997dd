import type { TopLevelSpec } from "vega-lite";
import { METHOD_COLORS, SIZES } from "../../figures/theme.ts";
import type { Axis, Panel } from "../figure-parts.ts";
import {
  accuracyAxis,
  baseAccuracyOf,
  endLabels,
  NOMINAL,
  panelTitle,
  QUANTITATIVE,
  seedCount,
  titleOf,
} from "../figure-parts.ts";
import { HELD_OUT_ACCURACY } from "../run-record.ts";
import type { Comparison } from "./arm.ts";
import type { ArmsAnalysis } from "./arms-analysis.ts";
import { basesOf } from "./arms-analysis.ts";

const COLUMNS = 2;
const PANEL = { width: 275, height: 165 } as const;
const FIGURE_WIDTH = 860;
const INK = "#9aa3ab";

export interface CurvesOptions {
  readonly title: string;
  /** What is drawn, before the sentence on seeds. */
  readonly caption: readonly string[];
  readonly scale: string;
  readonly comparison: Comparison;
  /** Names of the arms that are drawn, with what stands at the ends of their lines. */
  readonly lines: Readonly<Record<string, string>>;
  /** Dashes of lines that may lie on others; default solid, but dashed for the second of a colour. */
  readonly dashes?: Readonly<Record<string, readonly number[]>>;
  /** Column of the analysis' curves; default held-out accuracy, drawn with the base and with collapses. */
  readonly column?: string;
  readonly yTitle: string;
  /** Default 0 to above all values, for accuracies. */
  readonly axis?: Axis;
  /** Steps at which a vertical line is drawn. */
  readonly borders?: readonly number[];
}

/** A column against the step, a panel per tier: a thin line per seed, the mean over seeds, crosses where runs collapsed. */
export function curvesFigure(analysis: ArmsAnalysis, options: CurvesOptions): TopLevelSpec {
  const { title, scale, comparison, lines, column = HELD_OUT_ACCURACY } = options;
  const drawn = comparison.arms.filter(({ name }) => lines[name] !== undefined);
  const counts = drawn.flatMap(({ name }) =>
    comparison.tiers.map((tier) => ({
      n: new Set(
        analysis.rows
          .filter((row) => row.comparison === comparison.name && row.tier === tier && row.arm === name)
          .map(({ seed }) => seed),
      ).size,
    })),
  );
  const isAccuracy = column === HELD_OUT_ACCURACY;
  const caption = [
    ...options.caption,
    `Thin lines: ${seedCount(counts.filter(({ n }) => n > 0))}; thick lines: mean over seeds.`,
    ...(isAccuracy ? ["Dotted gray: the base policy; crosses: where the detector calls a run collapsed."] : []),
    ...(options.borders === undefined ? [] : ["Vertical lines: borders of episodes."]),
  ];
  return {
    title: titleOf(title, caption, scale, FIGURE_WIDTH),
    spacing: { row: 26, column: 30 },
    columns: COLUMNS,
    concat: comparison.tiers.map((tier, index) => panel(analysis, options, tier, index % COLUMNS === 0)),
  };
}

function panel(analysis: ArmsAnalysis, options: CurvesOptions, tier: string, isLeft: boolean): Panel {
  const { comparison, lines, dashes = {}, column = HELD_OUT_ACCURACY, yTitle, borders = [] } = options;
  const drawn = comparison.arms.filter(({ name }) => lines[name] !== undefined);
  const isAccuracy = column === HELD_OUT_ACCURACY;
  const looks = new Map(
    drawn.map(({ name, shownAs }, index) => {
      const isTwin = drawn.slice(0, index).some((other) => other.shownAs === shownAs);
      return [
        name,
        { label: lines[name], color: METHOD_COLORS[shownAs], dash: dashes[name] ?? (isTwin ? [6, 4] : [1, 0]) },
      ];
    }),
  );
  const points = analysis.curves.flatMap((row) => {
    const look = looks.get(row.arm);
    const isHere = row.comparison === comparison.name && row.tier === tier && row.column === column;
    return look === undefined || !isHere ? [] : [{ ...look, seed: row.seed, step: row.step, value: row.value }];
  });
  const means = meanLines(points);
  const bases = { bases: basesOf(analysis, comparison.name, HELD_OUT_ACCURACY) };
  const base = baseAccuracyOf(bases, tier);
  const axis = options.axis ?? accuracyAxis([base, ...points.map(({ value }) => value)]);
  const lastStep = Math.max(...points.map(({ step }) => step));
  const x = {
    field: "step",
    type: QUANTITATIVE,
    title: "step",
    scale: { domain: [0, lastStep], nice: false },
    axis: { tickCount: 6, labelFlush: false },
  };
  const y = {
    type: QUANTITATIVE,
    title: isLeft ? yTitle : null,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], format: isAccuracy ? ".1f" : "~f" },
  };
  const color = { field: "color", type: NOMINAL, scale: null, legend: null };
  const strokeDash = { field: "dash", type: NOMINAL, scale: null, legend: null };
  const ends = [...looks.values()].flatMap(({ label, color: stroke }) => {
    const line = means.filter((row) => row.label === label);
    return line.length === 0 ? [] : [{ label, value: line[line.length - 1].value, color: stroke }];
  });
  const placed = endLabels(ends, lastStep, axis.domain, PANEL.height).map((end, index) => ({
    ...end,
    color: ends[index].color,
  }));
  const collapses = isAccuracy ? collapsePoints(analysis, comparison.name, tier, looks) : [];
  return {
    ...PANEL,
    title: panelTitle(bases, tier),
    layer: [
      ...(borders.length === 0
        ? []
        : [
            {
              data: { values: borders.map((step) => ({ step })) },
              mark: { type: "rule" as const, color: INK, strokeWidth: 0.8 },
              encoding: { x },
            },
          ]),
      ...(isAccuracy
        ? [
            {
              data: { values: [{ base }] },
              mark: { type: "rule" as const, strokeDash: [2, 3], color: METHOD_COLORS.base, strokeWidth: 1.4 },
              encoding: { y: { ...y, field: "base" } },
            },
          ]
        : []),
      {
        data: { values: points },
        mark: { type: "line", strokeWidth: 0.9, opacity: 0.35 },
        encoding: {
          x,
          y: { ...y, field: "value" },
          detail: [{ field: "seed" }, { field: "label" }],
          color,
          strokeDash,
        },
      },
      {
        data: { values: means },
        mark: { type: "line", strokeWidth: 2.3 },
        encoding: { x, y: { ...y, field: "value" }, detail: { field: "label" }, color, strokeDash },
      },
      ...(collapses.length === 0
        ? []
        : [
            {
              data: { values: collapses },
              mark: { type: "point" as const, shape: "cross", angle: 45, size: 60, filled: true, opacity: 0.9 },
              encoding: { x, y: { ...y, field: "value" }, color },
            },
          ]),
      {
        data: { values: placed },
        mark: { type: "text", align: "left", baseline: "middle", dx: 7, fontSize: SIZES.label },
        encoding: { x, y: { ...y, field: "place" }, text: { field: "label" }, color },
      },
    ],
  };
}

interface Point {
  readonly label: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly step: number;
  readonly value: number;
}

/** Means over the runs that have the step, in order of step. */
function meanLines(points: readonly Point[]): Point[] {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const key = `${point.label}/${point.step}`;
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()]
    .map((group) => ({ ...group[0], value: group.reduce((total, { value }) => total + value, 0) / group.length }))
    .sort((a, b) => a.step - b.step);
}

/** Where a run's own line stands at the step of its collapse: at its first evaluation from there on. */
function collapsePoints(
  { rows, curves }: ArmsAnalysis,
  comparison: string,
  tier: string,
  looks: ReadonlyMap<string, { readonly color: string }>,
): { color: string; step: number; value: number }[] {
  return rows.flatMap((row) => {
    const look = looks.get(row.arm);
    if (row.comparison !== comparison || row.tier !== tier || look === undefined || row.collapseStep === null)
      return [];
    const { arm, seed, collapseStep: step } = row;
    const line = curves.filter(
      (point) =>
        point.comparison === comparison &&
        point.tier === tier &&
        point.arm === arm &&
        point.seed === seed &&
        point.column === HELD_OUT_ACCURACY,
    );
    const next = line.find((point) => point.step >= step) ?? line.at(-1);
    return next === undefined ? [] : [{ color: look.color, step, value: next.value }];
  });
}
