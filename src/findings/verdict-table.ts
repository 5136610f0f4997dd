import type { PaperDifference } from "./paper-numbers.ts";
import { signedPoints } from "./points.ts";
import { textTable, wrapWords } from "./text-table.ts";
import type { Interval, SideMeasure, Verdict, VerdictPart } from "./verdict.ts";

const COLUMNS = [
  { title: "part", least: 16 },
  { title: "ours", least: 16 },
  { title: "n", align: "right" },
  { title: "paper", least: 14 },
  { title: "verdict", least: 12 },
] as const;
const LEAST_WIDTH = 70;
const NO_BREAK = "\u00a0";

const LEGEND =
  "In points of accuracy. ours: mean over paired seeds and its 95 % bootstrap interval (of three seeds, their range). " +
  "paper: differences of its printed numbers, by rank of size; ? where one is not known.";

/** Verdicts for a terminal: a block per claim, plain text of at most `width` characters (but no less than 70). */
export function verdictTable(verdicts: readonly Verdict[], width: number): string {
  const usable = Math.max(LEAST_WIDTH, width);
  const blocks = verdicts.map((verdict) => block(verdict, usable));
  return [...blocks, wrapWords(LEGEND, usable).join("\n")].join("\n\n");
}

function block(verdict: Verdict, width: number): string {
  const { parts, sideMeasures, notes } = verdict;
  const table = parts.length === 0 ? [] : ["", textTable(COLUMNS, parts.map(partRow), width)];
  const sides = sideMeasures.map((measure) => `beside it: ${describeSide(measure)}`);
  const rule = `rule ${verdict.rule}, ${verdict.ruleHash.slice(0, 12)}`;
  return [
    ...hanging(`${verdict.claim}: ${verdict.statement}`, width),
    ...hanging(`  ${headline(verdict)}`, width),
    ...table,
    ...(table.length === 0 ? [] : [""]),
    ...[...sides, ...notes.map((note) => `note: ${note}`), rule].flatMap((line) => hanging(`  ${line}`, width)),
  ].join("\n");
}

function headline({ verdict, why, scale, decidedBy }: Verdict): string {
  if (why !== null) return `NOT RUN at ${scale} scale: ${why}`;
  const scope = `at ${scale} scale, ${scale === "paper" ? "" : "about the mechanism only, "}`;
  return `${verdict.toUpperCase()} ${scope}decided by ${decidedBy?.label ?? "no part"}`;
}

function partRow(part: VerdictPart): string[] {
  return [part.label, describeInterval(part), String(part.n), part.paper.map(describePaper).join(", "), part.verdict];
}

function describeInterval({ estimate, low, high }: Interval): string {
  const interval = low === null || high === null ? "too few" : `${signedPoints(low)}, ${signedPoints(high)}`;
  return `${signedPoints(estimate)} [${interval.replaceAll(" ", NO_BREAK)}]`;
}

function describePaper({ benchmark, difference }: PaperDifference): string {
  return `${benchmark}${NO_BREAK}${difference === null ? "?" : signedPoints(difference)}`;
}

function describeSide({ label, estimate, low, high, n }: SideMeasure): string {
  const interval = low === null || high === null ? "too few" : `${signed(low)}, ${signed(high)}`;
  return `${label}, ${signed(estimate)} [${interval}], n ${n}`;
}

function signed(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** Wrapped lines; those after the first are indented by two more than it. */
function hanging(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const [first, ...rest] = wrapWords(text.trimStart(), width - indent.length - 2);
  return [`${indent}${first}`, ...rest.map((line) => `${indent}  ${line}`)];
}
