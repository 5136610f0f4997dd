// Several runs side by side, each in a process of its own: a run that crashes takes nothing with it, its memory is free
// when it ends, and the parent stays responsive. Finished runs are read, equal runs are trained once.

import { availableParallelism } from "node:os";
import { isLabelfreeError, LabelfreeError } from "../core/errors.ts";
import { interrupted, isInterruption } from "./interruption.ts";
import { type LaunchProgress, LaunchTracker } from "./launch-progress.ts";
import { type PlannedRun, planRuns } from "./prepare-run.ts";
import { nameRun } from "./run-name.ts";
import type { RunResult } from "./run-result.ts";
import { findResult, runDirectory } from "./run-store.ts";
import type { RunTask } from "./run-worker.ts";
import type { Run } from "./spec.ts";
import { workInProcess } from "./work-in-process.ts";
import type { WorkHooks } from "./worker-messages.ts";

export interface LaunchOptions {
  /** Directory that holds the directories of runs. */
  readonly root: string;
  /** Runs at the same time; default the number of cores. */
  readonly jobs?: number;
  /** Threads of each run; default 1. */
  readonly threads?: number;
  readonly onProgress?: (progress: LaunchProgress) => void;
  readonly onNotice?: (text: string) => void;
  /** Stops all runs after their current steps, with checkpoints. */
  readonly signal?: AbortSignal;
}

export interface FailedRun extends PlannedRun {
  readonly error: LabelfreeError;
}

/**
 * Trains runs in parallel and returns their results in the same order.
 * @throws LabelfreeError `launch/runs-failed` after all others are done, with `fields.failures`, a list of `FailedRun`;
 * `run/interrupted` after the signal; `package/not-built` without a build; what `planRuns` throws before any run starts.
 */
export async function runAll(runs: readonly Run[], options: LaunchOptions): Promise<RunResult[]> {
  const { root, threads = 1, jobs = availableParallelism(), onProgress, onNotice, signal } = options;
  const planned = planRuns(runs);
  const distinct = [...new Map(planned.map((run) => [run.key, run])).values()];
  const tracker = new LaunchTracker(distinct, { jobs, now: () => performance.now() });
  const report = () => onProgress?.(tracker.progress());
  const results = new Map<string, RunResult>();
  const failures: FailedRun[] = [];

  const isWaiting = ({ key }: PlannedRun) => {
    const result = findResult(runDirectory(root, key), key);
    if (result === undefined) return true;
    results.set(key, result);
    tracker.finish(key, "done");
    return false;
  };
  const waiting = distinct.filter(isWaiting);
  report();

  const train = async (planned: PlannedRun) => {
    const { run, key } = planned;
    const say = (text: string) => onNotice?.(`${nameRun(run)}: ${text}`);
    tracker.start(key);
    try {
      const hooks: WorkHooks<number> = {
        onProgress: (step) => {
          tracker.advance(key, step);
          report();
        },
        onNotice: say,
        ...(signal === undefined ? {} : { signal }),
      };
      const task: RunTask = { run, root, threads };
      results.set(key, await workInProcess("runs/run-worker.js", task, hooks));
      tracker.finish(key, "done");
    } catch (error) {
      if (!isLabelfreeError(error)) throw error;
      if (isInterruption(error) && signal?.aborted) return;
      failures.push({ ...planned, error });
      tracker.finish(key, "failed");
      say(`failed: ${error.message}`);
    }
    report();
  };
  const trainWaiting = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (signal?.aborted) return;
      await train(next);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, trainWaiting));

  if (signal?.aborted && results.size < distinct.length) {
    throw interrupted(`stopped with ${results.size} of ${distinct.length} runs done`);
  }
  if (failures.length > 0) throw runsFailed(failures, distinct.length);
  return planned.map(({ key }) => results.get(key) as RunResult);
}

function runsFailed(failures: readonly FailedRun[], total: number): LabelfreeError {
  const list = failures.map(({ run, error }) => `\n  ${nameRun(run)}: ${error.message.replaceAll("\n", "\n    ")}`);
  const message = `runs: ${failures.length} of ${total} failed, the others are done:${list.join("")}`;
  return new LabelfreeError("launch/runs-failed", message, { fields: { failures } });
}
