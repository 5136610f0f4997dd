import { expect, test } from "vitest";
import { plain, startNotebook } from "./notebook.ts";

const notebook = await startNotebook();

test("the value of the last expression is the result", async () => {
  expect(await notebook.value("const a: number = 1\na + 1")).toBe("2");
  expect(await notebook.value("'text'")).toBe("'text'");
  expect(await notebook.value("({ a }) satisfies object")).toBe("{ a: 1 }");
});

test("a trailing semicolon, undefined and statements give no result", async () => {
  for (const code of ["1 + 1;", "undefined", "if (true) 5", "// nothing", "", "type T = 1"]) {
    expect(await notebook.value(code)).toBeUndefined();
  }
});

test("a silent cell gives no result and an expression of the user does", async () => {
  const outcome = await notebook.run("const quiet = 4\nquiet", {
    silent: true,
    userExpressions: { good: "quiet * 2", bad: "missing", late: "await Promise.resolve(7)" },
  });
  expect(notebook.outputs.filter(({ cell }) => cell === notebook.lastCell)).toEqual([]);
  expect(outcome).toMatchObject({
    status: "ok",
    userExpressions: {
      good: { status: "ok", data: { "text/plain": expect.stringContaining("8") } },
      bad: { status: "error", ename: "ReferenceError", evalue: "missing is not defined" },
      late: { status: "ok", data: { "text/plain": expect.stringContaining("7") } },
    },
  });
});

const KINDS: Readonly<Record<string, string>> = {
  const: "const NAME = KIND",
  let: "let NAME = KIND",
  var: "var NAME = KIND",
  function: "function NAME() {}\nNAME.kind = KIND",
  class: "class NAME { static kind = KIND }",
  enum: "enum NAME { kind = KIND }",
};

test("any declaration may follow any other of the same name", async () => {
  for (const [first, one] of Object.entries(KINDS)) {
    for (const [second, two] of Object.entries(KINDS)) {
      const name = `redeclared_${first}_${second}`;
      await notebook.value(one.replaceAll("NAME", name).replace("KIND", "1"));
      expect(
        await notebook.value(`${two.replaceAll("NAME", name).replace("KIND", "2")}\n${name}.kind ?? ${name}`),
      ).toBe("2");
    }
  }
});

test("closures and later cells see one variable", async () => {
  await notebook.value("let shared = 1\nconst read = () => shared");
  expect(await notebook.value("shared = 2\nread()")).toBe("2");
  expect(await notebook.value("let shared = 3\nread()")).toBe("3");
  expect(await notebook.value("function shared() { return 4 }\nread()()")).toBe("4");
});

test("a function may be called before it is declared, and var keeps its value", async () => {
  expect(
    await notebook.value("early(2)\nvar factor = 3\nfunction early(x: number) { return [x, typeof factor] }\nearly(1)"),
  ).toBe("[ 1, 'number' ]");
  expect(await notebook.value("var factor\nfactor")).toBe("3");
  expect(await notebook.value("for (var index = 0; index < 3; index++);\nindex")).toBe("3");
  expect(await notebook.value("var { p, q } = { p: 1, q: 2 }, r\nif (true) var s = 5\n;[p, q, r, s]")).toBe(
    "[ 1, 2, undefined, 5 ]",
  );
});

test("a constant cannot be written, from no cell, unless it is declared again", async () => {
  await notebook.value("const fixed = 1");
  expect(await notebook.error("fixed = 2")).toContain("TypeError: Assignment to constant variable");
  expect(await notebook.error("fixed++")).toContain("Assignment to constant");
  expect(await notebook.error("[fixed] = [3]")).toContain("Assignment to constant");
  expect(await notebook.value("((fixed: number) => { fixed = 5; return fixed })(1)")).toBe("5");
  expect(await notebook.value("{ let fixed = 1; fixed++ }\nfixed")).toBe("1");
  expect(await notebook.value("let fixed = 7; fixed++; fixed")).toBe("8");
});

test("top-level await, for await and async generators work", async () => {
  expect(
    await notebook.value(
      "async function* numbers() { yield 1; yield 2 }\nlet sum = 0\nfor await (const n of numbers()) sum += n\nawait Promise.resolve(sum)",
    ),
  ).toBe("3");
});

test("cells run in strict mode", async () => {
  expect(await notebook.error("undeclaredName = 1")).toContain("ReferenceError");
  expect(await notebook.error("Object.freeze([1]).push(2)")).toContain("TypeError");
});

test("enums, namespaces, parameter properties and decorators are compiled", async () => {
  expect(await notebook.value("enum Color { Red = 1, Green }\nColor.Green")).toBe("2");
  expect(await notebook.value("enum Color { Blue = 'b' }\nColor")).toBe("{ Blue: 'b' }");
  expect(await notebook.value("namespace Space { export const inner = 3 }\nSpace.inner")).toBe("3");
  expect(await notebook.value("class Point { constructor(readonly x: number) {} }\nnew Point(4).x")).toBe("4");
  const decorator =
    "function twice(method: () => number, context: ClassMethodDecoratorContext) { return () => method() * 2 }";
  expect(await notebook.value(`${decorator}\nclass Decorated { @twice m() { return 3 } }\nnew Decorated().m()`)).toBe(
    "6",
  );
});

