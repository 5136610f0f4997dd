import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { NOTEBOOK_GLOBALS } from "../../../src/kernel/display/index.ts";
import { DISPLAY_GLOBALS } from "../../../src/kernel/language/globals.ts";
import { Notebook } from "./notebook.ts";

let opened: Notebook[] = [];
afterEach(() => {
  for (const notebook of opened) notebook[Symbol.dispose]();
  opened = [];
});

function open(files?: Readonly<Record<string, string>>): Notebook {
  const notebook = new Notebook(files);
  opened.push(notebook);
  return notebook;
}

test("a wrong type is found at its place in the cell, in UTF-16 columns", () => {
  const notebook = open();
  expect(notebook.run("const a = 1;")).toEqual([]);
  expect(notebook.run('const smile = "😀😀"; const b: string =\n  a;')).toEqual([
    "1:29 Type 'number' is not assignable to type 'string'.",
  ]);
});

test("a syntax error is found where it is, and nothing else with it", () => {
  const notebook = open();
  expect(notebook.check("const a = ;\nconst b: string = 1;")).toEqual(["1:11 Expression expected."]);
  expect(notebook.check("f(\n  {")).toEqual(["1:1 '}' expected."].map((text) => text.replace("1:1", "2:4")));
});

test("a problem is shown with its line underlined", () => {
  const [problem] = open().diagnostics("const tab = 1;\n\tconst wrong: string = tab;");
  expect(problem).toMatchObject({ code: 2322, severity: "error", line: 2, column: 8, endLine: 2, endColumn: 13 });
  expect(problem.codeFrame).toBe(
    "\u001b[90m2\u001b[39m  const wrong: string = tab;\n         \u001b[31m~~~~~\u001b[39m",
  );
});

test("a notebook's ways of writing are no errors", () => {
  const notebook = open();
  const cells = [
    "const data = await Promise.resolve([1, 2]); let total = 0;",
    "for await (const item of data) total += item; total",
    "let list = []; let later; var old = 1; for (var i = 0; i < 3; i++) { var inner = i }",
    "list.push(1); later = 'x'; old++; i + inner; list[0]; later",
    "function f<T>(x: T) { return x } class A { #v = 1; get v() { return this.#v } }",
    "interface P { x: number } type Q = P & { y?: string }; enum E { One } namespace N { export const n = 1 }",
    "const q: Q = { x: f(1) }; const e: E = E.One; N.n; new A().v; let a: A = new A(); a = new A();",
    "const { x, ...rest } = q; const [first, , third = 3] = [1, 2]; export const shared = 1;",
    "x.toFixed(); rest.y?.length; first + third + shared; function* g() { yield* data } async function h() {}",
    "import fs, { readFileSync as read } from 'node:fs'; import * as path from 'node:path'; import type { Dirent } from 'node:fs'",
    "let d: Dirent | undefined; read(path.join('a', 'b')); fs.existsSync('x'); d?.isFile()",
    "using handle = { [Symbol.dispose]() {} }; handle",
    "'ab'.isWellFormed(); [3].toSorted(); structuredClone(q); fetch; process.env.HOME; require('node:os'); setTimeout(() => {}, 1)",
    "{ total = 2 } unused: for (;;) { break unused }",
    "display(total).update(1); html`<b>${x}</b>`; for (const s of progress([1])) s.toFixed(); prompt('a')?.trim(); (await input()).trim()",
    "confirm('sure?') && comms.open('target', {}).close(); vegaLite({}); clearOutput(); markdown('x'); png(new Uint8Array(1)); json(1); svg('x'); latex`x`; updateDisplay(1, 'id')",
  ];
  for (const code of cells) expect([code, ...notebook.run(code)]).toEqual([code]);
});

