import { describe, expect, test } from "vitest";
import { FINDINGS } from "../../src/findings/index.ts";
import { findingNotebook } from "../../src/workbook/finding-notebook.ts";
import { isCode, tagsOf, toNotebook } from "../../src/workbook/notebook.ts";
import { formatNotebook } from "../../src/workbook/notebook-file.ts";
import { injectParameters } from "../../src/workbook/parameters.ts";

const LARGEST_CELL_LINES = 12;

describe.each(Object.values(FINDINGS))("the notebook of $name", ({ name, title, sweep }) => {
  const hasRuns = sweep({ scale: "smoke", seeds: 1 }).length > 0;
  const facts = { name, title, seeds: 5, hasRuns, runsFolder: "../runs", languageInfo: { name: "typescript" } };
  const notebooks = [null, [`${name}-one`, `${name}-two`]].map((figures) => findingNotebook({ ...facts, figures }));

  test("has the form that all have: parameters first, provenance last, short cells, the door alone", () => {
    for (const { cells } of notebooks) {
      const code = cells.filter(isCode);
      for (const { id, source } of code) expect(source.split("\n").length, id).toBeLessThanOrEqual(LARGEST_CELL_LINES);
      expect(tagsOf(code[0])).toEqual(["parameters"]);
      expect(code.at(-1)?.source).toBe("showProvenance(finding, study, verdicts)");
      const imported = code.flatMap(({ source }) => [...source.matchAll(/from "([^"]+)"/g)].map(([, from]) => from));
      expect(imported).toEqual(["labelfree"]);
    }
  });

  test("shows and trains a run only where the finding has runs", () => {
    for (const { cells } of notebooks) {
      const sources = cells.filter(isCode).map(({ source }) => source);
      expect(sources.some((source) => source.includes("study.runs[0]"))).toBe(hasRuns);
      expect(sources.some((source) => source.includes("await trainRun("))).toBe(hasRuns);
    }
  });

  test("is a notebook that a file can hold, and takes parameters", () => {
    for (const notebook of notebooks) {
      expect(toNotebook(JSON.parse(formatNotebook(notebook)), "test")).toEqual(notebook);
      const given = { scale: "smoke", seeds: "1", fresh: "true" };
      const injected = injectParameters(notebook, given, "typescript", "test").cells[2].source;
      expect(injected).toBe(
        '// Parameters\nlet scale: "smoke" | "micro" = "smoke";\nlet seeds = 1;\nlet fresh = true;',
      );
    }
  });
});
