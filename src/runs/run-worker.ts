// The process that trains one run for a launcher (see launcher.ts), which starts it with an IPC channel.

import { executeRun } from "./execute-run.ts";
import { type FromWorker, type ToWorker, toWorkerError } from "./worker-messages.ts";

const stopping = new AbortController();

process.on("SIGINT", () => {}); // a terminal sends it to the whole group; the launcher decides
process.on("SIGTERM", () => stopping.abort());
process.on("disconnect", () => process.exit(1)); // the launcher is gone
process.on("message", (message: ToWorker) => {
  if (message.kind === "stop") stopping.abort();
  else void work(message);
});

async function work({ run, root, threads }: Extract<ToWorker, { kind: "run" }>): Promise<void> {
  try {
    const result = await executeRun(run, {
      root,
      threads,
      signal: stopping.signal,
      onProgress: ({ step, totalSteps }) => send({ kind: "progress", step, totalSteps }),
      onNotice: (text) => send({ kind: "notice", text }),
    });
    send({ kind: "done", result }, end);
  } catch (error) {
    send({ kind: "failed", error: toWorkerError(error) }, end);
  }
}

function send(message: FromWorker, then: () => void = () => {}): void {
  process.send?.(message, then);
}

function end(): void {
  process.exit(0);
}
