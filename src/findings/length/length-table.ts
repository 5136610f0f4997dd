import { wrapWords, textTable } from "../text-table.ts";
import { METHOD_NAMES } from "../method-names.ts";
import { inPoints } from "../points.ts";
import { COMPARED_METHODS } from "../collapse/sweep.ts";
import type { LengthRun } from "./analysis.ts";
import { describePaperLengths } from "./paper-lengths.ts";

const COLUMNS = [
  { title: "tier" },
  { title: "method" },
  { title: "before", align: "right" },
  { title: "after", align: "right" },
  { title: "growth", align: "right" },
  { title: "truncated, %", align: "right" },
  { title: "reflecting, %", align: "right" },
  { title: "accuracy, %", align: "right" },
  { title: "n", align: "right" },
] as const;

/** Our mean lengths by tier and method, and what the paper says of its lengths, as text of this width. */
export function lengthTable(
  runs: readonly LengthRun[],
  tiers: readonly string[],
  scale: string,
  width: number,
): string {
  const rows = tiers.flatMap((tier) =>
    COMPARED_METHODS.map((method) => {
      const ofCell = runs.filter((run) => run.tier === tier && run.method === method);
      return [tier, METHOD_NAMES[method], ...cellColumns(ofCell)];
    }),
  );
  return [
    ...wrapWords(`${HEADING} Ours, ${scale} scale.`, width),
    "",
    textTable(COLUMNS, rows, width),
    "",
    ...wrapWords(`Beside it, ${describePaperLengths()}.`, width),
  ].join("\n");
}

const HEADING =
  "Mean length of held-out responses in tokens before and after training; share of training rollouts that were cut at " +
  "the longest length and that hold a reflection-like step, in the last 10 % of steps; held-out accuracy after training.";

function cellColumns(runs: readonly LengthRun[]): string[] {
  if (runs.length === 0) return ["not run", ...Array.from({ length: COLUMNS.length - 4 }, () => ""), "0"];
  const meanOf = (value: (run: LengthRun) => number): number =>
    runs.reduce((total, run) => total + value(run), 0) / runs.length;
  const share = (value: (run: LengthRun) => number | null): string => {
    if (runs.some((run) => value(run) === null)) return "not recorded";
    return inPoints(meanOf((run) => value(run) ?? 0));
  };
  return [
    meanOf(({ baseLength }) => baseLength).toFixed(1),
    meanOf(({ finalLength }) => finalLength).toFixed(1),
    meanOf(({ growth }) => growth)
      .toFixed(1)
      .replace("-", "−"),
    share(({ truncated }) => truncated),
    share(({ reflection }) => reflection),
    inPoints(meanOf(({ final }) => final)),
    String(runs.length),
  ];
}
