import { afterAll, expect, test } from "vitest";
import { Notebook } from "./notebook.ts";

const notebook = new Notebook({ "src/local-module.ts": "" });
afterAll(() => notebook[Symbol.dispose]());

notebook.run('import fs from "node:fs"; import { Buffer as Bytes } from "node:buffer"; const list = [1, 2];');
notebook.run(
  "const point = { across: 1, down: 'x', move(by: number, scale?: number) { return by } }; let pointer = point;",
);
notebook.run("class Shape { area() { return 1 } } function paint(colour: 'red' | 'green') {} type Sides = 3 | 4;");

function typed(marked: string): Record<string, string> {
  const { metadata } = notebook.complete(marked);
  return Object.fromEntries(
    metadata._jupyter_types_experimental.map(({ text, type, signature }) => [text, `${type} ${signature}`]),
  );
}

test("members have their kind and type", () => {
  expect(typed("point.|")).toEqual({
    across: "property number",
    down: "property string",
    move: "method (by: number, scale?: number): number",
  });
  expect(typed("fs.readFileS|")).toEqual({
    readFileSync: expect.stringMatching(/^function \(path: .* \(\+2 overloads\)$/),
  });
});

test("names of earlier cells are offered with what they are", () => {
  expect(typed("poin|")).toMatchObject({
    point: expect.stringMatching(/^variable /),
    pointer: expect.stringMatching(/^variable /),
  });
  expect(typed("Sha|")).toEqual({ Shape: "class typeof Shape", SharedArrayBuffer: expect.any(String) });
  expect(typed("pai|")).toEqual({ paint: 'function (colour: "red" | "green"): void' });
  expect(typed("let s: Sid|")).toEqual({ Sides: "type undefined" });
  expect(typed("let b: Byte|")).toMatchObject({ Bytes: expect.any(String) });
  expect(typed("disp|")).toMatchObject({ display: expect.stringContaining("(value: unknown") });
});

test("two emoji before the cursor do not shift the answer", () => {
  const plain = notebook.complete("'..'; point.ac|");
  const emoji = notebook.complete("'😀😀'; point.ac|");
  expect(emoji).toEqual(plain);
  expect([emoji.matches, emoji.cursorStart, emoji.cursorEnd]).toEqual([["across"], 12, 14]);
  expect(emoji.metadata._jupyter_types_experimental[0]).toMatchObject({ start: 12, end: 14 });
});

test("the cursor may stand inside a word, in a long cell or in a broken one", () => {
  expect(notebook.complete("point.ac|ross + 1").matches).toEqual(["across"]);
  expect(notebook.complete("function f() {\n  const here = 1;\n  return her|\n}").matches[0]).toBe("here");
  expect(notebook.complete("if (point.do|").matches).toEqual(["down"]);
  expect(notebook.complete("const x = `${list.fl|").matches).toEqual(["flat", "flatMap"]);
});

test("strings are completed by their type, paths by the disk", () => {
  expect(notebook.complete("paint('|')").matches).toEqual(["green", "red"]);
  expect(notebook.complete("paint('r|')")).toMatchObject({ matches: ["red"], cursorStart: 7, cursorEnd: 8 });
  expect(notebook.complete("import {} from './src/lo|'").matches).toEqual(["local-module.ts"]);
  expect(notebook.complete("import {} from 'node:f|'").matches).toEqual(["node:fs", "node:fs/promises"]);
});

test("a member of what may be undefined brings its question mark, a quoted one its brackets", () => {
  expect(notebook.complete("list.at(0).toF|")).toMatchObject({
    matches: ["?.toFixed"],
    cursorStart: 10,
    cursorEnd: 14,
  });
  expect(notebook.complete("({ 'a b': 1 }).|")).toMatchObject({ matches: ['["a b"]'], cursorStart: 14, cursorEnd: 15 });
});

test("names that start just as typed come before those that differ in case", () => {
  const { matches } = notebook.complete("p|");
  expect(matches.indexOf("point")).toBeLessThan(matches.indexOf("Promise"));
  expect(matches.length).toBeGreaterThan(5);
  expect(matches.every((match) => /^p/i.test(match))).toBe(true);
});

test("where nothing fits there are no matches, and the cursor stays", () => {
  expect(notebook.complete("point.nothing|")).toMatchObject({ matches: [], cursorStart: 6, cursorEnd: 13 });
  expect(notebook.complete("'text |'")).toMatchObject({ matches: [] });
  expect(notebook.complete("1.5|")).toMatchObject({ matches: [] });
});

test("an empty cell is offered the notebook's names first", () => {
  const { matches, cursorStart, cursorEnd } = notebook.complete("|");
  expect([cursorStart, cursorEnd]).toEqual([0, 0]);
  expect(matches.slice(0, 20)).toEqual(expect.arrayContaining(["fs", "list", "point", "Shape"]));
});

test("a position outside the cell is moved into it", () => {
  expect(notebook.complete(`${"point.a"}|`).matches).toEqual(["across"]);
  expect(notebook.complete("|point.a").cursorStart).toBe(0);
});