test("types hold across twenty cells", () => {
  const notebook = open();
  expect(notebook.run("const v0 = { n: 0, s: 'a' as string | number };")).toEqual([]);
  for (let k = 1; k <= 20; k++) {
    expect(notebook.run(`const v${k} = { ...v${k - 1}, n: v${k - 1}.n + 1 }; let l${k} = [v${k}];`)).toEqual([]);
  }
  expect(notebook.check("v20.n.toFixed(); l7[0].n.toFixed(); v20.s.toFixed()")).toEqual([
    "1:43 Property 'toFixed' does not exist on type 'string | number'.",
  ]);
  expect(notebook.check("l3 = [v4, { n: '', s: 1 }]")).toEqual([
    "1:13 Type 'string' is not assignable to type 'number'.",
  ]);
});

test("a hundred cells that use thirty names each give no false problem", () => {
  const notebook = open();
  notebook.run("let counter = 0;");
  for (let k = 0; k < 100; k++) {
    const used = (i: number): string => (k === 0 ? "1" : `v${Math.floor(((k - 1) * i) / 29)}_${i}`);
    const lines = Array.from({ length: 30 }, (_, i) => `${i % 3 === 0 ? "let" : "const"} v${k}_${i} = ${used(i)} + 1;`);
    expect(notebook.run(`${lines.join("\n")}\ncounter += v${k}_0;`)).toEqual([]);
  }
  expect(notebook.check("v99_29.trim()")).toEqual(["1:8 Property 'trim' does not exist on type 'number'."]);
});

test("a cell that asks not to be checked is not", () => {
  const notebook = open();
  notebook.run("const a = 1;");
  expect(notebook.check("// @ts-nocheck\na.trim()")).toEqual([]);
  expect(notebook.check("a;\n// @ts-expect-error\na.trim();\na.trim()")).toHaveLength(1);
});

test("the last declaration of a name wins, whatever it is", () => {
  const notebook = open();
  notebook.run("const thing = 1;");
  notebook.run("const keep = () => thing;");
  expect(notebook.run("function thing(a: string) { return a } thing('x')")).toEqual([]);
  expect(notebook.check("thing(1)")).toHaveLength(1);
  expect(notebook.run("class thing { readonly size = 1 }")).toEqual([]);
  expect(notebook.check("new thing().size; keep().toFixed()")).toEqual([]);
  expect(notebook.run("let thing = 's'; const other = thing.length")).toEqual([]);
  expect(notebook.check("thing = 's2'; thing.length + other")).toEqual([]);
  expect(notebook.run("interface thing { a: 1 }")).toEqual([]);
  expect(notebook.check("let t: thing = { a: 1 }; t.a")).toEqual([]);
});

test("a name that no cell declared is not found, and a constant cannot be assigned to", () => {
  const notebook = open();
  notebook.run("const fixed = 1;");
  expect(notebook.check("missing; fixed = 2")).toEqual([
    "1:1 Cannot find name 'missing'.",
    "1:10 Cannot assign to 'fixed' because it is an import.",
  ]);
});

test("a cell that does not parse declares nothing and breaks nothing", () => {
  const notebook = open();
  notebook.run("const a = 1;");
  expect(notebook.run("const a = 'x'; const b = (")).toHaveLength(1);
  expect(notebook.check("a.toFixed()")).toEqual([]);
});

test("global declarations of a cell hold in later cells", () => {
  const notebook = open();
  expect(notebook.run("declare global { interface Array<T> { second(): T } }")).toEqual([]);
  expect(notebook.check("[1, 2].second().toFixed()")).toEqual([]);
});

