import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startNotebook, until } from "./notebook.ts";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

test("process.exit ends the cell with its output and a fresh process takes the next", async () => {
  const notebook = await startNotebook();
  const outcome = await notebook.run("const lost = 1\nconsole.log('before')\nprocess.exit(3)");
  expect(notebook.text(notebook.lastCell)).toBe("before\n");
  expect(outcome).toMatchObject({
    status: "error",
    error: { ename: "ProcessExit", evalue: expect.stringContaining("process.exit(3)") },
  });
  await until(() => notebook.deaths.length === 1);
  expect(notebook.deaths).toMatchObject([{ kind: "exit", code: 3 }]);
  expect(await notebook.value("typeof lost")).toBe("'undefined'");
});

test("a heap at its limit is told as such", async () => {
  const notebook = await startNotebook({ memoryLimitMb: 100 });
  const outcome = await notebook.run("const held = []\nwhile (true) held.push(new Array(1000).fill({}))");
  expect(outcome).toMatchObject({
    error: { ename: "OutOfMemory", evalue: expect.stringContaining("limit of 100 MB") },
  });
  expect(notebook.text(notebook.lastCell)).toBe("");
  await until(() => notebook.deaths.length === 1);
  expect(notebook.deaths).toMatchObject([{ kind: "memory" }]);
  expect(await notebook.value("1 + 1")).toBe("2");
});

test("a crash is told with its signal", async () => {
  const notebook = await startNotebook();
  await notebook.run("setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 5);");
  await until(() => notebook.deaths.length === 1);
  expect(notebook.deaths).toMatchObject([
    { kind: "crash", signal: "SIGSEGV", message: expect.stringContaining("variables are lost") },
  ]);
  expect(await notebook.value("1 + 1")).toBe("2");
});

test("a restart forgets the state, and the shutdown ends every program", async () => {
  const notebook = await startNotebook();
  await notebook.run("const before = 1");
  const start = "const program = require('node:child_process').spawn('sleep', ['60'])\n;[process.pid, program.pid]";
  const first = JSON.parse((await notebook.value(start)) ?? "[]");
  await notebook.evaluator.restart();
  expect(await notebook.value("typeof before")).toBe("'undefined'");
  const second = JSON.parse((await notebook.value(start)) ?? "[]");
  await notebook.evaluator.shutdown();
  await until(() => ![...first, ...second].some(isAlive));
  expect(notebook.deaths).toEqual([]);
  expect(() => notebook.evaluator.memory()).toThrow(/after its shutdown/);
});

test("the child and its programs die with the parent, also in the middle of a loop", async () => {
  const built = join(process.cwd(), "dist/kernel/evaluation/evaluator.js");
  const script = `
    const { startEvaluator } = await import(${JSON.stringify(built)});
    const events = { output: (cell, event) => process.stdout.write(event.text ?? ""), input: async () => "", died() {} };
    const evaluator = await startEvaluator({ cwd: ".", events });
    const code = "console.log(JSON.stringify([process.pid, require('node:child_process').spawn('sleep', ['60']).pid])); while (true) {}";
    await evaluator.execute({ cell: "c", executionCount: 1, code, silent: false, allowStdin: false, userExpressions: {}, subshell: null });`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = await once(parent.stdout, "data");
  const pids: number[] = JSON.parse(String(text));
  expect(pids.every(isAlive)).toBe(true);
  parent.kill("SIGKILL");
  await until(() => !pids.some(isAlive));
});
