// One tier from random weights to its folder under `out`. It goes on from its newest whole checkpoint under `work`, and
// ends in the same bits as if it had never been interrupted. A tier that misses its placement target never reaches `out`.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { writeError } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { createWasmDevice } from "../device/wasm/wasm-device.ts";
import { type PretrainingRow, pretrain } from "../rl/pretraining.ts";
import { assemblePretraining, type Pretraining } from "./assemble-pretraining.ts";
import { interrupted } from "./interruption.ts";
import { fromPretrainingFiles, toPretrainingFiles } from "./pretraining-files.ts";
import { RowLog, readRows } from "./row-log.ts";
import {
  CHECKPOINT,
  type RunCheckpoint,
  removePreviousCheckpoint,
  removeTemporaries,
  wholeCheckpoints,
  writeRunCheckpoint,
} from "./run-checkpoint.ts";
import { lockRun, type RunLock } from "./run-lock.ts";
import { tierConfig } from "./tier-config.ts";
import { nameTier, type TierKey, type TierRequest, toTierKey } from "./tier-key.ts";
import { findTier, saveTier, type TierRecord, tierDirectory } from "./tier-store.ts";
import type { WorkHooks } from "./worker-messages.ts";

const CHECKPOINT_EVERY_STEPS = 200;

export interface TierProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** In nats per token; null for the first report, which says where pre-training starts or goes on. */
  readonly loss: number | null;
  /** The last measured; null before. */
  readonly placementAccuracy: number | null;
}

export interface PretrainTierOptions extends WorkHooks<TierProgress> {
  /** Folder of the finished tiers. */
  readonly out: string;
  /** Folder for what is under way: checkpoints, and the rows of all steps and measurements. */
  readonly work: string;
  /** Default 1; without effect on the result. */
  readonly threads?: number;
  /** Pre-trains even if the tier is there and whole. */
  readonly force?: boolean;
  readonly checkpointEverySteps?: number;
}

export interface TierOutcome {
  readonly record: TierRecord;
  /** False if the tier was there and whole already. */
  readonly isNew: boolean;
}

interface Placement {
  readonly step: number;
  readonly accuracy: number;
}

interface Work {
  readonly request: TierRequest;
  readonly key: TierKey;
  readonly directory: string;
  readonly metrics: RowLog;
  readonly placements: RowLog;
}

/**
 * Pre-trains a tier and writes its folder; a tier that is there and whole is only read.
 * @throws LabelfreeError `pretrain/not-placed` if the target is not reached; `pretrain/diverged`; `run/interrupted` after the
 * signal; `file/...` when nothing can be written.
 */
export async function pretrainTier(request: TierRequest, options: PretrainTierOptions): Promise<TierOutcome> {
  const { out, work, force = false, onNotice } = options;
  const key = toTierKey(request);
  const known = force ? undefined : readWhole(out, request, onNotice);
  if (known !== undefined) return { record: known, isNew: false };

  const directory = join(work, `${nameTier(request)}-${key.key.slice(0, 12)}`);
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw writeError(directory, error);
  }
  const lock = await lockRun(directory, options);
  try {
    const made = force ? undefined : findTier(out, request); // by the process that held the lock before
    if (made?.record !== undefined && made.problem === undefined) return { record: made.record, isNew: false };
    const metrics = new RowLog(join(directory, "metrics.jsonl"));
    const placements = new RowLog(join(directory, "placements.jsonl"));
    const record = await pretrainLocked({ request, key, directory, metrics, placements }, lock, options);
    removePreviousCheckpoint(directory);
    rmSync(join(directory, CHECKPOINT), { recursive: true, force: true });
    return { record, isNew: true };
  } finally {
    lock.release();
  }
}

function readWhole(
  out: string,
  request: TierRequest,
  onNotice: PretrainTierOptions["onNotice"],
): TierRecord | undefined {
  const { record, problem } = findTier(out, request);
  if (problem === undefined) return record;
  onNotice?.(`${tierDirectory(out, request)}: made again: ${problem}`);
  return undefined;
}

