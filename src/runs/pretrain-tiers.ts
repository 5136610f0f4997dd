// Several tiers side by side, each in a process of its own; one that fails does not keep the others from their end.

import { availableParallelism } from "node:os";
import { isLabelfreeError, LabelfreeError } from "../core/errors.ts";
import { interrupted, isInterruption } from "./interruption.ts";
import type { PretrainTierOptions, TierOutcome, TierProgress } from "./pretrain-tier.ts";
import type { TierTask } from "./pretrain-worker.ts";
import { nameTier, type TierRequest, toTierKey } from "./tier-key.ts";
import { findTier, writeTierIndex } from "./tier-store.ts";
import { workInProcess } from "./work-in-process.ts";
import type { WorkHooks } from "./worker-messages.ts";

export interface PretrainTiersOptions extends Omit<PretrainTierOptions, "onProgress"> {
  /** Tiers at the same time; default the number of cores. */
  readonly jobs?: number;
  readonly onProgress?: (request: TierRequest, progress: TierProgress) => void;
  readonly onDone?: (request: TierRequest, outcome: TierOutcome) => void;
}

/**
 * Pre-trains distinct tiers in parallel, rewrites the index, and returns their outcomes in the same order.
 * @throws LabelfreeError `pretrain/failed` after all others are done, or the one error of a single tier; `run/interrupted`
 * after the signal; `package/not-built` without a build.
 */
export async function pretrainTiers(
  requests: readonly TierRequest[],
  { jobs = availableParallelism(), onProgress, onDone, onNotice, signal, ...options }: PretrainTiersOptions,
): Promise<TierOutcome[]> {
  const { out, force = false } = options;
  const outcomes = new Map<TierRequest, TierOutcome>();
  const failures = new Map<TierRequest, LabelfreeError>();
  const finish = (request: TierRequest, outcome: TierOutcome) => {
    outcomes.set(request, outcome);
    onDone?.(request, outcome);
  };

  const isWaiting = (request: TierRequest): boolean => {
    const { record, problem } = findTier(out, request);
    if (force || record === undefined || problem !== undefined) return true;
    finish(request, { record, isNew: false });
    return false;
  };
  const waiting = requests.filter(isWaiting);
  const pretrainNext = async (request: TierRequest) => {
    const name = nameTier(request);
    try {
      const hooks: WorkHooks<TierProgress> = {
        onProgress: (progress) => onProgress?.(request, progress),
        onNotice: (text) => onNotice?.(`${name}: ${text}`),
        ...(signal === undefined ? {} : { signal }),
      };
      const task: TierTask = { request, options };
      finish(request, await workInProcess("runs/pretrain-worker.js", task, hooks));
    } catch (error) {
      if (!isLabelfreeError(error)) throw error;
      if (isInterruption(error) && signal?.aborted) return;
      failures.set(request, error);
      onNotice?.(error.message);
    }
  };
  const pretrainWaiting = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal?.aborted; next = waiting.shift()) {
      await pretrainNext(next);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, pretrainWaiting));
  writeTierIndex(out);

  if (signal?.aborted && outcomes.size + failures.size < requests.length) {
    throw interrupted(`stopped with ${outcomes.size} of ${requests.length} tiers done`);
  }
  if (failures.size > 0) throw tiersFailed(failures, requests.length);
  noticeOtherSources([...outcomes.values()], onNotice);
  return requests.map((request) => outcomes.get(request) as TierOutcome);
}

function tiersFailed(failures: ReadonlyMap<TierRequest, LabelfreeError>, total: number): LabelfreeError {
  const errors = [...failures.values()];
  if (total === 1) return errors[0];
  const list = errors.map(({ message }) => `\n  ${message.replaceAll("\n", "\n    ")}`).join("");
  const message = `pretrain: ${failures.size} of ${total} tiers failed, the others are done:${list}`;
  return new LabelfreeError("pretrain/failed", message, { fields: { failed: [...failures.keys()].map(nameTier) } });
}

function noticeOtherSources(outcomes: readonly TierOutcome[], onNotice: PretrainTiersOptions["onNotice"]): void {
  const others = outcomes.filter(({ record }) => {
    const { source, kernels } = toTierKey(record);
    return record.source !== source || record.kernels !== kernels;
  });
  if (others.length === 0) return;
  const names = others.map(({ record }) => nameTier(record)).join(", ");
  onNotice?.(`made by other sources than these: ${names}; --check tells whether the bits are still the same`);
}
