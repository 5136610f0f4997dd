import { inPoints, signedPoints } from "../points.ts";
import { HELD_OUT_ACCURACY } from "../run-record.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { Comparison } from "./arm.ts";
import { armNamed } from "./arm.ts";
import type { ArmRow } from "./arm-rows.ts";
import { valueOf } from "./arm-rows.ts";
import type { ArmsAnalysis } from "./arms-analysis.ts";
import { basesOf } from "./arms-analysis.ts";

const NO_BREAK = "\u00a0";
const NOT_RUN = "not run";

/** Accuracies by arm and tier, then differences to the reference arm, then what a run of each arm spent. */
export function armsTable(
  analysis: ArmsAnalysis,
  comparison: Comparison,
  scale: string,
  width: number,
  column: string = HELD_OUT_ACCURACY,
): string {
  const { title, tiers, arms, reference } = comparison;
  const text = (line: string): string => wrapWords(line, width).join("\n");
  const columnsOf = (first: string) => [{ title: first, least: 16 }, ...tiers.map((tier) => ({ title: tier }))];
  const what = column === HELD_OUT_ACCURACY ? "Held-out accuracy" : `Accuracy (${column})`;
  return [
    text(`${title}. ${what} in % after training (mean over n seeds, ${scale} scale; c: seeds that collapsed).`),
    textTable(
      columnsOf("arm"),
      [
        ["base", ...tiers.map((tier) => baseText(analysis, comparison, tier, column))],
        ...arms.map(({ name, label }) => [
          label,
          ...tiers.map((tier) => endText(analysis, { comparison: comparison.name, tier, arm: name }, column)),
        ]),
      ],
      width,
    ),
    ...(reference === null || arms.length < 2
      ? []
      : [
          text(
            `Minus ${armNamed(comparison, reference).label}, in points: mean over paired seeds and 95 % bootstrap interval, ` +
              "probability that a run of the arm ends above one of it (p), and the smallest difference that so many seeds " +
              "can see with 80 % power (≥).",
          ),
          textTable(columnsOf("arm"), differenceRows(analysis, comparison, column), width),
        ]),
    text(costText(analysis, comparison)),
  ].join("\n\n");
}

function baseText(analysis: ArmsAnalysis, { name }: Comparison, tier: string, column: string): string {
  const values = basesOf(analysis, name, column)
    .filter((row) => row.tier === tier)
    .map(({ accuracy }) => accuracy);
  if (values.length === 0) return "not measured";
  return inPoints(values.reduce((total, value) => total + value, 0) / values.length);
}

function endText(
  { rows, means }: ArmsAnalysis,
  cell: { readonly comparison: string; readonly tier: string; readonly arm: string },
  column: string,
): string {
  const isHere = (row: typeof cell): boolean =>
    row.comparison === cell.comparison && row.tier === cell.tier && row.arm === cell.arm;
  const runs = rows.filter(isHere);
  if (runs.length === 0) return NOT_RUN;
  const mean = means.find((row) => row.column === column && isHere(row));
  if (mean === undefined) return "not measured";
  const collapsed = runs.filter(({ hasCollapsed, hasDiverged }) => hasCollapsed || hasDiverged).length;
  const counts = [`n${NO_BREAK}${mean.n}`, ...(collapsed === 0 ? [] : [`c${NO_BREAK}${collapsed}`])];
  return `${inPoints(mean.mean)}${NO_BREAK}(${counts.join(`,${NO_BREAK}`)})`;
}

function differenceRows({ differences }: ArmsAnalysis, comparison: Comparison, column: string): string[][] {
  const { name, tiers, arms, reference } = comparison;
  const others = arms.filter((arm) => arm.name !== reference);
  return others.map((arm) => [
    arm.label,
    ...tiers.map((tier) => {
      const row = differences.find(
        (one) => one.comparison === name && one.tier === tier && one.arm === arm.name && one.column === column,
      );
      if (row === undefined) return NOT_RUN;
      const interval =
        row.low === null || row.high === null
          ? []
          : [`[${signedPoints(row.low)},${NO_BREAK}${signedPoints(row.high)}]`];
      const smallest = row.smallest === null ? [] : [`≥${NO_BREAK}${inPoints(row.smallest)}`];
      return [signedPoints(row.mean), ...interval, `p${NO_BREAK}${row.improvement.toFixed(2)}`, ...smallest].join(" ");
    }),
  ]);
}

/** "Each run: 250 steps, 16000 rollouts." or the same by arm where arms differ; the masked share where a mask acts. */
function costText({ rows }: ArmsAnalysis, { name, arms }: Comparison): string {
  const own = rows.filter((row) => row.comparison === name);
  const spent = arms.map((arm) => {
    const runs = own.filter((row) => row.arm === arm.name);
    return { label: arm.label, text: `${range(runs, "steps")} steps, ${range(runs, "rollouts")} rollouts` };
  });
  const same = new Set(spent.map(({ text }) => text)).size === 1;
  return same
    ? `Each run: ${spent[0].text}.`
    : `Per run: ${spent.map(({ label, text }) => `${label}: ${text}`).join("; ")}.`;
}

function range(runs: readonly ArmRow[], what: "steps" | "rollouts"): string {
  const values = runs.map((row) => row[what]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(most) : `${least}–${most}`;
}

/** Mean over seeds of a column's base and end in every cell, for measures that are no accuracy: "13.1 → 15.0". */
export function changeTable(
  { rows }: ArmsAnalysis,
  comparisons: readonly Comparison[],
  { column, title, digits }: { readonly column: string; readonly title: string; readonly digits: number },
  width: number,
): string {
  const columns = [
    { title: "tier" },
    { title: "arm" },
    { title: "base → end" },
    { title: "n", align: "right" as const },
  ];
  const lines = comparisons.flatMap(({ name, tiers, arms }) =>
    tiers.flatMap((tier) =>
      arms.map((arm) => {
        const cell = rows.filter((row) => row.comparison === name && row.tier === tier && row.arm === arm.name);
        const pairs = cell.flatMap((row): [number, number][] => {
          const [base, final] = [valueOf(row, column, "base"), valueOf(row, column, "final")];
          return base === null || final === null ? [] : [[base, final]];
        });
        if (pairs.length === 0) return [tier, arm.label, "not measured", "0"];
        const mean = (index: 0 | 1) => pairs.reduce((total, pair) => total + pair[index], 0) / pairs.length;
        return [tier, arm.label, `${mean(0).toFixed(digits)} → ${mean(1).toFixed(digits)}`, String(pairs.length)];
      }),
    ),
  );
  return [...wrapWords(title, width), "", textTable(columns, lines, width)].join("\n");
}
