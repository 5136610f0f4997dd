import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { endOptimizerDelay } from "../optimizer-delay.ts";
import { readConnectionFile } from "../wire/connection-file.ts";
import { MessageWriter, parseMessage } from "../wire/message.ts";
import { ReplayGuard } from "../wire/replay-guard.ts";
import { createSigner } from "../wire/signature.ts";
import { openSockets } from "../wire/sockets.ts";
import type { Outlet } from "./conversation.ts";
import { History } from "./history.ts";
import { historyDirectory } from "./history-files.ts";
import { createKernelLog } from "./kernel-log.ts";
import { KernelServer } from "./kernel-server.ts";
import { watchParent } from "./parent-watch.ts";
import type { TypeCheckMode } from "./type-check.ts";

export interface StartKernelOptions {
  readonly connectionFile: string;
  readonly cwd: string;
  readonly version: string; // of labelfree
  readonly memoryLimitMb?: number;
  readonly outputLimitMb: number;
  readonly typeCheck: TypeCheckMode;
  readonly keepsHistory: boolean;
}

const SHUTDOWN_MS = 3000;

/**
 * Runs a kernel for the clients of a connection file until one of them, a signal or the end of the parent ends it;
 * then it ends this process. Resolves once it listens.
 * @throws LabelfreeError `kernel/connection-file`, `kernel/signature-scheme` or `kernel/cannot-listen`.
 */
export async function startKernel(options: StartKernelOptions): Promise<void> {
  const { cwd, memoryLimitMb, version } = options;
  const log = createKernelLog((text) => process.stderr.write(text));
  const connection = readConnectionFile(options.connectionFile);
  const signer = createSigner(connection.key, connection.signatureScheme);
  const evaluation = import("../evaluation/evaluator.ts"); // its child starts while the sockets open
  const sockets = await openSockets(connection);
  const writer = new MessageWriter(signer, randomUUID(), username());
  const guard = new ReplayGuard();
  const outlet: Outlet = {
    reply(channel, identities, message) {
      const { id, frames } = writer.write(message);
      sockets.reply(channel, [...identities, ...frames]);
      return id;
    },
    publish(message) {
      const { subscription } = message.content;
      const topic = message.type === "iopub_welcome" ? String(subscription) : message.type;
      sockets.publish([Buffer.from(topic), ...writer.write(message).frames]);
    },
  };
  const server = new KernelServer({
    outlet,
    async startEvaluator(events) {
      const { startEvaluator } = await evaluation;
      const limit = memoryLimitMb === undefined ? {} : { memoryLimitMb };
      return startEvaluator({ cwd, events, ...limit }).finally(endOptimizerDelay);
    },
    startLanguage: async () => (await import("../language/language.ts")).createLanguageService({ cwd }),
    history: new History(options.keepsHistory ? historyDirectory() : undefined, (error) => log(`history: ${error}`)),
    facts: { version, hasDebugger: true },
    ports: connection.ports,
    typeCheck: options.typeCheck,
    outputLimitBytes: options.outputLimitMb * 2 ** 20,
    onShutdown: () => end(),
    log,
  });
  sockets.listen({
    received(channel, frames) {
      const parsed = parseMessage(frames, signer, guard);
      if ("message" in parsed) return server.receive(channel, parsed.message);
      log(`refused a message on ${channel}: ${parsed.refused}`);
    },
    subscribed: (topic) => server.welcome(Buffer.from(topic).toString("utf8")),
    failed: (what, error) => log(`${what}: ${error instanceof Error ? error.message : String(error)}`),
  });

  const end = async (): Promise<never> => {
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    await sockets.close();
    process.exit(0);
  };
  const endBySignal = () => {
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    server.shutdown(false).then(end, end);
  };
  process.on("SIGINT", () => void server.interrupt().catch((error) => log(`interrupt: ${error}`)));
  process.on("SIGTERM", endBySignal);
  process.on("SIGHUP", endBySignal);
  process.on("uncaughtException", (error) => log(`error: ${error.stack ?? error.message}`));
  process.on("unhandledRejection", (error) => log(`error: ${error instanceof Error ? error.stack : String(error)}`));
  watchParent(endBySignal);
}

function username(): string {
  try {
    return userInfo().username;
  } catch {
    return "kernel"; // a user id without an account
  }
}
