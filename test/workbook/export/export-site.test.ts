import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Site } from "../../../src/workbook/export/build-site.ts";
import { findBrowser } from "../../../src/workbook/export/find-browser.ts";
import { writeSite } from "../../../src/workbook/export/write-site.ts";
import { scratchFolder } from "../notebooks.ts";
import { chartOutput, notebookOf, siteOf, textOf, twoNotebooks, VERDICTS } from "./pages.ts";

const scratch = scratchFolder();

/** Names of the elements that stand open where another closes; a void element closes itself. */
function wrongNesting(html: string): string[] {
  const body = html.replaceAll(/<script type="application\/json"[^]*?<\/script>/g, "");
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name, rest] of body.matchAll(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g)) {
    if (/^(?:meta|link|br|hr|img|input|wbr|col)$/.test(name) || rest.endsWith("/")) continue;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

describe("a site", () => {
  let site: Site;
  beforeAll(async () => {
    site = siteOf(await twoNotebooks());
  });

  test("has an index with the verdicts first, then the notebooks, each told of in a word", () => {
    const index = textOf(site, "index.html");
    expect(index.indexOf('id="verdicts"')).toBeLessThan(index.indexOf('id="notebooks"'));
    expect(index.match(/<tr><th scope="row">/g)).toHaveLength(VERDICTS.length);
    expect(index).toContain('<a href="collapse.html">claim-1</a>');
    expect(index).toContain("Strong models gain from it &lt;at once&gt;");
    expect(index).toContain('<span class="badge good"><span aria-hidden="true">✓</span>reproduced</span>');
    expect(index).toContain("by an earlier rule");
    expect(index).toContain(
      '<a href="lessons-vote.html">Vote and mask</a><p>Eight rollouts, one majority; back to it.</p>',
    );
  });

  test("has pages that are well nested, with one title, one main part and ids that are given once", () => {
    for (const path of ["index.html", "collapse.html", "lessons-vote.html"]) {
      const html = textOf(site, path);
      expect(wrongNesting(html), path).toEqual([]);
      for (const element of ["h1", "main", "header", "nav"]) {
        expect(html.match(new RegExp(`<${element}[ >]`, "g")), `${path} ${element}`).toHaveLength(1);
      }
      expect(html).toContain('<a class="skip" href="#site-main">');
      const ids = Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
      expect(new Set(ids).size, path).toBe(ids.length);
      const targets = Array.from(html.matchAll(/ href="#([^"]+)"/g), ([, id]) => id);
      expect(ids).toEqual(expect.arrayContaining(targets));
      for (const image of html.match(/<img [^>]*>/g) ?? []) expect(image).toMatch(/ alt="[^"]+"/);
    }
  });

  test("links pages to one another, and contents to the headings of the page", () => {
    const page = textOf(site, "collapse.html");
    expect(page).toContain('<a href="lessons-vote.html#vote-by-hand">the lesson</a>');
    expect(page).toContain('rel="noopener noreferrer">the web</a>');
    expect(page).toContain('<a href="collapse.html" aria-current="page">Why weak models collapse</a>');
    expect(page).toContain('<li class="level-3"><a href="#a-detail">A detail</a></li>');
    expect(textOf(site, "lessons-vote.html")).toContain('<a href="collapse.html">it</a>');
  });

  test("names in its files no address that a browser would ask", () => {
    for (const { path, data } of site.files) {
      if (!/\.(?:html|css)$/.test(path)) continue;
      const text = String(data);
      const asked = Array.from(text.matchAll(/(?:\bsrc=|url\(|<link[^>]*href=)["']?([^"')>]{0,40})/g), ([, to]) => to);
      for (const to of asked) expect(to, path).toMatch(/^(?:data:|assets\/)/);
      if (path.endsWith(".html")) expect(text).toContain("default-src 'none'");
    }
  });

  test("tells a chart in words, holds its spec, and says of which runs it was drawn", async () => {
    const page = textOf(site, "collapse.html");
    expect(page).toContain('alt="Held-out accuracy by step. Tier xs, mean of 5 seeds. Made up for a test."');
    const [, spec] = /<script type="application\/json" class="spec">([^]*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(spec)).toMatchObject({ width: 560 });
    expect(page).toContain("Drawn from run 9f2c41d0; source unchanged since.");
    expect(page).not.toContain("figcaption");
    expect(site.warnings).toEqual([]);
    const stale = siteOf(await twoNotebooks(), { present: { codeHash: "other", ruleHashes: {} } });
    expect(textOf(stale, "collapse.html")).toContain(
      '<figcaption class="stale">Drawn from run 9f2c41d0; source changed since',
    );
    expect(textOf(stale, "index.html")).toContain("source changed since");
    expect(stale.warnings).toEqual([expect.stringMatching(/^notebooks\/collapse\.ipynb: .*source changed since/)]);
  });

  test("keeps what a notebook says within its place", async () => {
    const hostile = "</script></pre></main><script>globalThis.wasHere = true</script><img src=x onerror=alert(1)>";
    const chart = await chartOutput(hostile);
    const notebook = notebookOf([
      `# ${hostile}\n\n[x](javascript:alert(1)) ${hostile}\n\n\`\`\`html\n${hostile}\n\`\`\`\n\n$${hostile}$`,
      {
        source: `// ${hostile}`,
        outputs: [
          { output_type: "stream", name: "stdout", text: hostile },
          { output_type: "error", ename: hostile, evalue: hostile, traceback: [hostile] },
          { output_type: "display_data", data: { "text/html": hostile, "text/plain": hostile }, metadata: {} },
          { output_type: "display_data", data: { "application/javascript": hostile }, metadata: {} },
          { output_type: "display_data", data: { "image/svg+xml": `<svg>${hostile}</svg>` }, metadata: {} },
          chart,
        ],
      },
    ]);
    const hurt = siteOf([{ path: `${hostile.replaceAll("/", "")}.ipynb`, notebook }]);
    for (const { path, data } of hurt.files) {
      if (path.startsWith("assets/") && path !== "assets/search-index.js") continue;
      const html = String(data);
      expect(html).not.toMatch(/href="\s*javascript/i);
      expect(html.replaceAll(/="[^"]*"/g, "")).not.toMatch(/<script>|<img[^>]*onerror/);
      if (path.endsWith(".html")) expect(wrongNesting(html)).toEqual([]);
    }
  });

  test("says where a notebook was not run, in part or in vain", () => {
    const failed = { output_type: "error", ename: "E", evalue: "e", traceback: [] } as const;
    const notRun = notebookOf([{ source: "1", outputs: [] }]);
    const cells = notRun.cells.map((cell) => ({ ...cell, execution_count: null }));
    const names = siteOf([
      { path: "a.ipynb", notebook: notebookOf([{ source: "1", outputs: [{ ...failed, traceback: [] }] }]) },
      { path: "b.ipynb", notebook: { ...notRun, cells } as typeof notRun },
      { path: "c.ipynb", notebook: { ...notRun, metadata: { labelfree: { run: { done: [] } } } } },
    ]);
    expect(names.warnings).toEqual([
      expect.stringContaining("a.ipynb: Code 0 failed"),
      expect.stringContaining("b.ipynb: This notebook was not run"),
      expect.stringContaining("c.ipynb: A run of this notebook was interrupted"),
    ]);
  });

  test("is refused where two notebooks would have one page", () => {
    const notebook = notebookOf(["# one"]);
    const paths = ["n/a-b.ipynb", "n/a/b.ipynb"];
    expect(() => siteOf(paths.map((path) => ({ path, notebook })))).toThrow(/would both become a-b\.html/);
  });

  test("has the same bytes each time, and leaves no file half written", async () => {
    const again = siteOf(await twoNotebooks());
    expect(again.files.map(({ path }) => path)).toEqual(site.files.map(({ path }) => path));
    for (const [index, { path, data }] of again.files.entries()) {
      expect(Buffer.from(data as string).equals(Buffer.from(site.files[index].data as string)), path).toBe(true);
    }
    const folder = join(scratch, "site");
    expect(writeSite(folder, site.files)).toEqual(
      ["collapse.html", "lessons-vote.html", "index.html"].map((name) => join(folder, name)),
    );
    expect(readdirSync(folder).sort()).toEqual(["assets", "collapse.html", "index.html", "lessons-vote.html"]);
    expect(readFileSync(join(folder, "index.html"), "utf8")).toBe(textOf(site, "index.html"));
    expect(existsSync(join(folder, "assets", "licenses.txt"))).toBe(true);
  });

  test("cannot be written where a file stands in its place", () => {
    writeFileSync(join(scratch, "taken"), "");
    expect(() => writeSite(join(scratch, "taken"), site.files)).toThrow(/not allowed|failed/);
  });
});

describe("a browser to print with", () => {
  test("is the one that is named, or on the PATH, or asked for", () => {
    const folder = join(scratch, "bin");
    mkdirSync(folder);
    writeFileSync(join(folder, "google-chrome"), "#!/bin/sh\n", { mode: 0o755 });
    expect(findBrowser({ PATH: folder })).toBe(join(folder, "google-chrome"));
    expect(findBrowser({ PATH: "", LABELFREE_CHROMIUM: join(folder, "google-chrome") })).toBe(
      join(folder, "google-chrome"),
    );
    expect(() => findBrowser({ LABELFREE_CHROMIUM: join(folder, "none") })).toThrow(/expected the path of a program/);
    if (process.platform === "linux") expect(() => findBrowser({ PATH: "" })).toThrow(/apt install chromium/);
  });
});
