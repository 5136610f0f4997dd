import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffNotebooks } from "../../src/workbook/diff-notebooks.ts";
import { diffLines } from "../../src/workbook/line-diff.ts";
import { stripNotebook } from "../../src/workbook/strip-notebook.ts";
import { notebookOf, streamOf } from "./notebooks.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 8 });

describe("lines", () => {
  test("of both texts come back from their edits", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = diffLines(before, after);
        expect(edits.filter(({ kind }) => kind !== "added").map(({ line }) => line)).toEqual(before);
        expect(edits.filter(({ kind }) => kind !== "removed").map(({ line }) => line)).toEqual(after);
      }),
    );
  });

  test("that a text keeps are not told as changed", () => {
    const edits = diffLines(["a", "b", "c", "d"], ["a", "c", "x", "d"]);
    expect(edits.map(({ kind, line }) => kind[0] + line)).toEqual(["sa", "rb", "sc", "ax", "sd"]);
  });

  test("of two long texts that share nothing are replaced, without a table of all pairs", () => {
    const [before, after] = ["a", "b"].map((name) => Array.from({ length: 3000 }, (_, index) => `${name}${index}`));
    expect(diffLines(before, after)).toHaveLength(6000);
  });
});

describe("notebooks", () => {
  const kinds = (difference: ReturnType<typeof diffNotebooks>) =>
    difference.cells.map(({ kind, before, after }) => `${kind} ${before} ${after}`);

  test("that only counted otherwise say the same", () => {
    const notebook = notebookOf(["1", "2"]);
    const counted = { ...notebook, cells: notebook.cells.map((cell) => ({ ...cell, execution_count: 7 })) };
    expect(diffNotebooks(notebook, counted)).toEqual({ cells: [], metadata: [], isSame: true });
  });

  test("match cells by id, then by text, then by likeness", () => {
    const before = notebookOf([
      { id: "one", source: "let a = 1;" },
      { id: "two", source: "let b = 2;" },
      { id: "three", source: "const x = 1;\nconst y = 2;\nx + y" },
    ]);
    const after = notebookOf([
      { id: "one", source: "let a = 5;" },
      { id: "other", source: "let b = 2;" },
      { id: "new", source: "const x = 1;\nconst y = 3;\nx + y" },
    ]);
    const difference = diffNotebooks(before, after);
    expect(kinds(difference)).toEqual(["changed 1 1", "changed 3 3"]);
    expect(difference.cells[1].source?.filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "removed", line: "const y = 2;" },
      { kind: "added", line: "const y = 3;" },
    ]);
  });

  test("tell of cells that came, went and moved", () => {
    const cells = ["let a", "let b", "let c", "let d"].map((source, index) => ({ id: `${index}`, source }));
    const [a, b, c, d] = cells;
    expect(kinds(diffNotebooks(notebookOf([a, b, c]), notebookOf([a, c])))).toEqual(["removed 2 null"]);
    expect(kinds(diffNotebooks(notebookOf([a, c]), notebookOf([a, b, c])))).toEqual(["added null 2"]);
    expect(kinds(diffNotebooks(notebookOf([a, b, c, d]), notebookOf([b, c, d, a])))).toEqual(["moved 1 4"]);
  });

  test("tell what outputs say now, and of tags and metadata", () => {
    const before = notebookOf([{ source: "1", outputs: [streamOf("acc 0.31")] }], { kernelspec: { name: "a" } });
    const after = notebookOf([{ source: "1", outputs: [streamOf("acc 0.32")], tags: ["volatile"] }], {
      kernelspec: { name: "b" },
    });
    const { cells, metadata } = diffNotebooks(before, after);
    expect(cells[0].outputs).toEqual([{ what: "stdout, line 1", expected: "0.31", found: "0.32" }]);
    expect(cells[0].metadata).toEqual([{ what: "tags", expected: "nothing", found: '["volatile"]' }]);
    expect(metadata).toEqual([{ what: "kernelspec.name", expected: '"a"', found: '"b"' }]);
    expect(diffNotebooks(before, { ...before, cells: after.cells }, { tolerance: 0.1 }).cells[0].outputs).toEqual([]);
  });

  test("that are stripped have no trace of a run, and stripping again changes nothing", () => {
    const run = { done: [], parameters: { a: "1" } };
    const notebook = notebookOf(
      [
        { source: "let a = 2", tags: ["parameters"], outputs: [streamOf("x")] },
        { source: "let a = 1", tags: ["injected-parameters"] },
      ],
      { labelfree: { run, volatile: ["x"] }, widgets: {}, kernelspec: { name: "k" } },
    );
    const timed = {
      ...notebook,
      cells: notebook.cells.map((cell) => ({ ...cell, metadata: { ...cell.metadata, execution: {} } })),
    };
    const bare = stripNotebook(timed);
    expect(bare.metadata).toEqual({ labelfree: { volatile: ["x"] }, kernelspec: { name: "k" } });
    expect(bare.cells).toMatchObject([
      { id: "a", outputs: [], execution_count: null, metadata: { tags: ["parameters"] } },
    ]);
    expect(bare.cells[0].metadata.execution).toBeUndefined();
    expect(stripNotebook(bare)).toEqual(bare);
  });
});
