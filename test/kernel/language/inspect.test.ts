import { afterAll, expect, test } from "vitest";
import { Notebook } from "./notebook.ts";

const notebook = new Notebook();
afterAll(() => notebook[Symbol.dispose]());

notebook.run(`/**
 * Scales a length, see {@link https://example.org the rule} and {@link other}.
 * @param length - in metres
 * @param by the factor
 * @returns the new length
 * @example
 * scale(1, 2)
 */
function scale(length: number, by = 1): number {
  return length * by;
}
let counter = 0;
const size = { width: 1 };`);
notebook.run(
  "class Box<T> { constructor(readonly content: T) {} }\nconst box = new Box('a'); declare function over(a: string): void; declare function over(a: number): void;",
);

const SCALE_DOC = [
  "Scales a length, see [the rule](https://example.org) and `other`.",
  "*@param* `length` in metres",
  "*@param* `by` the factor",
  "*@returns* the new length",
  "*@example*\n```ts\nscale(1, 2)\n```",
];

test("a name shows its type and its comment as Markdown", () => {
  expect(notebook.inspect("sca|le")).toBe(
    ["```ts\nfunction scale(length: number, by?: number): number\n```", ...SCALE_DOC].join("\n\n"),
  );
  for (const place of ["|counter", "coun|ter", "counter|", "'😀😀'; counter|"]) {
    expect(notebook.inspect(place)).toBe("```ts\nlet counter: number\n```");
  }
  expect(notebook.inspect("size.wid|th")).toBe("```ts\n(property) width: number\n```");
  expect(notebook.inspect("bo|x")).toBe("```ts\nconst box: Box<string>\n```");
});

test("inside a call the parameters are shown, that at the cursor first", () => {
  const help = notebook.inspect("'😀😀'; scale(1, |)");
  expect(help).toMatch(
    /^```ts\nscale\(length: number, by\?: number\): number\n```\n\n\*\*by\*\*: the factor\n\nScales a length/,
  );
  expect(help).not.toContain("*@param*");
  expect(notebook.inspect("over(|)")).toContain("over(a: string): void\n// 1 more overload");
  expect(notebook.inspect("new Box(|")).toContain("Box(content: unknown): Box<unknown>");
});

test("with detail 1 the source of the declaration follows", () => {
  expect(notebook.inspect("counter|", 1)).toBe("```ts\nlet counter: number\n```\n\n```ts\nlet counter = 0;\n```");
  expect(notebook.inspect("scale|", 1)).toContain("return length * by;\n}\n```");
  expect(notebook.inspect("const local = 1; local|", 1)).toContain("```ts\nconst local = 1;\n```");
  expect(notebook.inspect("display|", 1)).toContain("declare const display");
});

test("a name from a package is documented", () => {
  expect(notebook.inspect("import fs from 'node:fs'; fs.existsSy|nc")).toContain("Returns `true` if the path exists");
  expect(notebook.inspect("Math.ma|x")).toContain("Returns the larger of a set of supplied numeric expressions.");
});

test("behind a name its text is found, elsewhere nothing", () => {
  expect(notebook.inspect("size; |")).toBe("```ts\nconst size: {\n    width: number;\n}\n```");
  expect(notebook.inspect("unknownName|")).toBeUndefined();
  expect(notebook.inspect("|")).toBeUndefined();
  expect(notebook.inspect("'a string|'")).toBeUndefined();
});

test("plain text stands beside the Markdown", () => {
  expect(notebook.inspect("size|")).toContain("```");
});