test("using disposes when the cell or its block ends, also after an error", async () => {
  const resource = (name: string) => `{ name: "${name}", [Symbol.dispose]() { console.log("closed ${name}") } }`;
  expect(await notebook.value(`using top = ${resource("top")}\nconsole.log("open")\ntop.name`)).toBe("'top'");
  expect(notebook.text(notebook.lastCell)).toBe("open\nclosed top\n");
  await notebook.value(`{ using inner = ${resource("inner")}; console.log("in block") }\nconsole.log("after")`);
  expect(notebook.text(notebook.lastCell)).toBe("in block\nclosed inner\nafter\n");
  await notebook.error(`await using late = ${resource("late")}\nthrow new Error("x")`);
  expect(notebook.text(notebook.lastCell)).toBe("closed late\n");
});

test("a trace tells the cell's own lines and columns and no frame of the kernel", async () => {
  const trace = await notebook.error(
    "interface Wide { readonly a: number }\nfunction thrower(x: Wide): never {\n  throw new Error('boom' as string)\n}\nthrower({ a: 1 } as Wide)",
  );
  const name = `cell[${notebook.lastCell.slice(5)}].ts`;
  expect(trace.split("\n").slice(0, 3)).toEqual(["Error: boom", `    at thrower (${name}:3:9)`, `    at ${name}:5:1`]);
  expect(trace).toContain("> 3 |   throw new Error('boom' as string)\n    |         ^");
  expect(trace.match(/ {4}at /g)).toHaveLength(2);
});

test("a trace is exact where code was inserted or compiled", async () => {
  const name = () => `cell[${notebook.lastCell.slice(5)}].ts`;
  expect(await notebook.error("function f1() {} const g1 = () => missing1; g1()")).toContain(`${name()}:1:35`);
  expect(await notebook.error("enum E1 { A }\n\nconst h1 = (e: E1) => missing2(e);\nh1(E1.A)")).toContain(
    `${name()}:3:23`,
  );
  expect(await notebook.error("for (const x of [1]) { await x; missing3 }")).toContain(`${name()}:1:33`);
});

test("a mistake in the syntax is shown at its place", async () => {
  const name = () => `cell[${notebook.lastCell.slice(5)}].ts`;
  const text = await notebook.error("let fine = 1\nconst x = ;");
  expect(text).toMatch(/^SyntaxError: /);
  expect(text).toContain(`${name()}:2:11\n  1 | let fine = 1\n> 2 | const x = ;\n    |           ^`);
  expect(await notebook.error("let twice = 1\nlet twice = 2")).toContain(`${name()}:2:5`);
});

test("whatever is thrown is reported", async () => {
  expect(await notebook.error("throw { code: 5 }")).toBe("Uncaught { code: 5 }");
  expect(await notebook.error("throw undefined")).toBe("Uncaught undefined");
  expect(await notebook.error("throw new Error('outer', { cause: new Error('inner') })")).toContain(
    "[cause]: Error: inner",
  );
  const hostile = "throw { get message() { throw 1 }, get stack() { throw 2 }, toString() { throw 3 } }";
  expect(await notebook.error(hostile)).not.toBe("");
});

test("cells of subshells run beside each other", async () => {
  const slow = notebook.run("await new Promise((go) => { globalThis.go = go })\n'slow'", { subshell: null });
  const fast = await notebook.run("(globalThis as any).go()\n'fast'", { subshell: "other" });
  expect(fast.status).toBe("ok");
  expect((await slow).status).toBe("ok");
});

test("a cell of ten million characters runs", async () => {
  expect(await notebook.value(`const huge = "${"x".repeat(1e7)}"\nhuge.length`)).toBe("10000000");
});

test("memory is told while a cell runs", async () => {
  const busy = notebook.run("const end = Date.now() + 100\nwhile (Date.now() < end);");
  const { rssBytes, heapBytes } = await notebook.evaluator.memory();
  expect(rssBytes).toBeGreaterThan(heapBytes);
  expect(heapBytes).toBeGreaterThan(1e6);
  await busy;
});

test("comms reach their targets in both directions", async () => {
  await notebook.run(
    "comms.registerTarget('echo', (comm, opening) => { comm.onMessage = ({ data, buffers }) => comm.send({ from: opening.data, data }, { buffers }) })",
  );
  const buffers = [new Uint8Array([1, 2])];
  notebook.evaluator.commMessage({ type: "comm_open", commId: "a", targetName: "echo", data: "open" }, "comm-cell");
  notebook.evaluator.commMessage({ type: "comm_msg", commId: "a", data: 5, buffers }, "comm-cell");
  notebook.evaluator.commMessage({ type: "comm_open", commId: "b", targetName: "unknown", data: {} }, "comm-cell");
  await notebook.run("0");
  const events = notebook.outputs.filter(({ cell }) => cell === "comm-cell").map(({ event }) => event);
  expect(events).toMatchObject([
    { type: "comm_msg", commId: "a", data: { from: "open", data: 5 } },
    { type: "comm_close", commId: "b" },
  ]);
  expect(events[0]).toHaveProperty("buffers.0", new Uint8Array([1, 2]));
});

test("a failed cell leaves the others alone", async () => {
  await notebook.error("const halfDone = (() => { throw new Error('no') })()");
  expect(plain(await notebook.error("halfDone"))).toContain("ReferenceError");
  expect(await notebook.value("const halfDone = 1\nhalfDone")).toBe("1");
});
