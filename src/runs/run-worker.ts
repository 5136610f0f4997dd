// The process that trains one run for a launcher (see launcher.ts).

import { executeRun } from "./execute-run.ts";
import type { RunResult } from "./run-result.ts";
import { serveWorker } from "./serve-worker.ts";
import type { Run } from "./spec.ts";

export interface RunTask {
  readonly run: Run;
  readonly root: string;
  readonly threads: number;
}

serveWorker<RunTask, number, RunResult>(({ run, ...options }, hooks) =>
  executeRun(run, { ...options, ...hooks, onProgress: ({ step }) => hooks.onProgress(step) }),
);
