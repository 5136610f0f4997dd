import { join } from "node:path";
import type { EvaluationMetrics, StepMetrics } from "../rl/metrics.ts";
import { readRows } from "./row-log.ts";
import type { RunResult } from "./run-result.ts";
import { runDirectory } from "./run-store.ts";

/** A finished run with all its rows: what analyses start from and records keep. */
export interface RecordedRun {
  readonly result: RunResult;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly EvaluationMetrics[];
}

/** A finished run under `root` with its rows. */
export function readRecordedRun(root: string, result: RunResult): RecordedRun {
  const directory = runDirectory(root, result.key);
  return {
    result,
    steps: readRows<StepMetrics>(join(directory, "metrics.jsonl")),
    evaluations: readRows<EvaluationMetrics>(join(directory, "evaluations.jsonl")),
  };
}