test("without a tsconfig types are strict, with one they are the project's", () => {
  const code =
    "function f(a) { return a } const s: string = null; enum E { A } const unused = 1; let n = [1][5].toFixed()";
  expect(open().check(code)).toEqual([
    "1:12 Parameter 'a' implicitly has an 'any' type.",
    "1:34 Type 'null' is not assignable to type 'string'.",
  ]);
  const loose = open({ "tsconfig.json": '{ "compilerOptions": { "strict": false, "noUnusedLocals": true } }' });
  expect(loose.check(code)).toEqual([]);
  const stricter = open({
    "tsconfig.json":
      '{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true, "isolatedModules": true } }',
  });
  expect(stricter.check(code)[2]).toMatch(/^1:\d+ Object is possibly 'undefined'\.$/);
  expect(stricter.run("import type { Dirent } from 'node:fs'; interface Row { a: 1 }")).toEqual([]);
  expect(stricter.check("let r: Row | Dirent | undefined; r")).toEqual([]);
});

test("a project's ambient declarations and JSX are taken from its tsconfig", () => {
  const jsx = '{ "compilerOptions": { "strict": true, "jsx": "react", "jsxFactory": "h" }, "include": ["types"] }';
  const ambient =
    "declare namespace JSX { interface IntrinsicElements { div: { id: string } } }\ndeclare function h(): string;";
  const notebook = open({ "tsconfig.json": jsx, "types/jsx.d.ts": ambient, "local.ts": "export const two = 2;" });
  expect(notebook.run('import { two } from "./local.ts"; const box = <div id="a" />; const n: number = two;')).toEqual(
    [],
  );
  expect(notebook.check("box; <div />")[0]).toContain("Property 'id' is missing");
});

test("a local module is typed, and an edit of it counts at once", () => {
  const notebook = open({ "lib/local.ts": "export const size = 1;\nexport type Size = typeof size;" });
  expect(notebook.run('import { size } from "./lib/local.ts";')).toEqual([]);
  expect(notebook.check("size.toFixed()")).toEqual([]);
  notebook.write("lib/local.ts", 'export const size = "large";');
  const later = new Date(Date.now() + 5000);
  utimesSync(join(notebook.directory, "lib/local.ts"), later, later);
  expect(notebook.check("size.toFixed()")).toEqual([
    "1:6 Property 'toFixed' does not exist on type '\"large\"'. Did you mean 'fixed'?",
  ]);
  expect(notebook.check("size.toUpperCase()")).toEqual([]);
});

test("a module or package that is missing is found once it is there", () => {
  const notebook = open();
  const code = 'import { a } from "./soon.ts"; import { b } from "soon-installed"; a.toFixed(); b.trim();';
  expect(notebook.check(code)).toHaveLength(2);
  notebook.write("soon.ts", "export const a = 1;");
  notebook.write("node_modules/soon-installed/package.json", '{ "name": "soon-installed", "types": "index.d.ts" }');
  notebook.write("node_modules/soon-installed/index.d.ts", "export declare const b: string;");
  expect(notebook.check(code)).toEqual([]);
});

test("packages are found from the directory first, then among those of labelfree", () => {
  const notebook = open({
    "node_modules/arquero/package.json": '{ "name": "arquero", "types": "index.d.ts" }',
    "node_modules/arquero/index.d.ts": "export declare const own: number;",
  });
  expect(
    notebook.check('import { own } from "arquero"; import { compile } from "vega-lite"; own + compile.length'),
  ).toEqual([]);
  const labelfree = 'import * as labelfree from "labelfree"; labelfree.nothingOfTheKind';
  expect(notebook.check(labelfree)[0]).toContain("Property 'nothingOfTheKind' does not exist");
});

test("a package without types is a warning", () => {
  const notebook = open({
    "node_modules/plain/package.json": '{ "name": "plain", "main": "index.js" }',
    "node_modules/plain/index.js": "exports.a = 1;",
  });
  const [problem] = notebook.diagnostics('import plain from "plain"; plain.anything;');
  expect([problem.severity, problem.code]).toEqual(["warning", 7016]);
});

test("every global of the display room is declared, and no other", () => {
  expect(Object.keys(DISPLAY_GLOBALS).sort()).toEqual(Object.keys(NOTEBOOK_GLOBALS).sort());
});
