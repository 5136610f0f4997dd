import type { PaperDifference } from "./paper-numbers.ts";
import { signedPoints } from "./points.ts";
import { textTable, wrapWords } from "./text-table.ts";
import type { Interval, SideMeasure, Unit, Verdict, VerdictPart } from "./verdict.ts";

export const VERDICT_COLUMNS = [
  { title: "part", least: 16 },
  { title: "ours", least: 16 },
  { title: "n", align: "right" },
  { title: "paper", least: 14 },
  { title: "verdict", least: 12 },
] as const;
const LEAST_WIDTH = 70;
const NO_BREAK = "\u00a0";

const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  accuracy: "points of accuracy",
  tokens: "tokens",
  "rank correlation": "rank correlations (−1 to 1)",
  "share of seeds": "shares of seeds (0 to 1)",
  "share of responses": "shares of responses (0 to 1)",
  "share of problems": "percentage points of the problems",
};

/** Verdicts for a terminal: a block per claim, plain text of at most `width` characters (but no less than 70). */
export function verdictTable(verdicts: readonly Verdict[], width: number): string {
  const usable = Math.max(LEAST_WIDTH, width);
  const blocks = verdicts.map((verdict) => block(verdict, usable));
  return [...blocks, wrapWords(verdictLegend(verdicts), usable).join("\n")].join("\n\n");
}

/** What the numbers of these verdicts are. */
export function verdictLegend(verdicts: readonly Verdict[]): string {
  const units = new Set(verdicts.flatMap(({ parts }) => parts.map(unitOf)));
  const names = (units.size === 0 ? (["accuracy"] as const) : [...units]).map((unit) => UNIT_NAMES[unit]);
  const ours = units.has("rank correlation")
    ? "mean over paired seeds, or correlation over runs,"
    : "mean over paired seeds";
  return (
    `In ${names.join(" and ")}. ours: ${ours} and its 95 % bootstrap interval (of three seeds, their range). ` +
    "paper: differences of its printed numbers, by rank of size; ? where one is not known."
  );
}

function block(verdict: Verdict, width: number): string {
  const { parts } = verdict;
  const table = parts.length === 0 ? [] : ["", textTable(VERDICT_COLUMNS, parts.map(verdictPartRow), width)];
  const rest = verdictNotes(verdict);
  return [
    ...hanging(`${verdict.claim}: ${verdict.statement}`, width),
    ...hanging(`  ${verdictHeadline(verdict)}`, width),
    ...table,
    ...(table.length === 0 ? [] : [""]),
    ...rest.flatMap((line) => hanging(`  ${line}`, width)),
  ].join("\n");
}

/** What a reader of the verdict wants beside its parts, and the rule. */
export function verdictNotes({ sideMeasures, notes, rule, ruleHash }: Verdict): string[] {
  const sides = sideMeasures.map((measure) => `beside it: ${describeSide(measure)}`);
  return [...sides, ...notes.map((note) => `note: ${note}`), `rule ${rule}, ${ruleHash.slice(0, 12)}`];
}

/** The verdict, its scale, and what decided or why it was not run. */
export function verdictHeadline({ verdict, why, scale, decidedBy }: Verdict): string {
  if (why !== null) return `NOT RUN at ${scale} scale: ${why}`;
  const scope = `at ${scale} scale, ${scale === "paper" ? "" : "about the mechanism only, "}`;
  return `${verdict.toUpperCase()} ${scope}decided by ${decidedBy?.label ?? "no part"}`;
}

/** A part's cells, as VERDICT_COLUMNS has them. */
export function verdictPartRow(part: VerdictPart): string[] {
  const unit = unitOf(part);
  const paper = part.paper.map((difference) => describePaper(difference, unit)).join(", ");
  return [part.label, describeInterval(part, unit), String(part.n), paper, part.verdict];
}

function unitOf({ unit = "accuracy" }: VerdictPart): Unit {
  return unit;
}

function describeInterval({ estimate, low, high }: Interval, unit: Unit): string {
  const interval = low === null || high === null ? "too few" : `${inUnit(low, unit)}, ${inUnit(high, unit)}`;
  return `${withUnit(estimate, unit)} [${interval.replaceAll(" ", NO_BREAK)}]`;
}

function describePaper({ benchmark, difference }: PaperDifference, unit: Unit): string {
  return `${benchmark}${NO_BREAK}${difference === null ? "?" : inUnit(difference, unit)}`;
}

function describeSide({ label, unit, estimate, low, high, n }: SideMeasure): string {
  const interval = low === null || high === null ? "too few" : `${inUnit(low, unit)}, ${inUnit(high, unit)}`;
  return `${label}, ${withUnit(estimate, unit)} [${interval}], n ${n}`;
}

/** Only tokens are named beside the number: points are the default, and labels name correlations and shares. */
function withUnit(value: number, unit: Unit): string {
  return unit === "tokens" ? `${inUnit(value, unit)}${NO_BREAK}tokens` : inUnit(value, unit);
}

function inUnit(value: number, unit: Unit): string {
  if (unit === "accuracy" || unit === "share of problems") return signedPoints(value);
  if (unit === "tokens") return signedTokens(value);
  return withMinus(value.toFixed(2));
}

function signedTokens(value: number): string {
  const digits = value.toFixed(1);
  if (Number(digits) === 0) return "0.0";
  return value > 0 ? `+${digits}` : withMinus(digits);
}

function withMinus(digits: string): string {
  return digits.replace("-", "−");
}

/** Wrapped lines; those after the first are indented by two more than it. */
function hanging(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const [first, ...rest] = wrapWords(text.trimStart(), width - indent.length - 2);
  return [`${indent}${first}`, ...rest.map((line) => `${indent}  ${line}`)];
}
