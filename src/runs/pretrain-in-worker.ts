import { type ChildProcess, fork } from "node:child_process";
import { LabelfreeError } from "../core/errors.ts";
import { builtPath } from "./package-root.ts";
import type { FromPretrainWorker, ToPretrainWorker } from "./pretrain-messages.ts";
import type { PretrainTierOptions, TierOutcome } from "./pretrain-tier.ts";
import { nameTier, type TierRequest } from "./tier-key.ts";

const workers = new Set<ChildProcess>();
process.on("exit", () => {
  for (const worker of workers) worker.kill("SIGKILL");
});

/**
 * `pretrainTier` in a process of its own.
 * @throws LabelfreeError what it threw there, or `run/crashed` if the process ended without a word.
 */
export function pretrainInWorker(request: TierRequest, options: PretrainTierOptions): Promise<TierOutcome> {
  const { signal, onProgress, onNotice, ...plain } = options;
  const worker = fork(builtPath("runs/pretrain-worker.js"), [], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  workers.add(worker);
  const tell = (message: ToPretrainWorker) => worker.send(message, () => {}); // "close" reports a worker that is gone
  const stop = () => tell({ kind: "stop" });
  signal?.addEventListener("abort", stop);

  return new Promise<TierOutcome>((resolve, reject) => {
    worker.on("message", (message: FromPretrainWorker) => {
      if (message.kind === "progress") onProgress?.(message.progress);
      else if (message.kind === "notice") onNotice?.(message.text);
      else if (message.kind === "done") resolve(message.outcome);
      else reject(new LabelfreeError(message.error.code, message.error.message));
    });
    worker.on("error", (cause) => {
      reject(new LabelfreeError("run/crashed", "pretrain worker: cannot be started", { cause }));
    });
    worker.on("close", (code, killedBy) => {
      const how = `ended by ${killedBy ?? `exit code ${code}`} without a result`;
      const message = `${nameTier(request)}: worker ${how}; started again, it goes on from its checkpoint`;
      reject(new LabelfreeError("run/crashed", message, { fields: { code, killedBy } }));
    });
    tell({ kind: "pretrain", request, options: plain });
    if (signal?.aborted) stop();
  }).finally(() => {
    workers.delete(worker);
    signal?.removeEventListener("abort", stop);
  });
}
