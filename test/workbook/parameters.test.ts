import { describe, expect, test } from "vitest";
import { tagsOf } from "../../src/workbook/notebook.ts";
import { injectParameters } from "../../src/workbook/parameters.ts";
import { notebookOf } from "./notebooks.ts";

const SOURCE = `// usual values
let seeds = 3, label = "a";
const rate = -0.5;
let scale: "smoke" | "micro" = "micro";
let names: readonly string[] = [];
let limit: number | null = compute();
export const fresh = false`;

function inject(given: Readonly<Record<string, string>>, source = SOURCE, language = "typescript"): string {
  const notebook = notebookOf(["0", { source, tags: ["parameters"] }, "1"]);
  return injectParameters(notebook, given, language, "n.ipynb").cells[2].source;
}

describe("parameters", () => {
  test("become a tagged cell after the one that declares them, with its types", () => {
    const notebook = notebookOf(["0", { source: SOURCE, tags: ["parameters"] }, "1"]);
    const injected = injectParameters(notebook, { seeds: "5", scale: "smoke" }, "typescript", "n.ipynb");
    expect(injected.cells.map(({ id }) => id)).toEqual(["a", "b", "injected-parameters", "c"]);
    expect(tagsOf(injected.cells[2])).toEqual(["injected-parameters"]);
    expect(injected.cells[2].source).toBe('// Parameters\nlet seeds = 5;\nlet scale: "smoke" | "micro" = "smoke";');
    const again = injectParameters(injected, { label: "x" }, "typescript", "n.ipynb");
    expect(again.cells.map(({ id }) => id)).toEqual(["a", "b", "injected-parameters", "c"]);
    expect(again.cells[2].source).toBe('// Parameters\nlet label = "x";');
    expect(injectParameters(notebook, {}, "typescript", "n.ipynb")).toBe(notebook);
  });

  test("are JSON where they are JSON, and the text itself for what is declared as text", () => {
    expect(inject({ label: "007" })).toContain('let label = "007";');
    expect(inject({ label: '"quoted"' })).toContain('let label = "quoted";');
    expect(inject({ rate: "1e-3" })).toContain("let rate = 0.001;");
    expect(inject({ names: '["a","b"]' })).toContain('let names: readonly string[] = ["a","b"];');
    expect(inject({ limit: "null" })).toContain("let limit: number | null = null;");
  });

  test.each([
    [
      { seeds: "many" },
      'n.ipynb, --param seeds: got "many", string, expected number as in `let seeds = 3, label = "a";`',
    ],
    [{ rate: "true" }, "got true, boolean, expected number"],
    [{ scale: "paper" }, 'got "paper", string, expected one of "smoke", "micro"'],
    [
      { seed: "1" },
      "--param seed: the parameters cell declares no such name, expected one of seeds, label, rate, scale",
    ],
  ])("%j are refused", (given, message) => {
    expect(() => inject(given)).toThrow(message);
  });

  test("need a cell that declares them, which must parse", () => {
    expect(() => injectParameters(notebookOf(["1"]), { a: "1" }, "typescript", "n.ipynb")).toThrow(
      'n.ipynb: got --param, expected a code cell with the tag "parameters"',
    );
    expect(() => inject({ a: "1" }, "let = =")).toThrow("the parameters cell does not parse");
    expect(() => inject({ a: "1" }, "a <- 1", "R")).toThrow('got --param for the language "R"');
  });

  test("of Python are written as Python", () => {
    const source = "seeds = 3\nname: str = 'a'\nquick = False\nif x == 1: pass\nextra: Optional[dict] = None";
    const given = { seeds: "4", name: "7", quick: "true", extra: '{"a": [null, true]}' };
    expect(inject(given, source, "python")).toBe(
      '# Parameters\nseeds = 4\nname = "7"\nquick = True\nextra = {"a": [None, True]}',
    );
    expect(() => inject({ quick: "3" }, source, "python")).toThrow("expected boolean as in `quick = False`");
  });
});
