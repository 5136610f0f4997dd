import { METHOD_NAMES } from "../method-names.ts";
import type { PaperNumbers } from "../paper-numbers.ts";
import { loadPaperNumbers, paperCell } from "../paper-numbers.ts";
import { inPoints, signedPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { Interval } from "../verdict.ts";
import type { AggregateRow, DifferenceRow, MainTableAnalysis } from "./analysis.ts";
import type { BenchmarkSet } from "./benchmarks.ts";
import { BENCHMARK_SETS, BENCHMARKS, benchmarkOf } from "./benchmarks.ts";
import type { TableMethod } from "./comparisons.ts";
import { COMPARISONS, TABLE_METHODS } from "./comparisons.ts";

const NO_BREAK = "\u00a0";
const UNKNOWN = "?";
const NOTHING = "–";

/** For each tier our table and the paper's under it, then differences, aggregates and how often CuMa improves. */
export function mainTableNumbers(
  analysis: MainTableAnalysis,
  tiers: readonly string[],
  scale: string,
  width: number,
  paper: PaperNumbers = loadPaperNumbers(),
): string {
  const wrapped = (text: string) => wrapWords(text, width).join("\n");
  return [
    wrapped(heading(analysis, scale)),
    ...tiers.flatMap((tier) => [
      wrapped(`Tier ${tier}, ours (${scale} scale)`),
      fitting(width, (blank) => accuracies(analysis, tier, width, blank)),
      wrapped(paperHeading(paper, tier)),
      paperTable(paper, paper.tierStandsFor[tier], width),
    ]),
    wrapped(DIFFERENCES_HEADING),
    ...tiers.map((tier) => fitting(width, (blank) => differences(analysis, tier, width, blank))),
    wrapped(AGGREGATES_HEADING),
    aggregates(analysis, tiers, width),
    wrapped("How often CuMa improves over the base:"),
    improvements(analysis, tiers, width),
  ].join("\n\n");
}

function heading({ items }: MainTableAnalysis, scale: string): string {
  const sets = BENCHMARKS.map(
    ({ set, label, form, paper }) => `${label} (${form}; ${items[set]} problems) for ${paper}`,
  );
  return (
    `The main table at ${scale} scale: accuracy in % on five held-out benchmarks in the roles of the paper's, ` +
    `${sets.join(", ")}. Mean over seeds with its 95 % bootstrap interval over seeds (of three seeds, their range); the ` +
    "seeds of a tier start from three base checkpoints in turn. RL trains on sums only. On four choices guessing gives 25 %."
  );
}

function paperHeading({ tierStandsFor }: PaperNumbers, tier: string): string {
  const size = tierStandsFor[tier];
  if (size === undefined) return "The paper has no size of this rank.";
  return `The paper's ${size}, of the same rank among four (other models, other problems; ${UNKNOWN} where a number is not known)`;
}

const COLUMNS = BENCHMARKS.map(({ label }) => ({ title: label, align: "right" as const }));

/** The table with its intervals unbroken, or with broken ones where it would be too wide. */
function fitting(width: number, build: (blank: string) => string): string {
  const table = build(NO_BREAK);
  return table.split("\n").every((line) => [...line].length <= width) ? table : build(" ");
}

function accuracies({ cells }: MainTableAnalysis, tier: string, width: number, blank: string): string {
  const rows = TABLE_METHODS.map((method) => {
    const own = BENCHMARK_SETS.map((set) =>
      cells.find((row) => row.tier === tier && row.method === method && row.benchmark === set),
    );
    const texts = own.map((cell) =>
      cell === undefined ? "not run" : withInterval({ ...cell, estimate: cell.mean }, inPoints, blank),
    );
    return [nameOf(method), ...texts, String(own[0]?.n ?? 0)];
  });
  return textTable([{ title: "method" }, ...COLUMNS, { title: "n", align: "right" }], rows, width);
}

function paperTable(paper: PaperNumbers, size: string | undefined, width: number): string {
  const columns = [{ title: "method" }, ...paper.benchmarks.map((title) => ({ title, align: "right" as const }))];
  const cell = (method: string, benchmark: string) =>
    (size === undefined ? null : paperCell(paper, size, method, benchmark)) ?? UNKNOWN;
  const rows = TABLE_METHODS.map((method) => [
    nameOf(method),
    ...paper.benchmarks.map((benchmark) => cell(method, benchmark)),
  ]);
  return textTable(columns, rows, width);
}

const DIFFERENCES_HEADING =
  "Differences in points, paired by seed and item, with 95 % bootstrap intervals over seeds and items; IQM: difference of " +
  "the interquartile means over the five benchmarks. sees: the smallest true difference that n such seeds find " +
  `on these items with 80 % power (${NOTHING}: none).`;

function differences({ differences: rows }: MainTableAnalysis, tier: string, width: number, blank: string): string {
  const sets = [...BENCHMARK_SETS, "iqm"] as const;
  const columns = [{ title: `tier ${tier}` }, ...COLUMNS, { title: "IQM", align: "right" as const }];
  const lines = COMPARISONS.flatMap(({ first, second }) => {
    const own = sets.map((set) =>
      rows.find((row) => row.tier === tier && row.first === first && row.second === second && row.benchmark === set),
    );
    const texts = own.map((row) => (row === undefined ? "not run" : withInterval(row, signedPoints, blank)));
    const name = `${nameOf(first)}${NO_BREAK}−${NO_BREAK}${nameOf(second)}`;
    return [
      [name, ...texts],
      [`sees, n${NO_BREAK}${own[0]?.n ?? 0}`, ...own.map(seen)],
    ];
  });
  return textTable([...columns], lines, width);
}

function seen(row: DifferenceRow | undefined): string {
  if (row === undefined) return "";
  if (row.sees === null) return NOTHING;
  return row.sees > 1 ? NOTHING : inPoints(row.sees);
}

const AGGREGATES_HEADING =
  "Over the five benchmarks: interquartile mean (IQM) of all seeds' accuracies in %, and the probability that a run of the " +
  "method beats one of the base, mean over benchmarks (0 to 1, 0.5: no difference); 95 % bootstrap intervals, seeds " +
  "resampled within each benchmark.";

function aggregates({ aggregates: rows }: MainTableAnalysis, tiers: readonly string[], width: number): string {
  const columns = [
    { title: "tier" },
    { title: "method" },
    { title: "IQM", align: "right" },
    { title: "beats the base", align: "right" },
    { title: "n", align: "right" },
  ] as const;
  const lines = tiers.flatMap((tier) =>
    TABLE_METHODS.map((method) => {
      const row = rows.find((candidate) => candidate.tier === tier && candidate.method === method);
      return [tier, nameOf(method), ...aggregateCells(row)];
    }),
  );
  return textTable(columns, lines, width);
}

function aggregateCells(row: AggregateRow | undefined): string[] {
  if (row === undefined) return ["not run", "", "0"];
  const probability = row.improvement === null ? "" : withInterval(row.improvement, (value) => value.toFixed(2));
  return [withInterval(row.iqm, inPoints), probability, String(row.iqm.n)];
}

/** A line per tier and one per benchmark: where CuMa's difference from the base is clear, and where it points. */
function improvements({ differences: rows }: MainTableAnalysis, tiers: readonly string[], width: number): string {
  const gains = rows.filter(
    ({ first, second, benchmark }) => first === "cuma" && second === "base" && benchmark !== "iqm",
  );
  const perTier = tiers.map((tier) =>
    countOf(
      `tier ${tier}`,
      gains.filter((row) => row.tier === tier),
    ),
  );
  const perSet = BENCHMARK_SETS.map((set: BenchmarkSet) =>
    countOf(
      benchmarkOf(set).label,
      gains.filter(({ benchmark }) => benchmark === set),
    ),
  );
  const columns = [
    { title: "where" },
    { title: "cells", align: "right" },
    { title: "higher", align: "right" },
    { title: "interval above 0", align: "right" },
    { title: "interval below 0", align: "right" },
  ] as const;
  return textTable(columns, [...perTier, ...perSet, countOf("all", gains)], width);
}

function countOf(where: string, gains: readonly DifferenceRow[]): string[] {
  const count = (holds: (row: DifferenceRow) => boolean) => String(gains.filter(holds).length);
  return [
    where,
    String(gains.length),
    count(({ estimate }) => estimate > 0),
    count(({ low }) => low !== null && low > 0),
    count(({ high }) => high !== null && high < 0),
  ];
}

function withInterval(
  { estimate, low, high }: Pick<Interval, "estimate" | "low" | "high">,
  text: (value: number) => string,
  blank = NO_BREAK,
): string {
  if (low === null || high === null) return text(estimate);
  return `${text(estimate)} [${text(low)},${blank}${text(high)}]`;
}

function nameOf(method: TableMethod): string {
  return method === "base" ? "base" : METHOD_NAMES[method];
}
