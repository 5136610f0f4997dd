import { METHOD_NAMES } from "../method-names.ts";
import type { PaperNumbers } from "../paper-numbers.ts";
import { loadPaperNumbers, paperCell } from "../paper-numbers.ts";
import { inPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { FinalRow } from "../outcomes.ts";
import { COMPARED_METHODS } from "./sweep.ts";

/** Our final accuracies by tier and method, and beside them the paper's whole main table, unknown cells as "?". */
export function accuracyTable(
  finals: readonly FinalRow[],
  scale: string,
  width: number,
  paper: PaperNumbers = loadPaperNumbers(),
): string {
  const columns = [
    { title: "tier" },
    { title: "method" },
    { title: `ours (${scale})` },
    { title: "|" },
    { title: "paper" },
    ...paper.benchmarks.map((title) => ({ title, align: "right" as const })),
  ];
  const rows = Object.entries(paper.tierStandsFor).flatMap(([tier, size]) =>
    (["base", ...COMPARED_METHODS] as const).map((method) => [
      tier,
      method === "base" ? "base" : METHOD_NAMES[method],
      ours(finals, tier, method),
      "|",
      size,
      ...paper.benchmarks.map((benchmark) => paperCell(paper, size, method, benchmark) ?? "?"),
    ]),
  );
  return [...wrapWords(HEADING, width), "", textTable(columns, rows, width)].join("\n");
}

const HEADING =
  "Held-out accuracy in % after training, and the paper's main table in the places of the tiers by rank of size " +
  "(other models, other problems; ? where a number is not known).";

function ours(finals: readonly FinalRow[], tier: string, method: FinalRow["method"] | "base"): string {
  const runs = finals.filter((row) => row.tier === tier && (method === "base" || row.method === method));
  // a seed's base counts once, however many methods start from it
  const values = new Map(runs.map((row) => [row.seed, method === "base" ? row.base : row.final]));
  if (values.size === 0) return "not run";
  const mean = [...values.values()].reduce((total, value) => total + value, 0) / values.size;
  return `${inPoints(mean)} (n ${values.size})`;
}
