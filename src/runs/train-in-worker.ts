import { type ChildProcess, fork } from "node:child_process";
import { LabelfreeError } from "../core/errors.ts";
import { builtPath } from "./package-root.ts";
import type { RunResult } from "./run-result.ts";
import type { Run } from "./spec.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

const STDERR_TAIL = 2000; // characters
const workers = new Set<ChildProcess>();
process.on("exit", () => {
  for (const worker of workers) worker.kill("SIGKILL");
});

export interface WorkerOptions {
  readonly root: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onStep: (step: number) => void;
  readonly onNotice: (text: string) => void;
}

/**
 * Trains one run in a process of its own.
 * @throws LabelfreeError what the run failed with, or `run/crashed` if the process ended without a word.
 */
export function trainInWorker(run: Run, options: WorkerOptions): Promise<RunResult> {
  const { root, threads = 1, signal, onStep, onNotice } = options;
  const worker = fork(builtPath("runs/run-worker.js"), [], {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  workers.add(worker);
  const tell = (message: ToWorker) => worker.send(message, () => {}); // a worker that is gone is reported by "close"
  const stop = () => tell({ kind: "stop" });
  signal?.addEventListener("abort", stop);
  let stderr = "";
  worker.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = `${stderr}${text}`.slice(-STDERR_TAIL);
  });

  return new Promise<RunResult>((resolve, reject) => {
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "progress") onStep(message.step);
      else if (message.kind === "notice") onNotice(message.text);
      else if (message.kind === "done") resolve(message.result);
      else reject(new LabelfreeError(message.error.code, message.error.message));
    });
    worker.on("error", (cause) => {
      reject(new LabelfreeError("run/crashed", "run worker: cannot be started", { cause }));
    });
    // after the messages; without effect if one of them has settled the matter
    worker.on("close", (code, killedBy) => reject(crashed(killedBy ?? `exit code ${code}`, stderr)));
    tell({ kind: "run", run, root, threads });
    if (signal?.aborted) stop();
  }).finally(() => {
    workers.delete(worker);
    signal?.removeEventListener("abort", stop);
  });
}

function crashed(how: string, stderr: string): LabelfreeError {
  const said = stderr.trim() === "" ? "" : `; it said:\n${stderr.trim()}`;
  const message = `run worker: ended by ${how} without a result; started again, the run goes on from its checkpoint${said}`;
  return new LabelfreeError("run/crashed", message, { fields: { how, stderr } });
}
