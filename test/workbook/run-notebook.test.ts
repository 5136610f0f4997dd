import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findKernel, kernelNameOf, ownKernel } from "../../src/workbook/kernel-choice.ts";
import type { Notebook } from "../../src/workbook/notebook.ts";
import { readNotebook, writeNotebook } from "../../src/workbook/notebook-file.ts";
import { type BeginOptions, beginRun, finishRun, type NotebookRun } from "../../src/workbook/run-notebook.ts";
import type { RunCellsOptions } from "../../src/workbook/run-cells.ts";
import { verifyNotebook } from "../../src/workbook/verify-notebook.ts";
import { codeOf, KERNEL, notebookOf, save, scratchFolder, textOf } from "./notebooks.ts";

const folder = scratchFolder();
const kernelOf = () => KERNEL;

async function run(
  path: string,
  options: Partial<BeginOptions> & Pick<RunCellsOptions, "signal" | "onStart" | "onEnd" | "allowErrors"> = {},
): Promise<NotebookRun> {
  const begun = beginRun(path, { kernelOf, ...options });
  if (begun === null) throw new Error("nothing to do");
  begun.write();
  return finishRun(begun, options);
}

const textsIn = (path: string) => codeOf(readNotebook(path)).map(textOf);
const verify = (path: string) => verifyNotebook(path, { tolerance: 0, kernelOf });

/** A cell that counts how often it has run, in a file that outlives its kernel. */
function counting(name: string, source: string): string {
  return `require("node:fs").appendFileSync(${JSON.stringify(join(folder, name))}, "x");\n${source}`;
}

describe("a run", () => {
  test("keeps streams, results, charts, updates and late output, each in its cell, and verifies", async () => {
    const path = save(
      folder,
      "whole.ipynb",
      notebookOf([
        "console.log('out'); console.error('err'); 1 / 4",
        "const handle = display('old');",
        "handle.update('new'); clearOutput(); console.log('kept')",
        "vegaLite({ data: { values: [{ a: 1 }] }, mark: 'bar', encoding: { x: { field: 'a' } } })",
        "setTimeout(() => console.log('late'), 20); void 0",
        "await new Promise((resolve) => setTimeout(resolve, 150)); process.cwd()",
        "   ",
      ]),
    );
    const { status, cells } = await run(path);
    expect(status).toBe("ok");
    expect(cells.map((cell) => cell.status)).toEqual(["ok", "ok", "ok", "ok", "ok", "ok", "skipped"]);
    expect(textsIn(path)).toEqual([
      "out\n|err\n|0.25",
      "'new'",
      "kept\n",
      expect.stringContaining("Vega-Lite chart"),
      "late\n",
      `'${folder}'`,
      "",
    ]);
    const notebook = readNotebook(path);
    expect(codeOf(notebook)[3].outputs[0]).toMatchObject({
      data: { "application/vnd.vegalite.v5+json": {}, "image/svg+xml": expect.stringContaining("<svg") },
    });
    expect(notebook.metadata).toMatchObject({ language_info: { name: "typescript" } });
    expect(notebook.metadata.labelfree).toBeUndefined();
    expect(await verify(path)).toMatchObject({ isSame: true, isWhole: true });
  });

  test("stops at an error with its line, unless the cell may fail or all may", async () => {
    const path = save(
      folder,
      "error.ipynb",
      notebookOf([
        { source: "throw new RangeError('expected')", tags: ["raises-exception"] },
        { source: "console.log('never')", tags: ["skip-execution"] },
        "const f = () => {\n  throw new TypeError('bad');\n};\nf()",
        "console.log('after')",
      ]),
    );
    const stopped = await run(path);
    expect(stopped.status).toBe("error");
    expect(stopped.cells.map(({ status }) => status)).toEqual(["ok", "skipped", "error"]);
    expect(stopped.cells[2]).toMatchObject({ number: 3, executionCount: 2, line: 2, error: { ename: "TypeError" } });
    expect(textsIn(path)).toEqual(["RangeError: expected", "", "TypeError: bad", ""]);
    expect(await verify(path)).toMatchObject({ isWhole: false, isSame: false });
    const all = await run(path, { allowErrors: true });
    expect(all.status).toBe("ok");
    expect(textsIn(path)[3]).toBe("after\n");
  });

  test("sets parameters and writes elsewhere", async () => {
    const path = save(folder, "given.ipynb", notebookOf([{ source: "let n = 1;", tags: ["parameters"] }, "n * 2"]));
    const target = join(folder, "executed.ipynb");
    await run(path, { target, parameters: { n: "21" } });
    expect(textsIn(target)).toEqual(["", "", "42"]);
    expect(textsIn(path)).toEqual(["", ""]);
  });

  test("that a kernel does not survive says so", async () => {
    const path = save(
      folder,
      "dies.ipynb",
      notebookOf(["1", "process.kill(process.ppid, 'SIGKILL'); await new Promise(() => {})"]),
    );
    const { status, cells } = await run(path);
    expect(status).toBe("error");
    expect(cells[1]).toMatchObject({ status: "died", error: { evalue: expect.stringContaining("ended by SIGKILL") } });
    expect(textsIn(path)[0]).toBe("1");
  });
});

