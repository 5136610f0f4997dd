import { LabelfreeError } from "../core/errors.ts";
import type { RunResult } from "./run-result.ts";
import type { Run } from "./spec.ts";

/** What a launcher tells a worker: the one run that it is for, then perhaps to stop. */
export type ToWorker =
  | { readonly kind: "run"; readonly run: Run; readonly root: string; readonly threads: number }
  | { readonly kind: "stop" };

/** What a worker tells its launcher. */
export type FromWorker =
  | { readonly kind: "progress"; readonly step: number; readonly totalSteps: number }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "done"; readonly result: RunResult }
  | { readonly kind: "failed"; readonly error: WorkerError };

/** An error that passes between processes. */
export interface WorkerError {
  readonly code: string;
  readonly message: string;
}

export function toWorkerError(error: unknown): WorkerError {
  if (error instanceof LabelfreeError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "run/failed", message };
}
