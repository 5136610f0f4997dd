import { expect, test } from "vitest";
import { startEvaluator } from "../../../src/kernel/evaluation/evaluator.ts";
import { startNotebook } from "./notebook.ts";

// Limits are several times what an idle machine takes (0.5 ms, 1 ms, 100 ms), since tests share theirs.

async function medianMs(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await work(index);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[count >> 1];
}

test("a cell takes under 2 ms and a cell with declarations of its own under 5 ms", async () => {
  const notebook = await startNotebook();
  await notebook.run("1 + 1");
  expect(await medianMs(100, () => notebook.run("1 + 1"))).toBeLessThan(2);
  const unique = (i: number) =>
    `const v${i}: number = ${i}\nfunction f${i}(a: number) { return a + v${i} }\nclass C${i}<T> { x?: T }\nf${i}(2)`;
  expect(await medianMs(100, (i) => notebook.run(unique(i)))).toBeLessThan(5);
});

test("a child starts in well under a second", async () => {
  const events = { output() {}, input: async () => "", died() {} };
  const started = await medianMs(3, async () => (await startEvaluator({ cwd: process.cwd(), events })).shutdown());
  expect(started).toBeLessThan(700);
});
