// A sweep's runs with all their rows: what an analysis starts from.

import { join } from "node:path";
import { isLabelfreeError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import type { EvaluationMetrics, StepMetrics } from "../rl/metrics.ts";
import type { FailedRun, LaunchOptions } from "../runs/launcher.ts";
import { runAll } from "../runs/launcher.ts";
import { readRows } from "../runs/row-log.ts";
import type { RunResult } from "../runs/run-result.ts";
import { runDirectory } from "../runs/run-store.ts";
import type { Run, RunSpec } from "../runs/spec.ts";
import { toRun } from "../runs/spec.ts";
import type { Scale } from "./scale.ts";

export interface RecordedRun {
  readonly result: RunResult;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly EvaluationMetrics[];
}

/** A run that gave no result. */
export interface FailedStudyRun {
  readonly run: Run;
  readonly why: string;
}

export interface Study {
  readonly scale: Scale;
  readonly runs: readonly RecordedRun[];
  readonly failures: readonly FailedStudyRun[];
}

/**
 * Trains the runs of a sweep, or reads those that are done; a run that fails is recorded and does not stop the others.
 * @throws LabelfreeError as `runAll` does, `run/interrupted` among them, but for failed runs.
 */
export async function runStudy(specs: readonly RunSpec[], scale: Scale, options: LaunchOptions): Promise<Study> {
  const runs = specs.map(toRun);
  try {
    return toStudy(scale, await runAll(runs, options), [], options.root);
  } catch (error) {
    if (!isLabelfreeError(error, "launch/runs-failed")) throw error;
    const failed = error.fields.failures as readonly FailedRun[];
    const failures = failed.map(({ run, error: { message } }) => ({ run, why: message.split("\n", 1)[0] }));
    const hasFailed = new Set(failures.map(({ run }) => hashJson(run)));
    const others = runs.filter((run) => !hasFailed.has(hashJson(run)));
    if (others.length === 0) throw error;
    return toStudy(scale, await runAll(others, options), failures, options.root); // all done: only read
  }
}

/** One hash for the code behind the runs: their sources and compiled kernels. */
export function codeHashOf({ runs }: Study): string {
  const versions = new Set(runs.map(({ result: { source, kernels } }) => hashJson({ source, kernels })));
  return versions.size === 1 ? [...versions][0] : hashJson([...versions].sort());
}

function toStudy(
  scale: Scale,
  results: readonly RunResult[],
  failures: readonly FailedStudyRun[],
  root: string,
): Study {
  const runs = results.map((result) => {
    const directory = runDirectory(root, result.key);
    return {
      result,
      steps: readRows<StepMetrics>(join(directory, "metrics.jsonl")),
      evaluations: readRows<EvaluationMetrics>(join(directory, "evaluations.jsonl")),
    };
  });
  return { scale, runs, failures };
}
