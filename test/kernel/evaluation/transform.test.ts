import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "oxc-transform";
import { expect, test } from "vitest";
import { type CellOptions, transformCell } from "../../../src/kernel/evaluation/transform/cell.ts";
import { Edits, editedPosition, originalPosition } from "../../../src/kernel/evaluation/transform/edits.ts";
import { transformModule } from "../../../src/kernel/evaluation/transform/module.ts";
import { CodeSyntaxError } from "../../../src/kernel/evaluation/transform/syntax.ts";

const OPTIONS: CellOptions = {
  runtime: "rt",
  serial: 1,
  declared: new Set(),
  constants: new Set(),
  wantsResult: true,
  hasLegacyDecorators: false,
};
const STRICT = '"use strict";';

function cell(code: string, more: Partial<CellOptions> = {}): string {
  return transformCell(code, { ...OPTIONS, ...more }).main.text.slice(STRICT.length);
}

function strip(code: string): string {
  return transformModule(code, { runtime: "rt", isTypeScript: true, allowsJsx: false, hasLegacyDecorators: false })
    .text;
}

test("types become spaces", () => {
  expect(strip("let a: number = b as string;")).toBe("let a         = b          ;");
  expect(strip("f<number>(x!, <any>y);")).toBe("f        (x ,      y);");
  expect(strip("type A = 1; interface B {}\ndeclare const c: A;")).toMatch(/^; {10} ; {13}\n; {18}$/);
  expect(strip("function f(this: A, b?: number): void {}")).toBe("function f(         b         )       {}");
});

test("class members keep their names and lose their modifiers", () => {
  const code =
    "abstract class A<T> extends B<T> implements C { private readonly x?: T; declare y: 1; z!: 2; abstract m(): 1; static override n?(): 1; o(): 1 { return 1 } }";
  expect(strip(code).replace(/ +/g, " ")).toBe(" class A extends B { x ; ; z ; ; ; o() { return 1 } }");
  expect(strip(code)).toHaveLength(code.length);
});

test("what follows a stripped type on the next line stays a statement of its own", () => {
  expect(strip("let a = b as c\n;[1].map(d)")).toContain("\n;[1]");
  expect(strip("let a = b!\n(1)")).toBe("let a = b \n(1)");
  expect(strip("const f = (a: 1): {\n  b: 1\n} => a")).toMatch(/^const f = \(a {7}\n {6}\n\) => a$/);
});

test("every TypeScript source of this package strips to the code that a compiler makes of it, with every column kept", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  let compared = 0;
  for (const file of files.filter((name) => !name.includes("kernels"))) {
    const code = readFileSync(join("src", file), "utf8");
    const stripped = strip(code);
    if (stripped.includes("rt.check();")) continue; // a loop that awaits has been added to
    compared++;
    expect([file, ...lengths(stripped)]).toEqual([file, ...lengths(code)]);
    expect([file, compiled("a.js", stripped)]).toEqual([file, compiled("a.ts", code)]);
  }
  expect(compared).toBeGreaterThan(100);
});

function lengths(code: string): readonly number[] {
  return code.split("\n").map((line) => line.length);
}

function compiled(name: string, code: string): string {
  const { code: text, errors } = transformSync(name, code, { sourceType: "module", target: "esnext" });
  expect(errors).toEqual([]);
  return text.replace(/^(?:\s*;)+|\/\/.*|\/\*[^]*?\*\/|^export \{\};$/gm, "").replace(/\s+|;/g, "");
}

test("top-level declarations are written for the REPL", () => {
  expect(cell("const a = 1;")).toBe("let   a = 1;");
  expect(cell("function f() {}")).toBe("let f;f=function  () {};");
  expect(cell("var a = 1;", { declared: new Set(["a"]) })).toBe(";   a = 1;");
  expect(transformCell("f()\nfunction f() {}", OPTIONS).hoisted?.text).toBe(`${STRICT}let f;   \nf=function  () {};`);
});

test("imports leave the script and are told", () => {
  const script = transformCell(
    "import d, { a as b, type T } from 'x'\nimport * as n from \"y\" with { type: 'json' }\nd + T1",
    OPTIONS,
  );
  expect(script.main.text).not.toContain("import");
  expect(script.imports).toMatchObject([
    {
      specifier: "x",
      names: [
        { imported: "default", local: "d", isUsedAsValue: true },
        { imported: "a", local: "b" },
      ],
    },
    {
      specifier: "y",
      attributes: { type: "json" },
      names: [{ imported: "*", local: "n" }],
      position: { line: 2, column: 1 },
    },
  ]);
});

test("only loops that await ask whether to end", () => {
  expect(cell("while (a) b();")).toBe("while (a) b();");
  expect(cell("while (a) await b;")).toBe("while (a) {rt.check();await b;}");
  expect(cell("for (const a of b) { c(async () => await d) }")).not.toContain("check");
});

test("positions survive every edit, both ways", () => {
  const code = "function f() { g } const a = 1\nfor (const x of y) { await z; w }\na";
  const { text, toCell } = transformCell(code, OPTIONS).main;
  for (const name of ["g }", "w }", "z;"]) {
    const [line, column] = at(text, name);
    expect([name, toCell({ line, column })]).toEqual([name, { line: at(code, name)[0], column: at(code, name)[1] }]);
  }
  const edits = new Edits("ab\ncd ef\ngh");
  edits.insert(3, "123");
  edits.replace(6, 7, "long");
  const { text: edited, columns } = edits.apply();
  expect(edited).toBe("ab\n123cd longf\ngh");
  expect(originalPosition(columns, { line: 2, column: 4 })).toEqual({ line: 2, column: 1 });
  expect(originalPosition(columns, { line: 2, column: 11 })).toEqual({ line: 2, column: 5 });
  expect(editedPosition(columns, { line: 2, column: 5 })).toEqual({ line: 2, column: 11 });
  expect(originalPosition(columns, { line: 3, column: 2 })).toEqual({ line: 3, column: 2 });
});

function at(text: string, part: string): [number, number] {
  const lines = text.slice(0, text.indexOf(part)).split("\n");
  return [lines.length, (lines.at(-1) ?? "").length + 1];
}

test("a mistake tells where it is", () => {
  expect(() => transformCell("let a = ;", OPTIONS)).toThrow(CodeSyntaxError);
  try {
    transformCell("let a = ;", OPTIONS);
  } catch (error) {
    expect(error).toMatchObject({ name: "SyntaxError", start: 8 });
  }
});
