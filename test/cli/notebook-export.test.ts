import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { MAIN, start } from "../runs/built-cli.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";
import { everyCell, notebookOf } from "../workbook/export/pages.ts";
import { save } from "../workbook/notebooks.ts";

const notebookExport = (cwd: string, ...words: readonly string[]) =>
  start([MAIN, "notebook", "export", ...words], { cwd }).ended;

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});

it("writes a site with the verdicts of the findings that are opened, and tells what is stale on stderr", async () => {
  const path = save(folder, "tour.ipynb", await everyCell());
  const out = join(folder, "site");
  const { code, stdout, stderr } = await notebookExport(folder, path, "--html", out, "--title", "Mine & yours");
  expect([code, stdout]).toEqual([0, `${join(out, "index.html")}\n`]);
  expect(stderr).toContain(`${path}: Drawn from run 9f2c41d0; source changed since`);
  const index = readFileSync(join(out, "index.html"), "utf8");
  expect(index).toContain("<h1>Mine &amp; yours</h1>");
  expect(index).toContain('<a href="tour.html">claim-1</a>');
  expect(index).toContain("not run");
  expect(readFileSync(join(out, "tour.html"), "utf8")).toContain('<figcaption class="stale">');
});

it("takes all of notebooks/ where none is named, and says so where there is none", async () => {
  const none = await notebookExport(folder);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("got no notebooks, expected some")]);
  expect(readdirSync(folder)).toEqual([]);
});

it("writes nothing where a notebook cannot be read, or no browser prints", async () => {
  const path = save(folder, "one.ipynb", notebookOf(["# One"]));
  const missing = await notebookExport(folder, path, "none.ipynb");
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("none.ipynb: there is no such file")]);
  process.env.LABELFREE_CHROMIUM = join(folder, "nothing");
  try {
    const { code, stderr } = await notebookExport(folder, path, "--pdf");
    expect([code, stderr]).toEqual([1, expect.stringContaining("expected the path of a program")]);
  } finally {
    delete process.env.LABELFREE_CHROMIUM;
  }
  expect(existsSync(join(folder, "report"))).toBe(false);
});
