import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { Notebook } from "./notebook.ts";

const notebook = new Notebook();
afterAll(() => notebook[Symbol.dispose]());
notebook.run("const point = { across: 1 }; let list = [1]; function f(a: string) { return a }");

const piece = fc.constantFrom(
  ..."point . across list f ( ) { } [ ] ` ${ ' \" /* */ // \n ; , = => : ? ?. < > @ # await const let function class import from".split(
    " ",
  ),
  "\n",
  "😀",
  "'😀😀'",
);
const cell = fc.array(fc.oneof({ weight: 4, arbitrary: piece }, fc.string({ unit: "binary" })), { maxLength: 12 });

test("any text at any cursor is answered, with places inside the text", () => {
  fc.assert(
    fc.property(cell, fc.nat(), (pieces, n) => {
      const characters = [...pieces.join(" ").replaceAll("|", "")];
      const cursor = n % (characters.length + 1);
      const marked = [...characters.slice(0, cursor), "|", ...characters.slice(cursor)].join("");
      const { matches, cursorStart, cursorEnd } = notebook.complete(marked);
      expect(cursorStart).toBeGreaterThanOrEqual(0);
      expect(cursorStart).toBeLessThanOrEqual(cursor);
      expect(cursorEnd).toBeGreaterThanOrEqual(cursor);
      expect(cursorEnd).toBeLessThanOrEqual(characters.length);
      expect(matches.every((match) => match.length > 0)).toBe(true);
      notebook.inspect(marked, 1);
      const code = characters.join("");
      const lines = code.split("\n");
      for (const { line, column, endLine, endColumn, codeFrame } of notebook.diagnostics(code)) {
        expect(lines[line - 1].length + 1).toBeGreaterThanOrEqual(column);
        expect(lines[endLine - 1].length + 1).toBeGreaterThanOrEqual(endColumn);
        expect(codeFrame).toContain("~");
      }
    }),
    { numRuns: 60 },
  );
});
