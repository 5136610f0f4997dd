import { type ChildProcess, fork } from "node:child_process";
import { LabelfreeError } from "../core/errors.ts";
import { builtPath } from "./package-root.ts";
import type { FromWorker, ToWorker, WorkHooks } from "./worker-messages.ts";

const STDERR_TAIL = 2000; // characters
const workers = new Set<ChildProcess>();
process.on("exit", () => {
  for (const worker of workers) worker.kill("SIGKILL");
});

/**
 * Does a task in a process of its own, whose built entry calls serveWorker.
 * @throws LabelfreeError what the task failed with, or `run/crashed` if the process ended without a word.
 */
export function workInProcess<Task, Progress, Result>(
  entry: string,
  task: Task,
  { onProgress, onNotice, signal }: WorkHooks<Progress>,
): Promise<Result> {
  const worker = fork(builtPath(entry), [], { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  workers.add(worker);
  const tell = (message: ToWorker<Task>) => worker.send(message, () => {}); // "close" reports a worker that is gone
  const stop = () => tell({ kind: "stop" });
  signal?.addEventListener("abort", stop);
  let stderr = "";
  worker.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = `${stderr}${text}`.slice(-STDERR_TAIL);
  });

  return new Promise<Result>((resolve, reject) => {
    worker.on("message", (message: FromWorker<Progress, Result>) => {
      if (message.kind === "progress") onProgress?.(message.progress);
      else if (message.kind === "notice") onNotice?.(message.text);
      else if (message.kind === "done") resolve(message.result);
      else reject(new LabelfreeError(message.code, message.message));
    });
    worker.on("error", (cause) => {
      reject(new LabelfreeError("run/crashed", "run worker: cannot be started", { cause }));
    });
    // after the messages; without effect if one of them has settled the matter
    worker.on("close", (code, killedBy) => reject(crashed(killedBy ?? `exit code ${code}`, stderr)));
    tell({ kind: "task", task });
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
