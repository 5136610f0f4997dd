import fc from "fast-check";
import { expect, test } from "vitest";
import { isComplete } from "../../../src/kernel/language/is-complete.ts";

test.each([
  "",
  "1 + 1",
  "// only a comment",
  "const x: number = 1",
  "if (x) { y() }",
  "const f = async () => {\n  await x;\n}",
  "await fetch('x')",
  "for await (const x of y) z(x)",
  "`a ${`b ${c}`} d`",
  "/* done */ x",
  "enum A { B }\n@d class C {}",
  "using file = open()",
  "<div>{x}</div>",
  "const s = '😀😀'",
  "/[/]/.test(x)",
])("%j is complete", (code) => {
  expect(isComplete(code)).toEqual({ status: "complete" });
});

test.each([
  ["const f = async () => {", "  "],
  ["if (x)", "  "],
  ["if (x) { y() } else", "  "],
  ["x +", ""],
  ["x.", ""],
  ["x?.", ""],
  ["f(1,", ""],
  ["f(", "  "],
  ["const a = [\n  1,", "  "],
  ["const a = {\n  b: {", "    "],
  ["class A {\n\tm() {", "\t\t"],
  ["const x", ""],
  ["const x: ", ""],
  ["try { y() }", ""],
  ["import { a } from", ""],
  ["`a", ""],
  ["`a ${", "  "],
  ["`a ${b} c", ""],
  ["f(`x", ""],
  ["/* not done", ""],
  ["'a \\", ""],
  ["x ? y :", ""],
  ["const s = '😀😀' +", ""],
  ["x + // more comes", ""],
  ["@decorated", ""],
])("%j is incomplete", (code, indent) => {
  expect(isComplete(code)).toEqual({ status: "incomplete", indent });
});

test.each([
  "foo)",
  "let 5",
  "a b",
  "'open string",
  "}",
  "x = = 1",
  "const s = '😀'; foo)",
  "return 1",
  "/open regex",
  "{ a: 1, b: 2 }",
])("%j is invalid", (code) => {
  expect(isComplete(code)).toEqual({ status: "invalid" });
});

test("any text gets an answer", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "(",
    ")",
    "`",
    "${",
    "'",
    "/*",
    "*/",
    "//",
    "\n",
    "x",
    "+",
    "=>",
    "if",
    "😀",
    "<",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
      expect(["complete", "incomplete", "invalid"]).toContain(isComplete(parts.join("")).status);
    }),
    { numRuns: 300 },
  );
});

test("every piece of a cell that breaks off between two tokens can be completed", () => {
  const tokens = "const f = function ( a , b ) { return [ a , b , { c : `x ${ a + b } y` } ] ; } ;".split(" ");
  for (let n = 1; n < tokens.length - 1; n++) {
    const code = tokens.slice(0, n).join(" ");
    expect([code, isComplete(code).status]).toEqual([code, "incomplete"]);
  }
});