describe("an interrupted run", () => {
  const cells = () => [
    { id: "state", source: counting("state", "let total = 40; total") },
    { id: "shown", source: counting("shown", "console.log(Math.random())"), tags: ["skip-on-resume"] },
    {
      id: "slow",
      source: counting(
        "slow",
        "total += 1; await new Promise((r) => setTimeout(r, globalThis.process.env.FAST ? 0 : 30_000)); total",
      ),
    },
    { id: "last", source: "total + 1" },
  ];
  const timesRun = (name: string) => readFileSync(join(folder, name), "utf8").length;

  test("goes on at the first cell that is not done, with the state and the outputs of the others", async () => {
    const path = save(folder, "resumed.ipynb", notebookOf(cells()));
    const stop = new AbortController();
    const stopped = await run(path, {
      signal: stop.signal,
      onStart: ({ id }) => void (id === "slow" && setTimeout(() => stop.abort(), 100)),
    });
    expect(stopped.status).toBe("interrupted");
    expect(stopped.cells.map(({ status }) => status)).toEqual(["ok", "ok", "interrupted"]);
    const [first, shown, slow] = textsIn(path);
    expect([first, slow]).toEqual(["40", ""]);

    const fast = { ...KERNEL, env: { FAST: "1" } };
    const resumed = await run(path, { resume: true, kernelOf: () => fast });
    expect(resumed.status).toBe("ok");
    expect(resumed.cells.map(({ status }) => status)).toEqual(["rebuilt", "skipped", "ok", "ok"]);
    expect(textsIn(path)).toEqual(["40", shown, "41", "42"]);
    expect([timesRun("state"), timesRun("shown"), timesRun("slow")]).toEqual([2, 1, 2]);
    expect(beginRun(path, { resume: true, kernelOf })).toBeNull();
  });

  test("does again what stands below a cell that has changed", async () => {
    const path = save(folder, "changed.ipynb", notebookOf(["let a = 1; a", "a + 1", "throw new Error('x')"]));
    await run(path);
    const notebook = readNotebook(path);
    const edited = notebook.cells.map((cell) =>
      cell.id === "b" ? { ...cell, source: "a + 10" } : cell.id === "c" ? { ...cell, source: "a + 100" } : cell,
    );
    writeNotebook(path, { ...notebook, cells: edited });
    const resumed = await run(path, { resume: true });
    expect(resumed.cells.map(({ status }) => status)).toEqual(["rebuilt", "ok", "ok"]);
    expect(textsIn(path)).toEqual(["1", "11", "101"]);
  });

  test("keeps its parameters, in another file too", async () => {
    const source = notebookOf([
      { source: "let n = 1;", tags: ["parameters"] },
      "n",
      "if (!process.env.FAST) throw 1; n + 1",
    ]);
    const path = save(folder, "kept.ipynb", source);
    const target = join(folder, "kept-executed.ipynb");
    await run(path, { target, parameters: { n: "5" } });
    const fast = { ...KERNEL, env: { FAST: "1" } };
    const resumed = await run(path, { target, resume: true, kernelOf: () => fast });
    expect(resumed.cells.map(({ status }) => status)).toEqual(["rebuilt", "rebuilt", "rebuilt", "ok"]);
    expect(textsIn(target)).toEqual(["", "", "5", "6"]);
    expect(() => beginRun(path, { target: join(folder, "none.ipynb"), resume: true, kernelOf })).toThrow(
      "there is no such file to go on with",
    );
  });

  test("updates a display that an earlier kernel has shown", async () => {
    const path = save(
      folder,
      "display.ipynb",
      notebookOf(["const handle = display('old');", "if (!process.env.FAST) throw 1; handle.update('new')"]),
    );
    await run(path);
    expect(textsIn(path)[0]).toBe("'old'");
    await run(path, { resume: true, kernelOf: () => ({ ...KERNEL, env: { FAST: "1" } }) });
    expect(textsIn(path)[0]).toBe("'new'");
  });
});

