// The directory of one run, `<root>/<key[:16]>/`: spec.json, environment.json, metrics.jsonl, evaluations.jsonl, a
// checkpoint, and result.json, which is written last and at once, so that its existence means the run is whole.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { RowLog, type RowLogPosition } from "./row-log.ts";
import type { RunKey } from "./run-key.ts";
import type { RunResult } from "./run-result.ts";
import { readSealedJson, sealJson } from "./sealed-json.ts";
import type { Run } from "./spec.ts";

const RESULT_FILE = "result.json";

export interface RunStore {
  readonly directory: string;
  readonly metrics: RowLog;
  readonly evaluations: RowLog;
}

/** Where a run of this key lies under `root`, whether or not it exists. */
export function runDirectory(root: string, key: string): string {
  return join(root, key.slice(0, 16));
}

/**
 * Makes the directory of a run, or finds it; only for the holder of its lock.
 * @throws LabelfreeError `file/not-writable` or `file/no-space`; `run/key-collision` if it is another run's.
 */
export function openRunStore(directory: string, run: Run, key: RunKey): RunStore {
  const path = join(directory, "spec.json");
  const stored = readSealedJson<RunKey>(path);
  if (stored !== undefined && stored.key !== key.key) {
    const message = `${path}: another run's directory, got key ${stored.key}, expected ${key.key}; use another folder`;
    throw new LabelfreeError("run/key-collision", message, { fields: { directory } });
  }
  if (stored === undefined) writeFileAtomic(path, sealJson({ ...key, run }));
  return { directory, ...rowLogs(directory) };
}

function rowLogs(directory: string): Pick<RunStore, "metrics" | "evaluations"> {
  return {
    metrics: new RowLog(join(directory, "metrics.jsonl")),
    evaluations: new RowLog(join(directory, "evaluations.jsonl")),
  };
}

interface StoredResult extends RunResult {
  readonly rows: { readonly metrics: RowLogPosition; readonly evaluations: RowLogPosition };
}

/** The result of a finished run; undefined if the run is not whole, or its result and rows are not as they were written. */
export function findResult(directory: string, key: string): RunResult | undefined {
  const stored = readSealedJson<StoredResult>(join(directory, RESULT_FILE));
  if (stored?.key !== key) return undefined;
  const { rows, ...result } = stored;
  const { metrics, evaluations } = rowLogs(directory);
  return metrics.endsAt(rows.metrics) && evaluations.endsAt(rows.evaluations) ? result : undefined;
}

/** Whether there is a result, sound or not. */
export function hasResultFile(directory: string): boolean {
  return existsSync(join(directory, RESULT_FILE));
}

/** Makes a run whole. */
export function writeResult({ directory, metrics, evaluations }: RunStore, result: RunResult): void {
  const stored: StoredResult = { ...result, rows: { metrics: metrics.save(), evaluations: evaluations.save() } };
  writeFileAtomic(join(directory, RESULT_FILE), sealJson(stored));
}
