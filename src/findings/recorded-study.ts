import { LabelfreeError } from "../core/errors.ts";
import { settingsHash } from "../records/run-records.ts";
import { planRuns } from "../runs/prepare-run.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { RunSpec } from "../runs/spec.ts";
import { toRun } from "../runs/spec.ts";
import type { Scale } from "./scale.ts";
import type { Study } from "./study.ts";

/**
 * A sweep's runs from records alone, found by their settings, whatever sources made them.
 * @throws LabelfreeError `records/missing-runs`.
 */
export function recordedStudy(specs: readonly RunSpec[], scale: Scale, records: readonly RecordedRun[]): Study {
  const recorded = new Map(records.map((run) => [settingsHash(run.result.run), run]));
  const found = specs.map((spec) => recorded.get(settingsHash(toRun(spec))));
  const runs = found.filter((run) => run !== undefined);
  if (runs.length === found.length) return { scale, runs, failures: [] };
  const missing = found.length - runs.length;
  const message = `records: got ${runs.length} of ${found.length} runs, expected all`;
  throw new LabelfreeError("records/missing-runs", message, { fields: { missing } });
}

/** How many of a study's runs other sources made than those that would train them now. */
export function countStale({ runs }: Study): number {
  const now = planRuns(runs.map(({ result }) => result.run));
  return runs.filter(({ result }, index) => result.key !== now[index].key).length;
}
