// What a run starts from, and the key that follows from it.

import { canonicalJson } from "../core/canonical-json.ts";
import { hashBytes } from "../core/hash.ts";
import { kernelBytes } from "../device/wasm/wasm-device.ts";
import { planData, planSettings } from "../rl/curriculum.ts";
import { type BaseCheckpoint, loadBase } from "./base-checkpoint.ts";
import { type RunKey, toRunKey } from "./run-key.ts";
import { sourceClosure } from "./source-closure.ts";
import type { Run } from "./spec.ts";
import { type TrainingData, trainingData } from "./training-data.ts";

/** A run with all that its key is made of. */
export interface PreparedRun {
  readonly run: Run;
  readonly key: RunKey;
  readonly base: BaseCheckpoint;
  readonly data: TrainingData;
}

/** Loads base weights and data and computes the key. Throws LabelfreeError `base/missing`, `source/stale-build`, .... */
export function prepareRun(run: Run): PreparedRun {
  const base = loadBase(run.base);
  const data = trainingData(run);
  return { run, base, data, key: keyOf(run, base.sha256, data.sha256) };
}

/** A run that is only known by its key, without its weights and problems. */
export interface PlannedRun {
  readonly run: Run;
  readonly key: string;
  readonly totalSteps: number;
}

/** Keys and lengths of many runs; each base checkpoint and data set is read once. Throws as `prepareRun` does. */
export function planRuns(runs: readonly Run[]): PlannedRun[] {
  const bases = new Map<string, string>();
  const sets = new Map<string, { readonly sha256: string; readonly levels: readonly number[] }>();
  return runs.map((run) => {
    const base = once(bases, run.base, () => loadBase(run.base).sha256);
    const { sha256, levels } = once(sets, [run.task, run.data], () => {
      const { problems, sha256 } = trainingData(run);
      return { sha256, levels: problems.map(({ level }) => level) };
    });
    const { totalSteps } = planData(levels, planSettings(run));
    return { run, key: keyOf(run, base, sha256).key, totalSteps };
  });
}

function keyOf(run: Run, base: string, data: string): RunKey {
  return toRunKey(run, { base, data, kernels: hashBytes(kernelBytes()), source: sourceClosure().sha256 });
}

function once<T>(known: Map<string, T>, of: unknown, make: () => T): T {
  const name = canonicalJson(of);
  const value = known.get(name) ?? make();
  known.set(name, value);
  return value;
}
