import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compareOutputs } from "../../src/workbook/compare-outputs.ts";
import { volatileParts } from "../../src/workbook/comparison-rules.ts";
import type { Output } from "../../src/workbook/notebook.ts";
import { notebookOf, resultOf, streamOf } from "./notebooks.ts";

const CHART = "application/vnd.vegalite.v5+json";

function differences(
  a: readonly Output[],
  b: readonly Output[],
  tolerance = 0,
  volatile: readonly RegExp[] = [],
): string[] {
  return compareOutputs(a, b, { tolerance, volatile }).map(
    ({ what, expected, found }) => `${what}: ${expected} -> ${found}`,
  );
}

function chart(accuracy: number, svg = "<svg>1</svg>"): Output {
  const values = [
    { step: 0, accuracy: 0.1 },
    { step: 1, accuracy },
  ];
  return resultOf({ [CHART]: { layer: [{ data: { values } }] }, "image/svg+xml": svg, "text/plain": "Figure" });
}

describe("texts", () => {
  test("that are equal but for colours and the pieces of a stream say the same", () => {
    expect(
      differences(
        [streamOf("a"), streamOf("e", "stderr"), streamOf("b\n")],
        [streamOf("ab\n"), streamOf("e", "stderr")],
      ),
    ).toEqual([]);
    expect(differences([streamOf("\u001b[33m1\u001b[39m")], [streamOf("1")])).toEqual([]);
  });

  test("name the number that moved, by its line", () => {
    const [a, b] = ["x\nloss 0.50 at step 7\ny", "x\nloss 0.51 at step 7\ny"].map((text) => [streamOf(text)]);
    expect(differences(a, b)).toEqual(["stdout, line 2: 0.50 -> 0.51"]);
  });

  test("show the line where more than a number differs, and lines that only one has", () => {
    expect(differences([streamOf("a\nb 1\nc")], [streamOf("a\nd 1\nc")])).toEqual(["stdout, line 2: b 1 -> d 1"]);
    expect(differences([streamOf("a\nc")], [streamOf("a\nb\nc")])).toEqual(["stdout, line 2:  -> b"]);
  });

  test("are exact to the character without a tolerance, and numbers apart with one", () => {
    const [a, b] = ["acc  0.1 −12.5", "acc 0.10 −12.5000001"].map((text) => [streamOf(text)]);
    expect(differences(a, b)).not.toEqual([]);
    expect(differences(a, b, 1e-6)).toEqual([]);
    expect(differences(a, b, 1e-9)).toEqual(["stdout, line 1: −12.5 -> −12.5000001"]);
  });

  test("with digits inside words or hashes have no numbers there", () => {
    expect(differences([streamOf("run 9f2c1000000001")], [streamOf("run 9f2c1000000002")], 0.1)).toHaveLength(1);
    expect(differences([streamOf("v1.2.3")], [streamOf("v1.2.4")], 10)).toHaveLength(1);
  });

  test("differ no more where a notebook says that they do", () => {
    const [a, b] = ["took 1.2 s, loss 3", "took 9 s, loss 3"].map((text) => [streamOf(text)]);
    const notebook = notebookOf([{ source: "", volatile: ["took [0-9.]+ s"] }]);
    expect(differences(a, b, 0, volatileParts(notebook.cells[0], "n"))).toEqual([]);
    expect(differences(a, [streamOf("took 9 s, loss 4")], 0, volatileParts(notebook.cells[0], "n"))).toHaveLength(1);
    expect(() => volatileParts(notebookOf([], { labelfree: { volatile: ["("] } }), "n.ipynb")).toThrow(
      "n.ipynb, metadata.labelfree.volatile: Invalid regular expression",
    );
  });
});

