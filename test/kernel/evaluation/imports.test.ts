import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { plain, startNotebook } from "./notebook.ts";

const folder = mkdtempSync(join(tmpdir(), "labelfree-imports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
mkdirSync(join(folder, "sub"));
write("tsconfig.json", '{ "compilerOptions": { "jsx": "react", /* our own */ "jsxFactory": "h", } }');
write(
  "counter.ts",
  'import { step, type Step } from "./sub/step.js";\nimport { Unused } from "./sub/step.ts";\nexport let count = 0;\nexport function increase(by: Step): void {\n  const wide: Unused | null = null;\n  count += step(by);\n}\nexport interface Shape { x: number }\nexport default class Named {}\n',
);
write(
  "sub/step.ts",
  "export type Step = number;\nexport interface Unused { y: 1 }\nexport const step = (by: Step): number => by * 10;\n",
);
const notebook = await startNotebook({ cwd: folder });

test("packages are found from labelfree where the notebook's folder has none, ESM-only ones too", async () => {
  expect(await notebook.value("import * as aq from 'arquero'\naq.table({ a: [1, 2] }).numRows()")).toBe("2");
  expect(
    await notebook.value(
      "const { compile } = await import('vega-lite')\nimport { version } from 'vega'\n;[typeof compile, version]",
    ),
  ).toMatch(/^\[ 'function', '6\./);
});

test("builtins, CommonJS conveniences and import.meta work", async () => {
  expect(
    await notebook.value(
      "import fs, { existsSync as exists } from 'node:fs'\n;[fs.existsSync === exists, exists(__dirname)]",
    ),
  ).toBe("[ true, true ]");
  expect(
    await notebook.value(
      "[__dirname === import.meta.dirname, require('node:path') === require('path'), typeof module]",
    ),
  ).toBe("[ true, true, 'object' ]");
});

test("labelfree is this package", async () => {
  expect(await notebook.value("import * as labelfree from 'labelfree'\nObject.keys(labelfree).length > 0")).toBe(
    "true",
  );
});

test("a local module's names are live", async () => {
  expect(
    await notebook.value("import { count, increase, type Shape } from './counter.ts'\nincrease(1)\nincrease(1)\ncount"),
  ).toBe("20");
  expect(await notebook.value("const readCount = () => count\nincrease(1)\n;[count, readCount()]")).toBe("[ 30, 30 ]");
  expect(await notebook.error("count = 1")).toContain("Assignment to constant variable");
});

test("an edited module reaches names and closures without its import running again", async () => {
  await notebook.run("import { step } from './sub/step'\nconst later = () => step(2)");
  expect(await notebook.value("[step(1), later()]")).toBe("[ 10, 20 ]");
  write("sub/step.ts", "export const step = (by: number): number => by * 1000;\nexport const added = 5;\n");
  expect(await notebook.value("increase(1)\n;[step(1), later(), count]")).toBe("[ 1000, 2000, 1000 ]");
  expect(await notebook.value("import { added } from './sub/step.ts'\nadded")).toBe("5");
});

test("a module broken by an edit is reported and its old version stays", async () => {
  write("sub/step.ts", "export const step = (by: number) => by * ;\n");
  expect(await notebook.value("step(1)")).toBe("1000");
  const report = notebook.outputs.find(
    ({ cell, event }) => cell === notebook.lastCell && event.type === "error",
  )?.event;
  expect(report?.type === "error" && plain(report.error.traceback.join("\n"))).toMatch(
    /SyntaxError: [^]*step\.ts:1:42/,
  );
  const seen = notebook.outputs.length;
  expect(await notebook.value("step(1)")).toBe("1000");
  expect(notebook.outputs.slice(seen).map(({ event }) => event.type)).toEqual(["result"]);
  write("sub/step.ts", "export const step = (by: number) => by * 3;\n");
  expect(await notebook.value("[step(1), later()]")).toBe("[ 3, 6 ]");
});

test("a name that was a variable becomes an import, and stays current", async () => {
  expect(await notebook.value("const renamed = 1\nrenamed")).toBe("1");
  expect(await notebook.value("import { step as renamed } from './sub/step'\nrenamed(1)")).toBe("3");
  write("sub/step.ts", "export const step = (by: number) => by * 44;\n");
  expect(await notebook.value("renamed(1)")).toBe("44");
  expect(await notebook.value("const renamed = 2\nrenamed")).toBe("2");
});

test("an error in a module tells the module's line", async () => {
  write(
    "thrower.ts",
    "interface A { a: 1 }\n\nexport function fail(a?: A): never {\n  throw new RangeError(`no ${a}`);\n}\n",
  );
  const trace = await notebook.error("import { fail } from './thrower'\nfail()");
  expect(trace).toContain("thrower.ts:4:9");
  expect(trace).toContain("> 4 |   throw new RangeError");
  expect(trace).toContain(`at cell[${notebook.lastCell.slice(5)}].ts:2:1`);
});

test("modules that import each other in a circle load", async () => {
  write(
    "even.ts",
    'import { isOdd } from "./odd.ts";\nexport function isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }\n',
  );
  write(
    "odd.ts",
    'import { isEven } from "./even.ts";\nexport function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }\n',
  );
  expect(await notebook.value("import { isEven } from './even.ts'\nisEven(10)")).toBe("true");
});

test("JSON, CommonJS and dynamic imports of local files work", async () => {
  write("data.json", '{ "five": 5 }');
  write("old.cjs", "module.exports = { six: 6 };");
  write("asserts.ts", "export enum Level { Low = 1, High }\nexport const lazy = () => import('./data.json');\n");
  expect(
    await notebook.value(
      "import data from './data.json' with { type: 'json' }\nimport old from './old.cjs'\n;[data.five, old.six]",
    ),
  ).toBe("[ 5, 6 ]");
  expect(
    await notebook.value(
      "const { Level, lazy } = await import('./asserts.ts')\n;[Level.High, (await lazy()).default.five]",
    ),
  ).toBe("[ 2, 5 ]");
});

test("JSX is compiled as the tsconfig asks", async () => {
  await notebook.run("const h = (tag: string, props: unknown, ...inner: unknown[]) => ({ tag, props, inner })");
  expect(await notebook.value("<b id='x'>{1 + 1}</b>")).toBe("{ tag: 'b', props: { id: 'x' }, inner: [ 2 ] }");
});

test("what cannot be imported is an error at the import", async () => {
  const name = () => `cell[${notebook.lastCell.slice(5)}].ts`;
  expect(await notebook.error("\nimport { nothing } from 'node:path'\nnothing")).toContain(`${name()}:2:1`);
  expect(await notebook.error("import './missing.ts'")).toContain("missing.ts");
  const trace = await notebook.error("import 'no-such-package-at-all'");
  expect(trace).toContain("Cannot find package 'no-such-package-at-all'");
  expect(trace).toContain(`${name()}:1:1`);
});