async function pretrainLocked(work: Work, lock: RunLock, options: PretrainTierOptions): Promise<TierRecord> {
  const { request, key, directory, metrics, placements } = work;
  const { settings, tier, seed } = request;
  const { threads = 1, checkpointEverySteps = CHECKPOINT_EVERY_STEPS, onProgress, onNotice, signal } = options;
  const { steps: totalSteps, placement: target } = settings.pretraining;
  removeTemporaries(directory);
  const resumed = findResumable(work, onNotice);
  metrics.rewind(resumed?.state.metrics);
  placements.rewind(resumed?.state.evaluations);

  const device = await createWasmDevice({ threads });
  try {
    const state = resumed && fromPretrainingFiles(resumed.directory, resumed.state.numbers);
    const pretraining = assemblePretraining(settings, { seed, device, state });
    let step = state?.step ?? 0;
    let last = readRows<Placement>(placements.path).at(-1);
    const isPlaced = () => target !== null && last !== undefined && last.accuracy >= target.accuracy;
    const isDone = () => step === totalSteps || isPlaced();
    const report = (loss: number | null) => {
      onProgress?.({ step, totalSteps, loss, placementAccuracy: last?.accuracy ?? null });
    };
    const onStep = (row: PretrainingRow) => {
      if (!Number.isFinite(row.loss)) throw diverged(request, row.step);
      step = row.step;
      metrics.append(row);
      if (row.placementAccuracy !== null) {
        last = { step, accuracy: row.placementAccuracy };
        placements.append(last);
      }
      report(row.loss);
    };
    const checkpoint = async () => {
      await nextTurn(); // lets signals and messages in
      if (step % checkpointEverySteps !== 0 && !isDone() && !signal?.aborted) return;
      lock.assertHeld();
      await storeCheckpoint(work, pretraining, step);
      if (!signal?.aborted || isDone()) return;
      throw interrupted(`${nameTier(request)}: stopped after step ${step} of ${totalSteps}`);
    };
    report(null);
    if (!isDone()) await pretrain({ ...pretraining.options, checkpointEverySteps: 1 }, { onStep, checkpoint });
    lock.assertHeld();
    if (target !== null && !isPlaced()) throw notPlaced(work);
    const { transformer } = pretraining.options.average;
    const { world, kernels, source } = key;
    const facts = { tier, seed, settings, world, kernels, source };
    const measured = { steps: step, placementAccuracy: last?.accuracy ?? null };
    const weightsHash = await transformer.weightsHash();
    return saveTier(options.out, { ...facts, ...measured, weightsHash }, await transformer.readWeights());
  } finally {
    await device.close();
  }
}

/** The newest checkpoint that is whole and whose rows are still there. */
function findResumable(
  { key: { key }, directory, metrics, placements }: Work,
  onNotice: (text: string) => void = () => {},
): RunCheckpoint | undefined {
  for (const checkpoint of wholeCheckpoints(directory, { key, onNotice })) {
    if (metrics.holds(checkpoint.state.metrics) && placements.holds(checkpoint.state.evaluations)) return checkpoint;
    onNotice(`${checkpoint.directory}: not used: the rows recorded up to it are not as they were written`);
  }
  return undefined;
}

async function storeCheckpoint(work: Work, { state }: Pretraining, step: number): Promise<void> {
  const { request, key, directory, metrics, placements } = work;
  const { files, numbers } = toPretrainingFiles(tierConfig(request.settings), await state(step));
  const rows = { metrics: metrics.save(), evaluations: placements.save() };
  writeRunCheckpoint(directory, { key: key.key, step, ...rows, numbers }, files);
}

function diverged(request: TierRequest, step: number): LabelfreeError {
  const message = `${nameTier(request)}: the loss is not finite at step ${step}; lower the learning rate`;
  return new LabelfreeError("pretrain/diverged", message, { fields: { step } });
}

function notPlaced({ request, directory, placements }: Work): LabelfreeError {
  const { steps, placement } = request.settings.pretraining;
  const best = readRows<Placement>(placements.path).reduce((a, b) => (b.accuracy > a.accuracy ? b : a), {
    step: 0,
    accuracy: 0,
  });
  const target = placement?.accuracy;
  const got = `got an accuracy of ${best.accuracy} at best (step ${best.step} of ${steps}), expected ${target}`;
  const next = `raise the tier's steps or lower its target; the last checkpoint is in ${join(directory, CHECKPOINT)}`;
  const message = `${nameTier(request)}: placement not reached, ${got}; ${next}`;
  return new LabelfreeError("pretrain/not-placed", message, {
    fields: { target, best: best.accuracy, bestStep: best.step, steps },
  });
}
