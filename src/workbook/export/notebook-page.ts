// A notebook as the content of a page: its cells in order, and what the contents and the search know of it.

import { type Cell, type CodeCell, isCode, type Notebook, tagsOf } from "../notebook.ts";
import { progressOf } from "../notebook-progress.ts";
import { escapeHtml } from "./escape-html.ts";
import { highlightCode } from "./highlight-code.ts";
import { type Heading, markdownHtml } from "./markdown-html.ts";
import { type OutputContext, outputHtml } from "./output-html.ts";
import { PageIds } from "./page-ids.ts";
import { imageFor, type LinkContext, linkFor } from "./page-links.ts";
import { type Freshness, freshnessOf, type PresentSources, type Sources, sourcesOf } from "./page-sources.ts";

/** A part of a page, from one heading to the next. */
export interface Section {
  /** Empty: the top of the page. */
  readonly id: string;
  readonly heading: string;
  readonly text: string;
}

export interface NotebookPage {
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
  /** How its text begins, without markup. */
  readonly summary: string;
  readonly freshness: Freshness | null;
  /** What a reader must know: not run, run in part, failed. */
  readonly notices: readonly string[];
  readonly hasCharts: boolean;
  readonly hasMath: boolean;
}

export interface PageContext extends Omit<LinkContext, "attachments"> {
  /** What an SVG says it was drawn from. */
  readonly sourcesOfSvg: (svg: string) => Sources | null;
  readonly present: PresentSources;
}

const LONGEST_SEARCHED_OUTPUT = 4000;
const LONGEST_SUMMARY = 220;

/** The content of a notebook's page; `name` is its title where no heading gives one. */
export function notebookPage(notebook: Notebook, name: string, context: PageContext): NotebookPage {
  const cells = notebook.cells.filter((cell) => !tagsOf(cell).includes("remove-cell"));
  const ids = new PageIds();
  const cellIds = new Map(cells.map((cell) => [cell, ids.take(`cell-${cell.id}`)]));
  const languageInfo = notebook.metadata.language_info as { name?: unknown } | undefined;
  const language = typeof languageInfo?.name === "string" ? languageInfo.name : "typescript";
  const sources = sourcesOf(notebook);
  const freshness = sources === null ? null : freshnessOf(sources, context.present);
  const headings: Heading[] = [];
  const sections: { id: string; heading: string; texts: string[] }[] = [{ id: "", heading: "", texts: [] }];
  let summary = "";
  let hasMath = false;
  let hasCharts = false;

  const markdownIn = (source: string, attachments?: LinkContext["attachments"]) => {
    const links = { ...context, attachments };
    const linkTo = (href: string) => linkFor(href, links);
    const made = markdownHtml(source, {
      idOf: (text) => ids.take(text),
      linkTo,
      imageAt: (src) => imageFor(src, links),
    });
    hasMath ||= made.hasMath;
    return made;
  };
  const outputContext: OutputContext = {
    linkTo: (href) => linkFor(href, context),
    imageAt: (src) => imageFor(src, context),
    markdown: (source) => markdownIn(source).html,
    freshnessOf: (svg) => {
      const own = svg === null ? null : context.sourcesOfSvg(svg);
      if (own !== null) return freshnessOf(own, context.present);
      return freshness?.isStale ? freshness : null; // else the page says it, once
    },
  };
  const remember = (text: string) => sections[sections.length - 1].texts.push(text);

  const rendered = cells.map((cell): string => {
    const id = escapeHtml(cellIds.get(cell) ?? "");
    if (cell.cell_type === "markdown") {
      const made = markdownIn(cell.source, cell.attachments);
      summary ||= made.summary;
      remember(made.texts[0]);
      for (const [index, heading] of made.headings.entries()) {
        headings.push(heading);
        sections.push({ id: heading.id, heading: heading.text, texts: [made.texts[index + 1]] });
      }
      return `<div class="cell prose" id="${id}">${folded(cell, made.html)}</div>`;
    }
    remember(cell.source);
    if (!isCode(cell))
      return `<div class="cell" id="${id}"><pre class="raw" tabindex="0">${escapeHtml(cell.source)}</pre></div>`;
    const outputs = cell.outputs.map((output) => outputHtml(output, outputContext));
    for (const { text } of outputs) remember(text.slice(0, LONGEST_SEARCHED_OUTPUT));
    hasCharts ||= outputs.some(({ has }) => has.has("chart"));
    hasMath ||= outputs.some(({ has }) => has.has("math"));
    const shown = outputs.map(({ html }) => html).join("\n");
    const below = shown === "" ? "" : `\n<div class="outputs">\n${shown}\n</div>`;
    return `<div class="cell" id="${id}">${folded(cell, `${inputHtml(cell, language)}${below}`)}</div>`;
  });

  const title = headings.find(({ level }) => level === 1)?.text ?? name;
  const all = sections
    .map(({ texts, ...section }) => ({ ...section, text: texts.join(" ").replaceAll(/\s+/g, " ").trim() }))
    .filter(({ heading, text }) => heading !== "" || text !== "");
  return {
    title,
    html: rendered.join("\n"),
    headings,
    sections: all,
    summary: shortened(summary),
    freshness,
    notices: noticesOf(notebook),
    hasCharts,
    hasMath,
  };
}

function inputHtml(cell: CodeCell, language: string): string {
  if (cell.source.trim() === "") return "";
  const count = cell.execution_count;
  const prompt = `<span class="prompt" aria-hidden="true">${count === null ? "" : count}</span>`;
  const label = count === null ? "Code, not run" : `Code ${count}`;
  const code = `<pre class="code" tabindex="0" role="group" aria-label="${label}"><code>${highlightCode(cell.source, language)}</code></pre>`;
  const isHidden = tagsOf(cell).includes("hide-input");
  const input = `<div class="input">${prompt}${code}</div>`;
  return isHidden ? `<details class="fold"><summary>Code</summary>${input}</details>` : input;
}

function folded(cell: Cell, html: string): string {
  if (!tagsOf(cell).includes("solution")) return html;
  return `<details class="fold"><summary>Solution</summary>${html}</details>`;
}

function shortened(text: string): string {
  return text.length <= LONGEST_SUMMARY ? text : `${text.slice(0, text.lastIndexOf(" ", LONGEST_SUMMARY))} …`;
}

function noticesOf(notebook: Notebook): string[] {
  const code = notebook.cells.filter(isCode).filter(({ source }) => source.trim() !== "");
  const failed = code.findIndex(
    (cell) =>
      cell.outputs.some((output) => output.output_type === "error") && !tagsOf(cell).includes("raises-exception"),
  );
  const run = code.filter((cell) => cell.execution_count !== null);
  if (progressOf(notebook) !== undefined)
    return ["A run of this notebook was interrupted: not all outputs are of one run."];
  if (failed >= 0) return [`Code ${code[failed].execution_count ?? failed + 1} failed when this notebook was run.`];
  if (code.length > 0 && run.length === 0) return ["This notebook was not run: it has no outputs."];
  return [];
}
