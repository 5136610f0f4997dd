// A static site from notebooks that were run: a page each, an index with the verdicts first, a search over all. Pure but
// for the shared files that it reads from packages; the same notebooks give the same bytes.

import { basename, dirname, posix, relative, resolve, sep } from "node:path";
import { LabelfreeError } from "../../core/errors.ts";
import { isCode, type Notebook } from "../notebook.ts";
import { escapeHtml, scriptJson } from "./escape-html.ts";
import { indexHtml, type VerdictRow } from "./index-page.ts";
import { type NotebookPage, notebookPage, type PageContext } from "./notebook-page.ts";
import { sourcesOf } from "./page-sources.ts";
import { siteAssets, type SiteFile } from "./site-assets.ts";
import { type NavEntry, pageHtml } from "./site-layout.ts";

export interface SiteNotebook {
  readonly path: string;
  readonly notebook: Notebook;
}

export interface SiteOptions extends Pick<PageContext, "sourcesOfSvg" | "present"> {
  readonly title: string;
  readonly verdicts: readonly VerdictRow[];
  /** Bytes of an image file, null where there is none. */
  readonly readImage: (path: string) => Uint8Array | null;
}

interface Placed extends SiteNotebook {
  readonly href: string;
  readonly group: string;
}

interface BuiltPage extends Placed {
  readonly page: NotebookPage;
}

export interface Site {
  /** The index last. */
  readonly files: readonly SiteFile[];
  /** Notebooks that a reader should not trust as they are, and why. */
  readonly warnings: readonly string[];
}

/**
 * All files of a site.
 * @throws LabelfreeError `notebook/out` where two notebooks would have one page.
 */
export function buildSite(notebooks: readonly SiteNotebook[], options: SiteOptions): Site {
  const placed = place(notebooks);
  const pages = placed.map((each): BuiltPage => ({ ...each, page: pageOf(each, placed, options) }));
  const entries: NavEntry[] = [
    { href: "index.html", title: "Overview", group: "" },
    ...pages.map(({ href, group, page: { title } }) => ({ href, group, title })),
  ];
  const shared = { siteTitle: options.title, entries };
  const index = pageHtml({
    ...shared,
    title: options.title,
    href: "index.html",
    language: "en",
    headings: [],
    hasCharts: false,
    hasMath: false,
    main: indexHtml(options.title, options.verdicts, pages, (finding) =>
      pageOfFinding(finding, pages, options.verdicts),
    ),
  });
  const files = [
    ...siteAssets(),
    { path: "assets/search-index.js", data: searchIndex(pages) },
    ...pages.map(({ path, href, page }) => {
      const { title, headings, hasCharts, hasMath } = page;
      const frame = { ...shared, title, href, headings, hasCharts, hasMath, language: languageOf(path) };
      return { path: href, data: pageHtml({ ...frame, main: mainHtml(page, path) }) };
    }),
    { path: "index.html", data: index },
  ];
  return { files, warnings: pages.flatMap(({ path, page }) => warningsOf(page).map((text) => `${path}: ${text}`)) };
}

function warningsOf({ notices, freshness }: NotebookPage): string[] {
  return [...notices, ...(freshness?.isStale ? [`${freshness.text}.`] : [])];
}

function pageOf({ path, notebook }: Placed, placed: readonly Placed[], options: SiteOptions): NotebookPage {
  const folder = dirname(resolve(path));
  const { sourcesOfSvg, present, readImage } = options;
  return notebookPage(notebook, basename(path, ".ipynb"), {
    sourcesOfSvg,
    present,
    readBeside: (file) => readImage(resolve(folder, file)),
    pageOf: (file) => placed.find((each) => resolve(each.path) === resolve(folder, file))?.href ?? null,
  });
}

function mainHtml({ title, html, headings, freshness, notices }: NotebookPage, path: string): string {
  const hasTitle = headings.some(({ level }) => level === 1);
  const states = [
    ...notices.map((text) => ({ text, kind: "stale" })),
    ...(freshness === null ? [] : [{ text: `${freshness.text}.`, kind: freshness.isStale ? "stale" : "fresh" }]),
  ];
  const again = states.some(({ kind }) => kind === "stale")
    ? ` <code>labelfree notebook run ${escapeHtml(posixPath(path))}</code> runs it again.`
    : "";
  const banner =
    states.length === 0
      ? ""
      : `<p class="state ${states[0].kind}">${states.map(({ text }) => escapeHtml(text)).join(" ")}${again}</p>\n`;
  const whole = hasTitle ? html : `<h1>${escapeHtml(title)}</h1>\n${html}`;
  return whole.replace("</h1>", () => `</h1>\n${banner}`);
}

/** Where each notebook's page lies: by its path below the folder that holds all of them, in one flat folder. */
function place(notebooks: readonly SiteNotebook[]): Placed[] {
  const folders = notebooks.map(({ path }) => dirname(resolve(path)));
  const root = folders.reduce(commonFolder, folders[0] ?? "");
  const placed = notebooks.map((each, index): Placed => {
    const group = relative(root, folders[index]).split(sep).join("/");
    const name = basename(each.path).replace(/\.ipynb$/, "");
    const slug = `${group === "" ? "" : `${group}/`}${name}`.replaceAll(/[^\p{Letter}\p{Number}._-]+/gu, "-");
    return { ...each, group, href: `${slug === "index" ? "index-notebook" : slug}.html` };
  });
  const seen = new Map<string, string>();
  for (const { href, path } of placed) {
    const other = seen.get(href.toLowerCase());
    if (other !== undefined) {
      const message = `export: ${other} and ${path} would both become ${href}; rename one of them`;
      throw new LabelfreeError("notebook/out", message, { fields: { path, other } });
    }
    seen.set(href.toLowerCase(), path);
  }
  return placed;
}

function commonFolder(a: string, b: string): string {
  const [left, right] = [a.split(sep), b.split(sep)];
  const length = left.findIndex((part, index) => part !== right[index]);
  return length < 0 ? a : left.slice(0, length).join(sep) || sep;
}

/** The first page whose notebook opens this finding, or judges a claim of it. */
function pageOfFinding(finding: string, pages: readonly BuiltPage[], verdicts: readonly VerdictRow[]): string | null {
  const claims = new Set(verdicts.filter((row) => row.finding === finding).map(({ claim }) => claim));
  const opens = `findingNamed(${JSON.stringify(finding)})`;
  const found =
    pages.find(({ notebook }) => notebook.cells.filter(isCode).some(({ source }) => source.includes(opens))) ??
    pages.find(({ notebook }) => Object.keys(sourcesOf(notebook)?.ruleHashes ?? {}).some((claim) => claims.has(claim)));
  return found?.href ?? null;
}

/** A script that hands the search its sections, for a page opened as a file may not fetch. */
function searchIndex(pages: readonly BuiltPage[]): string {
  const sections = pages.flatMap(({ href, page }) =>
    page.sections.map(({ id, heading, text }) => [id === "" ? href : `${href}#${id}`, page.title, heading, text]),
  );
  return `globalThis.labelfreeSections = ${scriptJson(sections)};\n`;
}

/** By the end of the name, as in tour.ko.ipynb. */
function languageOf(path: string): string {
  return /[.-]ko\.ipynb$/.test(path) ? "ko" : "en";
}

function posixPath(path: string): string {
  return posix.normalize(path.split(sep).join("/"));
}
