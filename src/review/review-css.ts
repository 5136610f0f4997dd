/** Look of a review's page: one column, quiet colours, both themes, and paper. */
export const REVIEW_CSS = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f7f9; --ink: #1f2933; --muted: #5a6875; --line: #dfe4ea;
  --good: #16683f; --good-soft: #e1f4e8; --bad: #a8242e; --bad-soft: #fdeaea;
  --near: #0b6b8f; --near-soft: #e3f1f6; --open: #7a5200; --open-soft: #fdf1d8; --none: #55616d; --none-soft: #edf0f3;
  --text: "Inter", "Source Sans 3", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  --code: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181d; --raised: #1c2229; --ink: #dbe1e8; --muted: #97a4b1; --line: #2d363f;
    --good: #7fd6a4; --good-soft: #14331f; --bad: #f49a9f; --bad-soft: #421b1e;
    --near: #68c3e3; --near-soft: #16303b; --open: #e9bf6b; --open-soft: #3a2c0e; --none: #a7b2bd; --none-soft: #262d35;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem / 1.6 var(--text); }
main { max-width: 72rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 0.75rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
.muted { color: var(--muted); }
.outcome { border: 1px solid var(--line); border-left: 0.4rem solid var(--good); border-radius: 6px; padding: 1rem 1.25rem; background: var(--raised); }
.outcome.bad { border-left-color: var(--bad); }
.outcome strong { display: block; font-size: 1.35rem; line-height: 1.35; color: var(--good); }
.outcome.bad strong { color: var(--bad); }
.badge { display: inline-block; padding: 0 0.55em; border-radius: 1em; font-size: 0.85rem; line-height: 1.6; white-space: nowrap; color: var(--none); background: var(--none-soft); }
.badge > span { margin-right: 0.4em; }
.badge.good { color: var(--good); background: var(--good-soft); }
.badge.bad { color: var(--bad); background: var(--bad-soft); }
.badge.near { color: var(--near); background: var(--near-soft); }
.badge.open { color: var(--open); background: var(--open-soft); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; line-height: 1.5; }
caption { text-align: left; color: var(--muted); padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.9rem 0.45rem 0; border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--muted); font-size: 0.8rem; border-bottom-color: var(--muted); }
.checks { table-layout: fixed; }
.checks th:nth-child(1) { width: 32%; }
.checks th:nth-child(4) { width: 8.5rem; }
.reasons th { width: 45%; }
.claims td:nth-child(3) { width: 12rem; }
.claims td:nth-child(2) { width: 38%; }
.facts th { width: 12rem; color: var(--muted); }
.value { font-family: var(--code); font-size: 0.82rem; }
.why { display: block; color: var(--muted); font-family: var(--text); font-size: 0.85rem; }
.failed .value { color: var(--bad); }
details { border-bottom: 1px solid var(--line); padding: 0.2rem 0; }
summary { cursor: pointer; padding: 0.4rem 0; }
summary .badge { margin-left: 0.6rem; }
:focus-visible { outline: 2px solid var(--near); outline-offset: 2px; border-radius: 3px; }
.scroll { overflow-x: auto; }
@media (max-width: 44rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .checks, .checks tbody, .checks tr, .checks td, .checks th { display: block; width: auto; }
  .checks thead { display: none; }
  .checks th, .checks td { border: 0; padding: 0.15rem 0; }
  .checks tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  .checks td[data-title]::before { content: attr(data-title) " "; color: var(--muted); font-size: 0.8rem; }
  .checks th:nth-child(1), .checks th:nth-child(4) { width: auto; }
}
@media print {
  :root { color-scheme: light; --ground: #ffffff; --raised: #ffffff; --ink: #000000; --muted: #444444; --line: #bbbbbb; --good: #0d5230; --bad: #8c1620; --near: #08536f; --open: #5e3f00; --none: #444444; --good-soft: #ffffff; --bad-soft: #ffffff; --near-soft: #ffffff; --open-soft: #ffffff; --none-soft: #ffffff; }
  main { max-width: none; padding: 0; }
  body { font-size: 9.5pt; }
  .badge { border: 1px solid currentColor; }
  tr, .outcome { break-inside: avoid; }
  h2, summary { break-after: avoid; }
  thead { display: table-header-group; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
}
`;
