// A review as one page that needs nothing else: no script, no request, every text escaped. The outcome comes first, then
// what failed, what the records say on the claims, what could not be checked, and every check.

import { badgeHtml } from "../workbook/export/index-page.ts";
import { escapeHtml } from "../workbook/export/escape-html.ts";
import type { PaperAudit } from "../findings/paper-audit.ts";
import { type Check, type Outcome, SECTIONS } from "./check.ts";
import type { Review, ReviewedClaim } from "./review.ts";
import { REVIEW_CSS } from "./review-css.ts";
import { outcomeOf } from "./review-text.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const BADGES: Readonly<Record<Outcome, { readonly sign: string; readonly kind: string }>> = {
  passed: { sign: "✓", kind: "good" },
  failed: { sign: "✕", kind: "bad" },
  "not checked": { sign: "–", kind: "none" },
};

/** The whole page. */
export function reviewHtml(review: Review): string {
  const { checks, claims, audit, ok, scale } = review;
  const of = (verdict: Outcome) => checks.filter((check) => check.verdict === verdict);
  const body = [
    `<h1>Reproducibility review</h1>`,
    outcomeHtml(review),
    ...(ok ? [] : [`<h2>What failed</h2>`, checkTable("What failed", of("failed"))]),
    ...claimsHtml(claims, scale),
    ...notCheckedHtml(of("not checked")),
    `<h2>All checks</h2>`,
    ...sectionsHtml(checks),
    `<h2>Where this review was made</h2>`,
    environmentHtml(review),
    ...(audit === null ? [] : auditHtml(audit)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${ok ? "Passed" : "Failed"}: labelfree reproducibility review</title>
<style>${REVIEW_CSS}</style>
</head>
<body>
<main>
${body.join("\n")}
</main>
</body>
</html>
`;
}

function outcomeHtml(review: Review): string {
  const { ok, counts, at, sample, seed, scale } = review;
  const kinds = (["failed", "not checked", "passed"] as const).filter((kind) => counts[kind] > 0);
  const badges = kinds.map((kind) => `${outcomeBadge(kind)} ${counts[kind]}`).join(" &nbsp; ");
  const chosen = `${sample} recorded runs asked for to be trained again, chosen by seed ${seed}`;
  const about = `${scale} scale; ${sample === 0 ? "no run trained again" : chosen}; ended ${inUtc(at)}`;
  return `<div class="outcome${ok ? "" : " bad"}"><strong>${escapeHtml(outcomeOf(review))}</strong>
<p>${badges}</p>
<p class="muted">${escapeHtml(about)}</p></div>`;
}

/** "2026-05-01T10:20:30.123Z" as "2026-05-01 10:20 UTC", unbroken. */
function inUtc(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`.replaceAll(" ", "\u00a0");
}

function notCheckedHtml(checks: readonly Check[]): string[] {
  if (checks.length === 0) return [];
  const rows = checks.map(
    ({ section, what, why }) =>
      `<tr><th scope="row">${escapeHtml(what)}<span class="why">${escapeHtml(section)}</span></th><td>${escapeHtml(why ?? "")}</td></tr>`,
  );
  return [
    `<h2>What was not checked</h2>`,
    `<table class="reasons">
<caption>None of this passed or failed.</caption>
<thead><tr><th scope="col">what</th><th scope="col">why</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`,
  ];
}

function sectionsHtml(checks: readonly Check[]): string[] {
  return SECTIONS.flatMap((section) => {
    const own = checks.filter((check) => check.section === section);
    if (own.length === 0) return [];
    const kinds = (["passed", "failed", "not checked"] as const).filter((kind) => own.some(isOf(kind)));
    const counts = kinds.map((kind) => `${outcomeBadge(kind, `${own.filter(isOf(kind)).length} ${kind}`)}`).join("");
    const hasFailed = own.some(isOf("failed"));
    const open = hasFailed ? " open" : "";
    return [`<details${open}><summary>${escapeHtml(section)}${counts}</summary>${checkTable(section, own)}</details>`];
  });
}

function isOf(kind: Outcome): (check: Check) => boolean {
  return ({ verdict }) => verdict === kind;
}

function checkTable(label: string, checks: readonly Check[]): string {
  const head = ["what", "expected", "found", "verdict"].map((title) => `<th scope="col">${title}</th>`).join("");
  return `<table class="checks" aria-label="${escapeHtml(label)}">
<thead><tr>${head}</tr></thead>
<tbody>
${checks.map(checkRow).join("\n")}
</tbody>
</table>`;
}

function checkRow({ what, expected, found, verdict, why }: Check): string {
  const note = why === null ? "" : `<span class="why">${escapeHtml(why)}</span>`;
  const value = (title: string, text: string | null) =>
    `<td class="value" data-title="${title}">${text === null ? "" : escapeHtml(text)}</td>`;
  const kind = verdict === "failed" ? ' class="failed"' : "";
  return `<tr${kind}><th scope="row">${escapeHtml(what)}${note}</th>${value("expected", expected)}${value("found", found)}<td>${outcomeBadge(verdict)}</td></tr>`;
}

function outcomeBadge(verdict: Outcome, text: string = verdict): string {
  const { sign, kind } = BADGES[verdict];
  return `<span class="badge ${kind}"><span aria-hidden="true">${sign}</span>${escapeHtml(text)}</span>`;
}

function claimsHtml(claims: readonly ReviewedClaim[], scale: string): string[] {
  if (claims.length === 0) return [];
  const rows = claims.map(
    ({ claim, statement, place, verdict, detail }) =>
      `<tr><th scope="row">${escapeHtml(claim)}</th><td>${escapeHtml(statement)}<span class="why">${escapeHtml(place)}</span></td><td>${badgeHtml(verdict)}</td><td class="value">${escapeHtml(detail)}</td></tr>`,
  );
  const scope = scale === "paper" ? "" : `: at ${scale} scale they are about mechanisms, not about the paper's numbers`;
  return [
    `<h2>What the records say on each claim</h2>`,
    `<div class="scroll"><table class="claims">
<caption>${escapeHtml(`Verdicts judged anew for this review${scope}.`)}</caption>
<thead><tr><th scope="col">claim</th><th scope="col">the paper says</th><th scope="col">verdict</th><th scope="col">decided by</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`,
  ];
}

function environmentHtml({ environment }: Review): string {
  const { labelfree, node, v8, os, processor, cores, device, kernels, lock, git } = environment;
  const commit = git === null ? "not a git checkout" : `${git.commit}, ${git.isModified ? "with changes" : "clean"}`;
  const facts: readonly (readonly [string, string])[] = [
    ["labelfree", labelfree],
    ["commit", commit],
    ["Node", node],
    ["V8", v8],
    ["operating system", os],
    ["processor", processor],
    ["cores", String(cores)],
    ["device", `${device}, kernels ${kernels}`],
    ["package-lock.json", lock ?? "none"],
  ];
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td class="value">${escapeHtml(value)}</td></tr>`,
  );
  return `<table class="facts"><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function auditHtml({ numbers }: PaperAudit): string[] {
  const rows = numbers.map(({ table, size, method, benchmark, printed, items, outcome }) => {
    const cells = [size, method, benchmark, printed, items === null ? "?" : String(items), outcome];
    return `<tr><th scope="row">${escapeHtml(table)}</th>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join("")}</tr>`;
  });
  const titles = ["table", "size", "method", "benchmark", "printed", "items", "a count of right answers?"];
  return [
    `<h2>The paper's own numbers</h2>`,
    `<p class="muted">With one sample per item an accuracy on n items is a whole count out of n. A number that no count gives may be an average over samples, of another n, or a slip in copying. This says nothing about the study reviewed here and decides nothing above.</p>`,
    `<div class="scroll"><table><thead><tr>${titles.map((title) => `<th scope="col">${title}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div>`,
  ];
}
