// The service in its thread, as the kernel uses it; the thread runs the build.

import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { createLanguageService } from "../../../src/kernel/language/language.ts";
import type { LanguageService } from "../../../src/kernel/language/language-types.ts";

const cwd = fileURLToPath(new URL("../../../", import.meta.url));

let service: LanguageService | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});

async function open(): Promise<LanguageService> {
  service = await createLanguageService({ cwd });
  return service;
}

test("cells that were run before the first question are known to it", async () => {
  const language = await open();
  language.addCell({ id: "a", executionCount: 1, code: "const width = 1;" });
  language.addCell({ id: "b", executionCount: 2, code: "const area = width * width;" });
  expect(await language.diagnostics("area.toFixed(); area.trim()", "c")).toMatchObject([
    { line: 1, column: 22, code: 2339 },
  ]);
  expect((await language.complete("'😀'; wid", 9)).matches).toEqual(["width"]);
  expect(await language.inspect("area", 2, 0)).toMatchObject({
    found: true,
    data: { "text/plain": "const area: number" },
  });
  expect(language.isComplete("if (area) {")).toEqual({ status: "incomplete", indent: "  " });
});

test("the thread that asks is never blocked, and questions are answered in their order", async () => {
  const language = await open();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const order: string[] = [];
  await Promise.all([
    language.diagnostics('import * as vega from "vega-lite"; vega', "a").then(() => order.push("diagnostics")),
    language.complete("dis", 3).then(() => order.push("complete")),
    language.inspect("display", 3, 0).then(() => order.push("inspect")),
  ]);
  clearInterval(timer);
  expect(order).toEqual(["diagnostics", "complete", "inspect"]);
  expect(ticks).toBeGreaterThan(10);
});

test("after close questions are refused, with what to expect", async () => {
  const language = await open();
  const open_ = language.diagnostics("1", "a");
  await language.close();
  await expect(open_).rejects.toMatchObject({ code: "kernel/language-stopped" });
  await expect(language.complete("a", 1)).rejects.toThrow("language service: got no answer, it is closed");
});

test("a service that is asked nothing starts no thread and keeps no process alive", async () => {
  const code = `
    import { createLanguageService } from ${JSON.stringify(new URL("../../../dist/kernel/language/language.js", import.meta.url).href)};
    import { parentPort } from "node:worker_threads";
    const language = await createLanguageService({ cwd: "/" });
    language.addCell({ id: "a", executionCount: 1, code: "1" });
    if (!process.argv.includes("quiet")) parentPort.postMessage(await language.diagnostics("1", "a"));
  `;
  for (const argv of [["quiet"], []]) {
    const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { argv });
    const answers: unknown[] = [];
    thread.on("message", (answer) => answers.push(answer));
    const ended = new Promise<string>((resolve, reject) => {
      thread.on("exit", () => resolve("ended by itself"));
      thread.on("error", reject);
    });
    expect(await Promise.race([ended, sleep(30_000, "still alive", { ref: false })])).toBe("ended by itself");
    expect(answers).toEqual(argv.length > 0 ? [] : [[]]);
  }
});
