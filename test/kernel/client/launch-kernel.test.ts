import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import { type LaunchedKernel, launchKernel } from "../../../src/kernel/client/launch-kernel.ts";
import type { IncomingMessage } from "../../../src/kernel/wire/message.ts";

const ENTRY = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const ARGV = [process.execPath, ENTRY, "kernel", "start", "--no-history", "--connection-file", "{connection_file}"];

const running: LaunchedKernel[] = [];
afterEach(async () => {
  for (const kernel of running.splice(0)) await kernel.shutdown();
});

async function launch(): Promise<LaunchedKernel> {
  const kernel = await launchKernel({ argv: ARGV, cwd: tmpdir() });
  running.push(kernel);
  return kernel;
}

test("a cell's output comes to its request alone, then its reply and idle", async () => {
  const { client } = await launch();
  const heard: IncomingMessage[] = [];
  const first = client.execute("console.log('one'); 2", (message) => heard.push(message));
  const second = client.execute("console.log('two')");
  expect((await first.reply).content).toMatchObject({ status: "ok", execution_count: 1 });
  expect((await second.reply).content).toMatchObject({ status: "ok", execution_count: 2 });
  await first.idle;
  expect(heard.map(({ header }) => header.msg_type)).toEqual([
    "status",
    "execute_input",
    "stream",
    "execute_result",
    "status",
  ]);
  expect(heard[2].content).toEqual({ name: "stdout", text: "one\n" });
});

test("what waits for a kernel that ends is rejected with the reason", async () => {
  const { client, pid } = await launch();
  const { reply, idle } = client.execute("await new Promise((resolve) => setTimeout(resolve, 60_000))");
  process.kill(pid, "SIGKILL");
  await expect(reply).rejects.toMatchObject({ code: "kernel/ended" });
  await expect(idle).rejects.toMatchObject({ code: "kernel/ended" });
  await expect(client.execute("1").reply).rejects.toMatchObject({ code: "kernel/ended" });
});

test("no process is left after a shutdown", async () => {
  const kernel = await launch();
  expect(kernel.startMs).toBeGreaterThan(0);
  const { reply } = kernel.client.request("control", "usage_request");
  expect((await reply).content).toMatchObject({ status: "ok", pid: kernel.pid });
  await kernel.shutdown();
  expect(() => process.kill(kernel.pid, 0)).toThrow("ESRCH");
});

test("a program that is no kernel is an error with what it wrote", async () => {
  const argv = [process.execPath, "-e", "console.error('not me'); process.exitCode = 3"];
  await expect(launchKernel({ argv, cwd: tmpdir() })).rejects.toMatchObject({
    code: "kernel/no-start",
    message: expect.stringMatching(/code 3\. not me/),
  });
  await expect(launchKernel({ argv: ["/nowhere/kernel"], cwd: tmpdir() })).rejects.toMatchObject({
    code: "kernel/no-start",
    message: expect.stringMatching(/ENOENT/),
  });
});
