import { basename } from "node:path";
import type { ClaimReport } from "./claim-reports.ts";
import { textTable } from "./text-table.ts";
import type { Verdict } from "./verdict.ts";
import { verdictTable } from "./verdict-table.ts";

const COLUMNS = [
  { title: "claim" },
  { title: "statement", least: 22 },
  { title: "in the paper", least: 16 },
  { title: "verdict", least: 14 },
  { title: "figures", least: 16 },
] as const;

/** All claims for a terminal: one line each in an overview, then the numbers of each beside the paper's. */
export function claimTable(reports: readonly ClaimReport[], width: number): string {
  const overview = textTable(COLUMNS, reports.map(overviewRow), width);
  return [overview, countStates(reports), verdictTable(reports.map(withNotes), width)].join("\n\n");
}

function overviewRow({ claim, state, verdict, figures }: ClaimReport): string[] {
  const flag = state === "rule changed" ? "; RULE CHANGED SINCE" : "";
  const names = figures.map((path) => basename(path, ".svg")).join(" ");
  return [claim.id, claim.statement, claim.place, `${verdict.verdict} (${verdict.scale})${flag}`, names || "none"];
}

/** "3 of 7 claims judged: 2 reproduced, 1 not reproduced; 4 not run" */
function countStates(reports: readonly ClaimReport[]): string {
  const verdicts = reports.map(({ verdict: { verdict } }) => verdict);
  const kinds = [...new Set(verdicts)].filter((kind) => kind !== "not run");
  const judged = verdicts.filter((kind) => kind !== "not run").length;
  const counts = kinds.map((kind) => `${verdicts.filter((other) => other === kind).length} ${kind}`);
  const byKind = counts.length === 0 ? "" : `: ${counts.join(", ")}`;
  return `${judged} of ${reports.length} claims judged${byKind}; ${reports.length - judged} not run`;
}

function withNotes({ state, verdict, ruleHash, paperNumbers, command, claim }: ClaimReport): Verdict {
  const { name, version } = claim.rule;
  const change =
    state === "rule changed"
      ? [`rule changed since: now ${name} ${version}, ${ruleHash.slice(0, 12)}; ${command} judges anew`]
      : [];
  const paper = verdict.parts.length === 0 ? paperNumbers : [];
  return { ...verdict, notes: [...change, ...verdict.notes, ...paper] };
}
