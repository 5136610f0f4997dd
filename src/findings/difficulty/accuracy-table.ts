import { smallestEffect } from "../../stats/smallest-effect.ts";
import { METHOD_NAMES } from "../method-names.ts";
import type { PaperNumbers } from "../paper-numbers.ts";
import { loadPaperNumbers, paperCell } from "../paper-numbers.ts";
import { inPoints, signedPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { DifficultyAnalysis, FallRow, HeldOutColumn } from "./analysis.ts";
import { HELD_OUT_COLUMNS } from "./analysis.ts";
import { HARDEST_LEVELS, levelSetName } from "./level-sets.ts";
import type { PaperCurves } from "./paper-curves.ts";
import { loadPaperCurves } from "./paper-curves.ts";

const SET_NAMES: Readonly<Record<HeldOutColumn, string>> = {
  "eval/math-like/accuracy": "MATH-like",
  "eval/gsm-like/accuracy": "GSM-like",
};

const METHODS = ["ttrl", "grpo"] as const;

/** Our final accuracies by level set, their falls with intervals, and in a table of its own what is known of the paper's. */
export function accuracyTable(
  analysis: DifficultyAnalysis,
  tiers: readonly string[],
  scale: string,
  width: number,
  curves: PaperCurves = loadPaperCurves(),
  paper: PaperNumbers = loadPaperNumbers(),
): string {
  const paragraphs = [
    `Held-out accuracy in % after training on ${analysis.problems} sums of levels 1 to k, ${scale} scale. ` +
      "MATH-like: sums of all levels; GSM-like: stories of levels 1–3, a form that no run trains on. " +
      "fall: after levels 1–2 minus after levels 1–5, mean over paired seeds with its 95 % bootstrap interval (of three seeds, their range). " +
      "sees: the smallest fall that n such seeds can see with 80 % power.",
    ourTable(analysis, tiers, width),
    "Is it the labels or the problems? The fall of TTRL minus the fall of GRPO, which has labels, by seed.",
    controlTable(analysis, tiers, width),
    `The paper's numbers in %, ${curves.size} (other models, other problems; ? where a number is not known).`,
    paperTable(curves, paper, width),
  ];
  return paragraphs.map((text, index) => (index % 2 === 0 ? wrapWords(text, width).join("\n") : text)).join("\n\n");
}

const LEVEL_COLUMNS = HARDEST_LEVELS.map((level) => ({ title: levelSetName(level), align: "right" as const }));
const FALL_COLUMNS = [
  { title: "fall", least: 13 },
  { title: "sees", align: "right" },
  { title: "n", align: "right" },
] as const;

function ourTable(analysis: DifficultyAnalysis, tiers: readonly string[], width: number): string {
  const columns = [
    { title: "tier" },
    { title: "method" },
    { title: "problems" },
    { title: "base", align: "right" as const },
    ...LEVEL_COLUMNS,
    ...FALL_COLUMNS,
  ];
  const rows = tiers.flatMap((tier) =>
    METHODS.flatMap((method) =>
      HELD_OUT_COLUMNS.flatMap((column) => {
        const means = analysis.finalMeans.filter(
          (row) => row.tier === tier && row.method === method && row.column === column,
        );
        if (means.length === 0) return [];
        const byLevel = HARDEST_LEVELS.map((level) => means.find(({ hardestLevel }) => hardestLevel === level));
        return [
          [
            tier,
            METHOD_NAMES[method],
            SET_NAMES[column],
            inPoints(baseOf(analysis, tier, column)),
            ...byLevel.map((row) => (row === undefined ? "not run" : inPoints(row.mean))),
            ...fallCells(analysis.falls.find((row) => isFall(row, tier, method, column))),
          ],
        ];
      }),
    ),
  );
  return textTable(columns, rows, width);
}

function controlTable({ falls }: DifficultyAnalysis, tiers: readonly string[], width: number): string {
  const rows = tiers.flatMap((tier) =>
    HELD_OUT_COLUMNS.flatMap((column) => {
      const found = falls.find((row) => isFall(row, tier, "difference", column));
      return found === undefined ? [] : [[tier, SET_NAMES[column], ...fallCells(found)]];
    }),
  );
  if (rows.length === 0) return "not run: no tier and seed has both";
  return textTable([{ title: "tier" }, { title: "problems" }, ...FALL_COLUMNS], rows, width);
}

function paperTable({ size, curves }: PaperCurves, paper: PaperNumbers, width: number): string {
  const columns = [{ title: "benchmark" }, { title: "base", align: "right" as const }, ...LEVEL_COLUMNS];
  const rows = curves.map(({ benchmark, byHardestLevel }) => [
    benchmark,
    paperCell(paper, size, "base", benchmark) ?? "?",
    ...HARDEST_LEVELS.map((level) => inPercent(byHardestLevel[String(level)] ?? null)),
  ]);
  return textTable(columns, rows, width);
}

/** The source's share in %, its words where it gives no number. */
function inPercent(share: string | null): string {
  if (share === null) return "?";
  return Number.isNaN(Number(share)) ? share : String(Math.round(Number(share) * 100));
}

function fallCells(fall: FallRow | undefined): string[] {
  if (fall === undefined) return ["not run", "", "0"];
  const { mean, low, high, n, values } = fall;
  if (low === null || high === null) return [signedPoints(mean), "", String(n)];
  const interval = `[${signedPoints(low)}, ${signedPoints(high)}]`;
  return [`${signedPoints(mean)} ${interval}`, inPoints(smallestEffect(values)), String(n)];
}

function isFall(row: FallRow, tier: string, method: FallRow["method"], column: HeldOutColumn): boolean {
  return row.tier === tier && row.method === method && row.column === column;
}

function baseOf({ bases }: DifficultyAnalysis, tier: string, column: HeldOutColumn): number {
  const values = bases.filter((row) => row.tier === tier && row.column === column).map(({ accuracy }) => accuracy);
  return values.reduce((total, value) => total + value, 0) / values.length;
}
