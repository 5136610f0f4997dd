import { Shown } from "../core/shown.ts";
import { escapeHtml, htmlTable } from "./html-table.ts";
import type { Verdict } from "./verdict.ts";
import {
  VERDICT_COLUMNS,
  verdictHeadline,
  verdictLegend,
  verdictNotes,
  verdictPartRow,
  verdictTable,
} from "./verdict-table.ts";

const WIDTH = 100;

/** Verdicts for a notebook: a table for each claim, and the same as text. */
export function showVerdicts(verdicts: readonly Verdict[]): Shown {
  return new Shown({
    "text/html": [...verdicts.map(block), `<p>${escapeHtml(verdictLegend(verdicts))}</p>`].join("\n"),
    "text/plain": verdictTable(verdicts, WIDTH),
  });
}

function block(verdict: Verdict): string {
  const { claim, statement, parts } = verdict;
  const titles = VERDICT_COLUMNS.map(({ title }) => title);
  const table = parts.length === 0 ? [] : [htmlTable(`Parts of ${claim}`, titles, parts.map(verdictPartRow))];
  return [
    `<h4>${escapeHtml(`${claim}: ${statement}`)}</h4>`,
    `<p><strong>${escapeHtml(verdictHeadline(verdict))}</strong></p>`,
    ...table,
    `<ul>${verdictNotes(verdict)
      .map((note) => `<li>${escapeHtml(note)}</li>`)
      .join("")}</ul>`,
  ].join("\n");
}
