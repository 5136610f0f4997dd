// The process that pre-trains one tier for pretrain-tiers.ts, which starts it with an IPC channel.

import { pretrainTier } from "./pretrain-tier.ts";
import type { FromPretrainWorker, ToPretrainWorker } from "./pretrain-messages.ts";
import { toWorkerError } from "./worker-messages.ts";

const stopping = new AbortController();

process.on("SIGINT", () => {}); // a terminal sends it to the whole group; the parent decides
process.on("SIGTERM", () => stopping.abort());
process.on("disconnect", () => process.exit(1)); // the parent is gone
process.on("message", (message: ToPretrainWorker) => {
  if (message.kind === "stop") stopping.abort();
  else void work(message);
});

async function work({ request, options }: Extract<ToPretrainWorker, { kind: "pretrain" }>): Promise<void> {
  try {
    const outcome = await pretrainTier(request, {
      ...options,
      signal: stopping.signal,
      onProgress: (progress) => send({ kind: "progress", progress }),
      onNotice: (text) => send({ kind: "notice", text }),
    });
    send({ kind: "done", outcome }, end);
  } catch (error) {
    send({ kind: "failed", error: toWorkerError(error) }, end);
  }
}

function send(message: FromPretrainWorker, then: () => void = () => {}): void {
  process.send?.(message, then);
}

function end(): void {
  process.exit(0);
}
