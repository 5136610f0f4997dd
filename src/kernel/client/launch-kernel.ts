import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LabelfreeError } from "../../core/errors.ts";
import { toConnectionInfo } from "../wire/connection-file.ts";
import { KernelClient } from "./kernel-client.ts";

export interface KernelLaunch {
  readonly argv: readonly string[]; // `{connection_file}` stands for the file, as in a kernelspec
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface LaunchedKernel {
  readonly client: KernelClient;
  readonly pid: number;
  /** From the start of its process to its first answer. */
  readonly startMs: number;
  /** As Ctrl-C; kernels whose kernelspec says `interrupt_mode: message` are asked on control instead. */
  signal(): void;
  /** Asks the kernel to end, and ends it if it does not. */
  shutdown(): Promise<void>;
}

const CHANNELS = ["shell", "control", "stdin", "iopub", "hb"] as const;
const START_LIMIT_MS = 30_000;
const END_LIMIT_MS = 5_000;
const HEARD_LIMIT_MS = 200;

/**
 * Starts a kernel on this machine's loopback and connects to it; resolves when it answers on shell and iopub.
 * @throws LabelfreeError `kernel/no-start`.
 */
export async function launchKernel({ argv, cwd, env }: KernelLaunch): Promise<LaunchedKernel> {
  const folder = mkdtempSync(join(tmpdir(), "labelfree-kernel-"));
  const file = join(folder, "connection.json");
  const ports = await freePorts(CHANNELS.length);
  const content = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...Object.fromEntries(CHANNELS.map((channel, index) => [`${channel}_port`, ports[index]])),
  };
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  const client = new KernelClient(toConnectionInfo(content));
  const [command, ...rest] = argv.map((part) => part.replace("{connection_file}", file));
  const startedAt = performance.now();
  const child = spawn(command, rest, {
    cwd,
    env: { ...process.env, ...env, JPY_PARENT_PID: String(process.pid) }, // it ends with this process
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a group of its own: Ctrl-C in a terminal is ours to pass on
  });
  const gone = whenGone(child);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-4000);
  });
  void gone.then((how) => {
    client.close(new LabelfreeError("kernel/ended", `kernel: the process ended ${how}. ${stderr.trim()}`));
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    const first = client.request("shell", "kernel_info_request").reply;
    await withinLimit(first, argv.join(" "));
    const startMs = performance.now() - startedAt;
    await heardOnIopub(client);
    return {
      client,
      pid: child.pid ?? 0,
      startMs,
      signal: () => void child.kill("SIGINT"),
      shutdown: () => shutdown(client, child, gone),
    };
  } catch (cause) {
    endGroup(child);
    const message = `kernel: ${argv[0]} did not start: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new LabelfreeError("kernel/no-start", message, { cause, fields: { argv, stderr } });
  }
}

/** What a kernel publishes before its subscriber is known to it is lost, so this asks until something is heard. */
async function heardOnIopub(client: KernelClient): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  while (Date.now() < limit) {
    const { idle } = client.request("shell", "kernel_info_request");
    if (await Promise.race([idle.then(() => true), delay(HEARD_LIMIT_MS, false)])) return;
  }
  throw new Error("nothing came on iopub");
}

async function withinLimit<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const patience = new AbortController();
  const late = delay(START_LIMIT_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`${what}: no answer within ${START_LIMIT_MS / 1000} s`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}

async function shutdown(client: KernelClient, child: ChildProcess, gone: Promise<string>): Promise<void> {
  client.request("control", "shutdown_request", { restart: false });
  const patience = new AbortController();
  const limit = delay(END_LIMIT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([gone, limit]);
  patience.abort();
  endGroup(child);
  await gone;
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // a system without process groups
  }
}

function whenGone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `with code ${code}` : `by ${signal}`));
    child.once("error", (error) => resolve(`before it began: ${error.message}`));
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
