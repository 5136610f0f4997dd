import { expect, test } from "vitest";
import { plain, startNotebook, until } from "./notebook.ts";

const notebook = await startNotebook();

test("a hundred thousand lines arrive whole, in order and before the outcome, in under 3 s", async () => {
  const start = performance.now();
  await notebook.run("for (let i = 0; i < 100_000; i++) console.log('line ' + i)");
  const elapsedMs = performance.now() - start;
  expect(notebook.text(notebook.lastCell)).toBe(Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join(""));
  expect(elapsedMs).toBeLessThan(3_000);
});

test("text of any size and alphabet arrives whole", async () => {
  await notebook.run(
    "process.stdout.write('\\u{1F600}a'.repeat(400_000))\nprocess.stdout.write(Buffer.from('é').subarray(0, 1))\nprocess.stdout.write(Buffer.from('é').subarray(1));",
  );
  expect(notebook.text(notebook.lastCell)).toBe(`${"\u{1F600}a".repeat(400_000)}é`);
});

test("the console has colours, tables and groups, and errors go to stderr", async () => {
  await notebook.run(
    "console.log({ a: 1 })\nconsole.table([{ b: 2 }])\nconsole.group('g')\nconsole.log('inner')\nconsole.groupEnd()\nconsole.error('bad')\nconsole.trace('here')",
  );
  expect(notebook.text(notebook.lastCell, "stdout")).toContain("{ a: \u001b[33m1\u001b[39m }");
  expect(notebook.text(notebook.lastCell, "stdout")).toContain("│ (index) │");
  expect(notebook.text(notebook.lastCell, "stdout")).toContain("g\n  inner\n");
  expect(plain(notebook.text(notebook.lastCell, "stderr"))).toBe(
    `bad\nTrace: here\n    at cell[${notebook.lastCell.slice(5)}].ts:7:9\n`,
  );
});

test("output comes while a cell is busy", async () => {
  const running = notebook.run(
    "console.log('at once')\nconst until1 = Date.now() + 1500\nwhile (Date.now() < until1);",
  );
  let isBusy = true;
  const end = running.finally(() => {
    isBusy = false;
  });
  await until(() => notebook.text(notebook.lastCell) === "at once\n");
  expect(isBusy).toBe(true);
  await end;
});

test("programs' output keeps its place among the cell's", async () => {
  await notebook.run(
    "const { execSync, spawnSync } = await import('node:child_process')\nconsole.log('1')\nexecSync('echo 2', { stdio: 'inherit' })\nconsole.log('3')\nspawnSync('sh', ['-c', 'echo 4 >&2'], { stdio: 'inherit' })\nconsole.log('5')\nrequire('node:fs').writeSync(1, '6\\n');",
  );
  expect(notebook.text(notebook.lastCell)).toBe("1\n2\n3\n4\n5\n6\n");
});

test("late output goes to the cell that caused it", async () => {
  await notebook.run(
    "setTimeout(() => console.log('timer'), 30)\nPromise.resolve().then(async () => { await new Promise((go) => setTimeout(go, 40)); console.log('promise') })\nrequire('node:fs').readFile('/dev/null', () => console.log('file'))\nrequire('node:child_process').spawn('sh', ['-c', 'sleep 0.05; echo program'], { stdio: 'inherit' });",
  );
  const cause = notebook.lastCell;
  await notebook.run("console.log('between')");
  await until(() => notebook.text(cause).split("\n").length > 4);
  expect(notebook.text(cause).trim().split("\n").sort()).toEqual(["file", "program", "promise", "timer"]);
  expect(notebook.text(notebook.lastCell)).toBe("between\n");
});

test("an uncaught exception and an unhandled rejection are shown in their cell, and the kernel lives", async () => {
  await notebook.run(
    "const live = 1\nsetTimeout(() => { throw new Error('from a timer') }, 5)\nvoid Promise.reject(new Error('rejected'));",
  );
  const cause = notebook.lastCell;
  await notebook.run("2");
  const errors = () =>
    notebook.outputs.flatMap(({ cell, event }) => (cell === cause && event.type === "error" ? [event.error] : []));
  await until(() => errors().length === 2);
  expect(errors().map(({ ename, evalue }) => [ename, evalue])).toEqual([
    ["Error", "rejected"],
    ["Error", "from a timer"],
  ]);
  expect(plain(errors()[1].traceback.join("\n"))).toContain(`cell[${cause.slice(5)}].ts:2:26`);
  expect(await notebook.value("live")).toBe("1");
});

test("displays are shown where they were called, before the result", async () => {
  await notebook.run(
    "console.log('a')\nconst shown = display({ b: 1 })\nconsole.log('c')\nshown.update({ b: 2 })\nclearOutput(true)\n'd'",
  );
  const events = notebook.outputs.filter(({ cell }) => cell === notebook.lastCell).map(({ event }) => event);
  expect(events.map(({ type }) => type)).toEqual(["stream", "display", "stream", "display", "clear", "result"]);
  expect(events[3]).toMatchObject({ update: true });
});

test("a slow reader blocks the cell and loses nothing", async () => {
  const running = notebook.run("for (let i = 0; i < 30_000; i++) console.log('x'.repeat(200))");
  const end = performance.now() + 300;
  while (performance.now() < end); // the parent reads nothing
  await running;
  expect(notebook.text(notebook.lastCell)).toHaveLength(30_000 * 201);
});

test("input is asked for after the output before it, and answered", async () => {
  const asked: unknown[] = [];
  notebook.answer = async (request) => {
    asked.push([request, notebook.text(notebook.lastCell)]);
    return request.password ? "secret" : "yes";
  };
  expect(
    await notebook.value(
      "console.log('first')\n;[prompt('name?'), confirm('sure?'), await input('key: ', { password: true })]",
    ),
  ).toBe("[ 'yes', true, 'secret' ]");
  expect(asked).toEqual([
    [{ prompt: "name? ", password: false }, "first\n"],
    [{ prompt: "sure? [y/N] ", password: false }, "first\n"],
    [{ prompt: "key: ", password: true }, "first\n"],
  ]);
});

test("input that nobody can give is an error of the cell", async () => {
  expect(await notebook.run("prompt('x')", { allowStdin: false })).toMatchObject({
    status: "error",
    error: { evalue: expect.stringContaining("nobody can answer") },
  });
  notebook.answer = () => Promise.reject(new Error("the frontend is gone"));
  expect(await notebook.error("prompt('x')")).toContain("the frontend is gone");
});
