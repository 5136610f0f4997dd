import { Shown } from "../core/shown.ts";
import { loadClaims } from "./claim.ts";
import type { Finding } from "./finding.ts";
import { escapeHtml, htmlTable } from "./html-table.ts";
import { knownPaperNumbers } from "./known-paper-numbers.ts";
import { textTable, wrapWords } from "./text-table.ts";

const COLUMNS = [
  { title: "claim" },
  { title: "the paper says", least: 24 },
  { title: "where", least: 16 },
  { title: "our rule", least: 16 },
] as const;
const WIDTH = 100;

/** What the paper says on a finding, with what is known of its numbers, and the rule that our runs are judged by. */
export function showClaims({ name }: Pick<Finding, "name">): Shown {
  const claims = loadClaims().filter(({ finding }) => finding === name);
  const rows = claims.map(({ id, statement, place, rule }) => [id, statement, place, `${rule.name} ${rule.version}`]);
  const numbers = [...new Set(claims.flatMap(knownPaperNumbers))];
  const titles = COLUMNS.map(({ title }) => title);
  const caption = `Claims of the finding "${name}"`;
  return new Shown({
    "text/html": [htmlTable(caption, titles, rows), ...numbers.map((line) => `<p>${escapeHtml(line)}</p>`)].join("\n"),
    "text/plain": [textTable(COLUMNS, rows, WIDTH), ...numbers.flatMap((line) => ["", ...wrapWords(line, WIDTH)])].join(
      "\n",
    ),
  });
}
