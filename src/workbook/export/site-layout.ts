// The frame that all pages share: head, bar with search and theme, contents at the side. A page asks for nothing from
// outside: its policy allows the site's own files and data within the page. (`unsafe-eval` is for vega, which compiles
// the expressions of its specs; nothing of a notebook's text ever becomes a script.)

import { escapeHtml } from "./escape-html.ts";
import type { Heading } from "./markdown-html.ts";

export interface NavEntry {
  readonly href: string;
  readonly title: string;
  /** Folder of the notebook below the site's root; "" for none. */
  readonly group: string;
}

export interface PageFrame {
  readonly siteTitle: string;
  readonly title: string;
  readonly href: string;
  readonly language: string;
  readonly entries: readonly NavEntry[];
  readonly headings: readonly Heading[];
  readonly hasCharts: boolean;
  readonly hasMath: boolean;
  readonly main: string;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self' file: 'unsafe-eval'",
  "style-src 'self' file: 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A whole page. */
export function pageHtml(frame: PageFrame): string {
  const { siteTitle, title, language, hasCharts, hasMath, main } = frame;
  const scripts = [...(hasCharts ? ["vega.min.js", "vega-lite.min.js", "charts.js"] : []), "search.js"];
  const heading = title === siteTitle ? title : `${title} · ${siteTitle}`;
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(heading)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/site.css">
${hasMath ? '<link rel="stylesheet" href="assets/katex.css">\n' : ""}<script src="assets/theme.js"></script>
${scripts.map((name) => `<script src="assets/${name}" defer></script>`).join("\n")}
</head>
<body>
<a class="skip" href="#site-main">Skip to the content</a>
<header class="bar">
<a class="home" href="index.html">${escapeHtml(siteTitle)}</a>
<div class="search needs-script" role="search">
<input id="site-query" type="search" placeholder="Search" aria-label="Search all pages" aria-keyshortcuts="/" autocomplete="off" spellcheck="false">
<kbd aria-hidden="true">/</kbd>
<p id="site-status" class="unseen" role="status" aria-live="polite"></p>
<ol id="site-results" hidden></ol>
</div>
<button id="site-theme" class="needs-script" type="button" aria-pressed="false" aria-label="Dark theme"><span aria-hidden="true"></span></button>
<button id="site-menu" class="needs-script" type="button" aria-expanded="false" aria-controls="site-contents">Contents</button>
</header>
<div class="frame">
<nav id="site-contents" aria-label="Contents">
${navHtml(frame)}
</nav>
<main id="site-main" tabindex="-1">
${main}
</main>
</div>
</body>
</html>
`;
}

function navHtml({ entries, href, headings }: PageFrame): string {
  const groups = [...new Set(entries.map(({ group }) => group))];
  return groups
    .map((group) => {
      const items = entries
        .filter((entry) => entry.group === group)
        .map((entry) => {
          const isHere = entry.href === href;
          const current = isHere ? ' aria-current="page"' : "";
          const below = isHere ? contentsHtml(headings) : "";
          return `<li><a href="${escapeHtml(entry.href)}"${current}>${escapeHtml(entry.title)}</a>${below}</li>`;
        });
      const heading = group === "" ? "" : `<p class="group">${escapeHtml(group)}</p>\n`;
      return `${heading}<ul>\n${items.join("\n")}\n</ul>`;
    })
    .join("\n");
}

/** The headings of a page below its title, two levels deep. */
function contentsHtml(headings: readonly Heading[]): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length === 0) return "";
  const items = shown.map(
    ({ level, id, text }) => `<li class="level-${level}"><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`,
  );
  return `\n<ul class="sections">\n${items.join("\n")}\n</ul>\n`;
}