describe("verify", () => {
  async function executed(name: string, notebook: Notebook): Promise<string> {
    const path = save(folder, name, notebook);
    await run(path);
    return path;
  }

  test("names the cell and both values where a stored output was changed", async () => {
    const path = await executed("tampered.ipynb", notebookOf(["1 + 1", "console.log('accuracy', 0.25)"]));
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("0.25", "0.95"));
    const { isSame, cells } = await verify(path);
    expect(isSame).toBe(false);
    expect(cells.map(({ state }) => state)).toEqual(["same", "different"]);
    expect(cells[1]).toMatchObject({
      number: 2,
      executionCount: 2,
      differences: [{ what: "stdout, line 1", expected: "0.95", found: "0.25" }],
    });
  });

  test("leaves out what is declared volatile, but for an error", async () => {
    const path = await executed(
      "volatile.ipynb",
      notebookOf([
        { source: "Math.random()", tags: ["volatile"] },
        { source: "console.log('took', Math.random(), 's')", volatile: ["took [0-9.e-]+ s"] },
        { source: "if (process.env.BREAK) throw new Error('now'); Math.random()", tags: ["volatile"] },
      ]),
    );
    expect((await verify(path)).cells.map(({ state }) => state)).toEqual(["volatile", "same", "volatile"]);
    const broken = { ...KERNEL, env: { BREAK: "1" } };
    const { isSame, cells } = await verifyNotebook(path, { tolerance: 0, kernelOf: () => broken });
    expect(isSame).toBe(false);
    expect(cells[2]).toMatchObject({ state: "different", differences: [{ expected: "none", found: "Error: now" }] });
  });
});

describe("a kernel", () => {
  test("is found by its kernelspec, with its folder and variables filled in", () => {
    const kernels = join(folder, "kernels");
    mkdirSync(join(kernels, "other"), { recursive: true });
    process.env.LABELFREE_TEST_KERNEL = "value";
    const spec = {
      argv: ["{resource_dir}/start", "{connection_file}"],
      language: "julia",
      env: { A: "${LABELFREE_TEST_KERNEL}" },
    };
    writeFileSync(join(kernels, "other", "kernel.json"), JSON.stringify(spec));
    expect(findKernel("other", [kernels])).toEqual({
      name: "other",
      language: "julia",
      argv: [join(kernels, "other", "start"), "{connection_file}"],
      env: { A: "value" },
      interruptMode: "signal",
    });
    expect(() => findKernel("none", [kernels])).toThrow(
      "kernel none: there is none of this name, expected one of labelfree, other",
    );
    writeFileSync(join(kernels, "other", "kernel.json"), "{}");
    expect(() => findKernel("other", [kernels])).toThrow(expect.objectContaining({ code: "notebook/kernelspec" }));
    expect(kernelNameOf({ kernelspec: { name: "other" } })).toBe("other");
    expect(kernelNameOf({})).toBeUndefined();
  });

  test("that does not start leaves a file that --resume begins with", async () => {
    const path = save(folder, "unstarted.ipynb", notebookOf(["1"]));
    const broken = ownKernel([process.execPath, "-e", "process.exit(3)"]);
    await expect(run(path, { kernelOf: () => broken })).rejects.toMatchObject({ code: "kernel/no-start" });
    expect(existsSync(path)).toBe(true);
    expect((await run(path, { resume: true })).status).toBe("ok");
  });

  const python = existsSync("/usr/share/jupyter/kernels/python3/kernel.json");
  test.skipIf(!python)(`may be another one: IPython${python ? "" : " (skipped: not installed)"}`, async () => {
    const path = save(
      folder,
      "python.ipynb",
      notebookOf([{ source: "n = 1", tags: ["parameters"] }, "print(n)\nn / 4", "x = 1\nmissing"]),
    );
    const { status, cells } = await run(path, { parameters: { n: "3" }, kernelOf: () => findKernel("python3") });
    expect(status).toBe("error");
    expect(cells.at(-1)).toMatchObject({ line: 2, error: { ename: "NameError" } });
    expect(textsIn(path).slice(0, 3)).toEqual(["", "", "3\n|0.75"]);
  });
});
