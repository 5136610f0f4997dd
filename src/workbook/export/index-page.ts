// The first page: what the claims came to, then the notebooks.

import { escapeHtml } from "./escape-html.ts";
import type { NotebookPage } from "./notebook-page.ts";

export interface VerdictRow {
  readonly claim: string;
  readonly statement: string;
  /** Where the paper shows it, or what lies beyond it. */
  readonly place: string;
  readonly finding: string;
  readonly verdict: string;
  /** The rule is not the one that judged. */
  readonly isOutdated: boolean;
  readonly scale: string;
  /** The number that decided, with its interval and n, or why it was not run. */
  readonly detail: string;
}

export interface IndexedPage {
  readonly href: string;
  readonly group: string;
  readonly page: NotebookPage;
}

const SIGNS: Readonly<Record<string, { readonly sign: string; readonly kind: string }>> = {
  reproduced: { sign: "✓", kind: "good" },
  "same direction": { sign: "↗", kind: "near" },
  "not reproduced": { sign: "✕", kind: "bad" },
  "inconclusive at this n": { sign: "?", kind: "open" },
  "not run": { sign: "–", kind: "none" },
};

/** A verdict as a badge, told by a sign and words as well as by its colour. */
export function badgeHtml(verdict: string): string {
  const { sign, kind } = SIGNS[verdict] ?? { sign: "?", kind: "open" };
  return `<span class="badge ${kind}"><span aria-hidden="true">${sign}</span>${escapeHtml(verdict)}</span>`;
}

/** Main part of the index; `pageOf` gives the page of a finding's notebook. */
export function indexHtml(
  title: string,
  verdicts: readonly VerdictRow[],
  pages: readonly IndexedPage[],
  pageOf: (finding: string) => string | null,
): string {
  return [`<h1>${escapeHtml(title)}</h1>`, ...verdictsHtml(verdicts, pageOf), ...pagesHtml(pages)].join("\n");
}

function verdictsHtml(verdicts: readonly VerdictRow[], pageOf: (finding: string) => string | null): string[] {
  if (verdicts.length === 0) return [];
  const rows = verdicts.map(({ claim, statement, place, finding, verdict, isOutdated, scale, detail }) => {
    const href = pageOf(finding);
    const name = escapeHtml(claim);
    const link = href === null ? name : `<a href="${escapeHtml(href)}">${name}</a>`;
    const outdated = isOutdated ? '<span class="stale">by an earlier rule</span>' : "";
    return `<tr><th scope="row">${link}</th><td>${escapeHtml(statement)}<span class="place">${escapeHtml(place)}</span></td><td>${badgeHtml(verdict)}${outdated}<span class="place">${escapeHtml(scale)} scale</span></td><td class="detail">${escapeHtml(detail)}</td></tr>`;
  });
  const counts = Object.keys(SIGNS).flatMap((kind) => {
    const count = verdicts.filter(({ verdict }) => verdict === kind).length;
    return count === 0 ? [] : [`<li>${badgeHtml(kind)} <span class="count">${count}</span></li>`];
  });
  return [
    `<h2 id="verdicts">Verdicts</h2>`,
    `<ul class="counts" aria-label="Claims by verdict">${counts.join("")}</ul>`,
    `<div class="scroll" tabindex="0" role="group" aria-label="Verdicts"><table class="verdicts">
<caption>Every claim with the verdict that our runs give it. At micro scale a verdict is about the mechanism, not about the paper's numbers.</caption>
<thead><tr><th scope="col">claim</th><th scope="col">statement</th><th scope="col">verdict</th><th scope="col">decided by</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`,
  ];
}

function pagesHtml(pages: readonly IndexedPage[]): string[] {
  const groups = [...new Set(pages.map(({ group }) => group))];
  const lists = groups.flatMap((group) => {
    const items = pages
      .filter((each) => each.group === group)
      .map(({ href, page: { title, summary, freshness, notices } }) => {
        const marks = [...(freshness?.isStale ? [freshness.text] : []), ...notices];
        const warnings = marks.map((mark) => `<span class="stale">${escapeHtml(mark)}</span>`).join("");
        return `<li><a href="${escapeHtml(href)}">${escapeHtml(title)}</a><p>${escapeHtml(summary)}</p>${warnings}</li>`;
      });
    const heading = group === "" ? [] : [`<h3>${escapeHtml(group)}</h3>`];
    return [...heading, `<ul class="pages">\n${items.join("\n")}\n</ul>`];
  });
  return [`<h2 id="notebooks">Notebooks</h2>`, ...lists];
}
