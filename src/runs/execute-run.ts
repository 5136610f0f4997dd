// One run from key to result. It goes on from its newest whole checkpoint, stores one every checkpointEverySteps and when
// it is told to stop, and ends in the same bits as if it had never been interrupted.

import { mkdirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { writeError } from "../core/atomic-file.ts";
import { createWasmDevice } from "../device/wasm/wasm-device.ts";
import type { StepMetrics } from "../rl/metrics.ts";
import { assembleTraining, type Training } from "./assemble-training.ts";
import type { BaseCheckpoint } from "./base-checkpoint.ts";
import { readEnvironment } from "./environment.ts";
import { interrupted } from "./interruption.ts";
import { type PreparedRun, prepareRun } from "./prepare-run.ts";
import { readRows } from "./row-log.ts";
import {
  type RunCheckpoint,
  removePreviousCheckpoint,
  removeTemporaries,
  wholeCheckpoints,
  writeRunCheckpoint,
} from "./run-checkpoint.ts";
import { lockRun, type RunLock } from "./run-lock.ts";
import { type RunResult, summarizeRows } from "./run-result.ts";
import { findResult, hasResultFile, openRunStore, type RunStore, runDirectory, writeResult } from "./run-store.ts";
import { beginSession } from "./session-log.ts";
import type { Run } from "./spec.ts";
import { fromFiles, toFiles } from "./training-files.ts";

export interface RunProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** The step's row; null for the first report, which says where the run starts or goes on. */
  readonly row: StepMetrics | null;
}

export interface ExecuteOptions {
  /** Directory that holds the directories of runs. */
  readonly root: string;
  /** Default 1; without effect on the result. */
  readonly threads?: number;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told what a user should know, e.g. that a damaged checkpoint was passed over. */
  readonly onNotice?: (text: string) => void;
  /** Stops the run after its current step, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a run to its end and records it under `root`; a finished run is only read.
 * @throws LabelfreeError `run/interrupted` after the signal; `file/...` when nothing can be written; all is kept then.
 */
export async function executeRun(run: Run, options: ExecuteOptions): Promise<RunResult> {
  const prepared = prepareRun(run);
  const { key } = prepared.key;
  const directory = runDirectory(options.root, key);
  const known = findResult(directory, key);
  if (known !== undefined) return known;
  makeDirectory(directory);
  const lock = await lockRun(directory, options);
  try {
    return findResult(directory, key) ?? (await trainLocked(prepared, directory, lock, options));
  } finally {
    lock.release();
  }
}

async function trainLocked(
  { run, key, base, data }: PreparedRun,
  directory: string,
  lock: RunLock,
  { threads = 1, onProgress, onNotice, signal }: ExecuteOptions,
): Promise<RunResult> {
  const notices: string[] = [];
  const notify = (text: string) => {
    notices.push(text);
    onNotice?.(text);
  };
  removeTemporaries(directory);
  if (hasResultFile(directory)) notify(`${directory}: the finished run is not as it was written; it is made again`);
  const store = openRunStore(directory, run, key);
  const resumed = findResumable(store, key.key, notify);
  store.metrics.rewind(resumed?.state.metrics);
  store.evaluations.rewind(resumed?.state.evaluations);

  const device = await createWasmDevice({ threads });
  try {
    const state = resumed === undefined ? undefined : fromFiles(resumed.directory, resumed.state.numbers);
    const training = assembleTraining(run, { device, base, data, ...(state === undefined ? {} : { state }) });
    const { trainer, transformer } = training;
    const resumedFrom = resumed?.state.step ?? null;
    const endSession = beginSession(directory, readEnvironment({ device: device.name, threads }), {
      fromStep: resumedFrom ?? 0,
      notices,
    });
    onProgress?.({ step: resumedFrom ?? 0, totalSteps: trainer.totalSteps, row: null });
    const outcome = await trainer.run({
      onStep: (row) => {
        store.metrics.append(row);
        onProgress?.({ step: row.step, totalSteps: trainer.totalSteps, row });
      },
      onEvaluation: (row) => store.evaluations.append(row),
      checkpoint: async (step) => {
        await nextTurn(); // lets signals and messages in
        const isDue = step % run.checkpointEverySteps === 0 || step === trainer.totalSteps;
        if (!isDue && !signal?.aborted) return;
        lock.assertHeld();
        await storeCheckpoint(store, key.key, base, training);
        if (!signal?.aborted || step === trainer.totalSteps) return;
        endSession(step);
        throw interrupted(`${directory}: stopped after step ${step} of ${trainer.totalSteps}`);
      },
    });
    lock.assertHeld();
    const { step: steps } = trainer.state();
    endSession(steps);
    const result: RunResult = {
      ...key,
      run,
      steps,
      totalSteps: trainer.totalSteps,
      hasDiverged: outcome === "diverged",
      resumedFrom,
      weightsHash: await transformer.weightsHash(),
      ...summarizeRows(readRows(store.metrics.path), readRows(store.evaluations.path), run),
    };
    writeResult(store, result);
    removePreviousCheckpoint(directory);
    return result;
  } finally {
    await device.close();
  }
}

/** The newest checkpoint that is whole and whose rows are still there. */
function findResumable(store: RunStore, key: string, notify: (text: string) => void): RunCheckpoint | undefined {
  let hasFailed = false;
  const onNotice = (text: string) => {
    hasFailed = true;
    notify(text);
  };
  for (const checkpoint of wholeCheckpoints(store.directory, { key, onNotice })) {
    const { metrics, evaluations, step } = checkpoint.state;
    if (store.metrics.holds(metrics) && store.evaluations.holds(evaluations)) {
      if (hasFailed) notify(`${store.directory}: goes on from the checkpoint of step ${step}`);
      return checkpoint;
    }
    onNotice(
      `${checkpoint.directory}: not used: the rows recorded up to its step ${step} are not as they were written`,
    );
  }
  if (hasFailed) notify(`${store.directory}: no usable checkpoint, starts again from step 0`);
  return undefined;
}

async function storeCheckpoint(store: RunStore, key: string, base: BaseCheckpoint, training: Training): Promise<void> {
  const { files, numbers } = toFiles(base.config, await training.state());
  const { step } = numbers.trainer;
  const [metrics, evaluations] = [store.metrics.save(), store.evaluations.save()];
  writeRunCheckpoint(store.directory, { key, step, metrics, evaluations, numbers }, files);
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw writeError(directory, error);
  }
}
