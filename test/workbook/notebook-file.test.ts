import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toNotebook } from "../../src/workbook/notebook.ts";
import { formatNotebook, readNotebook } from "../../src/workbook/notebook-file.ts";
import { codeOf, notebookOf, save, scratchFolder, streamOf } from "./notebooks.ts";

const PYTHON = "/usr/bin/python3";
const folder = scratchFolder();

function hasNbformat(): boolean {
  try {
    execFileSync(PYTHON, ["-c", "import nbformat"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const LINES = "a\nb\r\nc\u2028d\u0085e\fend";
const FILE = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { zeta: 1, kernelspec: { name: "labelfree", display_name: "T" }, alpha: [], empty: {} },
  cells: [
    { cell_type: "markdown", id: "m", metadata: { trusted: true }, source: ["# 한국어 😀\n", "text"], attachments: {} },
    {
      cell_type: "code",
      id: "c",
      metadata: { tags: ["x"], own: { b: null, a: [1, 2.5, "s"] } },
      source: LINES,
      execution_count: 3,
      outputs: [
        { output_type: "stream", name: "stdout", text: LINES },
        {
          output_type: "display_data",
          metadata: { "image/png": { width: 3 } },
          data: { "text/plain": ["one\n", "two"], "image/png": "iVBO\n", "application/json": ["kept\n", "apart"] },
        },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mred\u001b[39m\nline"] },
      ],
    },
    { cell_type: "raw", id: "r", metadata: { format: "text/x" }, source: "" },
  ],
};

describe("a notebook's file", () => {
  test.skipIf(!hasNbformat())(
    `has the bytes that nbformat writes${hasNbformat() ? "" : " (skipped: no nbformat)"}`,
    () => {
      const [ours, theirs] = [join(folder, "ours.ipynb"), join(folder, "theirs.ipynb")];
      writeFileSync(ours, formatNotebook(toNotebook(FILE, "test")));
      const code =
        "import nbformat, sys; n = nbformat.read(sys.argv[1], 4); nbformat.validate(n); nbformat.write(n, sys.argv[2])";
      execFileSync(PYTHON, ["-c", code, ours, theirs]);
      expect(readFileSync(ours, "utf8")).toBe(readFileSync(theirs, "utf8"));
    },
  );

  test("keeps its bytes when it is read and written, unknown fields too", () => {
    const text = formatNotebook(toNotebook({ ...FILE, unknown: { deep: [true] } }, "test"));
    expect(text).toContain('"deep"');
    expect(formatNotebook(toNotebook(JSON.parse(text), "test"))).toBe(text);
  });

  test("keeps any text, whatever line ends it has", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\r\n", "\u2028", "\f", "é"), maxLength: 12 }),
        (text) => {
          const notebook = notebookOf([{ source: text, outputs: [streamOf(text)] }]);
          const [cell] = codeOf(toNotebook(JSON.parse(formatNotebook(notebook)), "test"));
          expect([cell.source, cell.outputs]).toEqual([text, [streamOf(text)]]);
        },
      ),
    );
  });

  test("gives cells without an id, or with another's, one that follows from their text", () => {
    const cell = { cell_type: "code", metadata: {}, source: "1", execution_count: null, outputs: [] };
    const old = {
      nbformat: 4,
      nbformat_minor: 4,
      metadata: {},
      cells: [cell, cell, { ...cell, id: "x" }, { ...cell, id: "x" }],
    };
    const [first, second] = [toNotebook(old, "test"), toNotebook(old, "test")];
    expect(new Set(first.cells.map(({ id }) => id)).size).toBe(4);
    expect(first.cells.map(({ id }) => id)).toEqual(second.cells.map(({ id }) => id));
    expect(first.cells[2].id).toBe("x");
    expect(first.nbformat_minor).toBe(5);
  });

  test("says which cell and field is wrong", () => {
    const broken = {
      ...FILE,
      cells: [FILE.cells[0], { ...FILE.cells[1], outputs: [{ output_type: "stream", text: 3 }] }],
    };
    const path = join(folder, "broken.ipynb");
    writeFileSync(path, JSON.stringify(broken));
    expect(() => readNotebook(path)).toThrow(
      /broken\.ipynb: not a notebook, cell 2, outputs\.0\.name: .*; cell 2, outputs\.0\.text: expected a text/,
    );
    writeFileSync(path, "{");
    expect(() => readNotebook(path)).toThrow(expect.objectContaining({ code: "file/not-json" }));
    writeFileSync(path, JSON.stringify({ nbformat: 3, worksheets: [] }));
    expect(() => readNotebook(path)).toThrow("got nbformat 3, expected 4; jupyter nbconvert");
    expect(() => readNotebook(join(folder, "none.ipynb"))).toThrow("there is no such file");
  });

  test("is replaced whole", () => {
    const path = save(folder, "whole.ipynb", notebookOf(["1"]));
    expect(codeOf(readNotebook(path))[0].source).toBe("1");
    expect(readFileSync(path, "utf8").endsWith("}\n")).toBe(true);
  });
});
