import { LabelfreeError } from "../core/errors.ts";
import type { FromWorker, ToWorker, WorkHooks } from "./worker-messages.ts";

/** Makes this process a worker (see work-in-process.ts): it does the one task that it is sent, answers and ends. */
export function serveWorker<Task, Progress, Result>(
  work: (task: Task, hooks: Required<WorkHooks<Progress>>) => Promise<Result>,
): void {
  const stopping = new AbortController();
  const send = (message: FromWorker<Progress, Result>, then: () => void = () => {}) => process.send?.(message, then);
  const end = () => process.exit(0);
  const hooks = {
    signal: stopping.signal,
    onProgress: (progress: Progress) => void send({ kind: "progress", progress }),
    onNotice: (text: string) => void send({ kind: "notice", text }),
  };
  process.on("SIGINT", () => {}); // a terminal sends it to the whole group; the parent decides
  process.on("SIGTERM", () => stopping.abort());
  process.on("disconnect", () => process.exit(1)); // the parent is gone
  process.on("message", (message: ToWorker<Task>) => {
    if (message.kind === "stop") stopping.abort();
    else
      void work(message.task, hooks).then(
        (result) => send({ kind: "done", result }, end),
        (error: unknown) => send({ kind: "failed", ...describe(error) }, end),
      );
  });
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof LabelfreeError) return { code: error.code, message: error.message };
  return { code: "run/failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