describe("charts", () => {
  test("name the row and field whose number moved, and not their drawing", () => {
    expect(differences([chart(0.2)], [chart(0.3, "<svg>2</svg>")])).toEqual([
      "chart, layer 1, row 2, accuracy: 0.2 -> 0.3",
    ]);
  });

  test("with the same data must have the same drawing, but for a tolerance that their data need", () => {
    expect(differences([chart(0.2)], [chart(0.2, "<svg>2</svg>")])).toEqual([
      "image/svg+xml, character 6: <svg>1</svg> -> <svg>2</svg>",
    ]);
    expect(differences([chart(0.2)], [chart(0.2000001, "<svg>2</svg>")], 1e-3)).toEqual([]);
  });

  test("that lose a row say so", () => {
    const values = [{ a: 1 }, { a: 2 }];
    const [a, b] = [values, values.slice(1)].map((rows) => [resultOf({ [CHART]: { data: { values: rows } } })]);
    expect(differences(a, b)).toEqual(["chart, row 1, a: 1 -> 2", 'chart, row 2: {"a":2} -> nothing']);
  });
});

describe("outputs", () => {
  test("of another kind, or missing, are told with what they say", () => {
    const error: Output = { output_type: "error", ename: "E", evalue: "v", traceback: [] };
    expect(differences([streamOf("a")], [error])).toEqual(["output: stdout: a -> error: E: v"]);
    expect(differences([streamOf("a")], [streamOf("a"), resultOf({ "text/plain": "1" })])).toEqual([
      "output 2: nothing -> execute_result: 1",
    ]);
  });

  test("compare every MIME type, JSON by its parts", () => {
    const [a, b] = [1, 2].map((x) => [resultOf({ "application/json": { x: [x] }, "text/html": `<b>${x}</b>` })]);
    expect(differences(a, b)).toEqual(["application/json.x.0: 1 -> 2", "text/html, line 1: 1 -> 2"]);
    expect(differences([resultOf({ "text/plain": "1" })], [resultOf({ "text/plain": "1", "text/html": "1" })])).toEqual(
      ["text/html: nothing -> 1"],
    );
  });
});

describe("pictures", () => {
  const pixels = [
    [10, 20, 30, 40],
    [50, 60, 70, 80],
  ];
  const png = (rows: readonly (readonly number[])[], filter: 0 | 1 | 2 | 4, level = 9) => [
    resultOf({ "image/png": grayPng(rows, filter, level).toString("base64") }),
  ];

  test.each([1, 2, 4] as const)("with the same pixels are the same, stored with filter %i or none", (filter) => {
    expect(differences(png(pixels, 0), png(pixels, filter, 1))).toEqual([]);
  });

  test("with another pixel, size or a damage differ", () => {
    expect(differences(png(pixels, 0), png([pixels[0], [50, 60, 71, 80]], 2))).toEqual([
      "image/png: a picture of 4 x 2 -> 1 bytes of its pixels differ",
    ]);
    expect(differences(png(pixels, 0), png(pixels.slice(1), 0))).toEqual([
      "image/png: 4 x 2 -> 4 x 1, or other colours",
    ]);
    const cut = resultOf({ "image/png": grayPng(pixels, 0, 9).subarray(0, 50).toString("base64") });
    expect(differences(png(pixels, 0), [cut])).toHaveLength(1);
  });
});

/** A grey PNG of 8 bits by hand; checksums are not read here and stay 0. */
function grayPng(rows: readonly (readonly number[])[], filter: 0 | 1 | 2 | 4, level: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows[0].length);
  header.writeUInt32BE(rows.length, 4);
  header[8] = 8;
  const at = (row: number, column: number) => (row < 0 || column < 0 ? 0 : rows[row][column]);
  const lines = rows.map((line, row) => {
    const stored = line.map((value, column) => {
      const [left, up, corner] = [at(row, column - 1), at(row - 1, column), at(row - 1, column - 1)];
      const paeth = [left, up, corner].reduce((best, each) => {
        const distance = (guess: number) => Math.abs(left + up - corner - guess);
        return distance(each) < distance(best) ? each : best;
      });
      return value - [0, left, up, 0, paeth][filter];
    });
    return Buffer.from([filter, ...stored]);
  });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(lines), { level })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
