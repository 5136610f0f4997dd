// A sweep's runs with all their rows: what an analysis starts from. They are trained, read from an earlier training, or
// taken from records, where a run of the same key has the same bits.

import { isLabelfreeError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { settingsHash } from "../records/run-records.ts";
import type { FailedRun, LaunchOptions } from "../runs/launcher.ts";
import { runAll } from "../runs/launcher.ts";
import { planRuns } from "../runs/prepare-run.ts";
import { type RecordedRun, readRecordedRun } from "../runs/recorded-run.ts";
import type { Run, RunSpec } from "../runs/spec.ts";
import { toRun } from "../runs/spec.ts";
import type { Scale } from "./scale.ts";

/** A run that gave no result. */
export interface FailedStudyRun {
  readonly run: Run;
  readonly why: string;
}

export interface Study {
  readonly scale: Scale;
  readonly runs: readonly RecordedRun[];
  readonly failures: readonly FailedStudyRun[];
  /** Of a finding that needs more than runs: its data, as its `extra` makes or reads them. */
  readonly extra?: unknown;
}

export interface StudyOptions extends LaunchOptions {
  /** Runs that need no training if their keys are those of the sweep. Default none. */
  readonly records?: readonly RecordedRun[];
}

/**
 * Trains the runs of a sweep, or reads those that are done; a run that fails is recorded and does not stop the others.
 * @throws LabelfreeError as `runAll` does, `run/interrupted` among them, but for failed runs unless no run is left.
 */
export async function runStudy(
  specs: readonly RunSpec[],
  scale: Scale,
  { records = [], ...options }: StudyOptions,
): Promise<Study> {
  const runs = specs.map(toRun);
  const known = recordedRuns(runs, records, options.onNotice);
  const others = runs.filter((run) => !known.has(settingsHash(run)));
  if (others.length === 0)
    return { scale, runs: runs.flatMap((run) => known.get(settingsHash(run)) ?? []), failures: [] };
  const { trained, failures } = await trainRuns(others, options, known.size > 0);
  const all = new Map([...known, ...trained]);
  return { scale, runs: runs.flatMap((run) => all.get(settingsHash(run)) ?? []), failures };
}

/** One hash for the code behind the runs: their sources and compiled kernels. */
export function codeHashOf({ runs }: Study): string {
  const versions = new Set(runs.map(({ result: { source, kernels } }) => hashJson({ source, kernels })));
  return versions.size === 1 ? [...versions][0] : hashJson([...versions].sort());
}

/** Runs by their settings. */
type RunsBySettings = ReadonlyMap<string, RecordedRun>;

/** The runs whose keys the records have; tells how many there are, and how many only from other sources. */
function recordedRuns(
  runs: readonly Run[],
  records: readonly RecordedRun[],
  onNotice: LaunchOptions["onNotice"],
): RunsBySettings {
  const wanted = new Set(runs.map(settingsHash));
  const recorded = new Map(records.map((record) => [settingsHash(record.result.run), record]));
  const inBoth = [...recorded].filter(([settings]) => wanted.has(settings));
  const plans = planRuns(inBoth.map(([, { result }]) => result.run));
  const known = inBoth.filter(([, { result }], index) => result.key === plans[index].key);
  const stale = inBoth.length - known.length;
  const share = (count: number) => `${count} of ${wanted.size} runs`;
  if (known.length > 0) onNotice?.(`${share(known.length)} come from the records`);
  if (stale > 0) onNotice?.(`${share(stale)} are in the records from other sources than these, and are trained again`);
  return new Map(known);
}

async function trainRuns(
  runs: readonly Run[],
  options: LaunchOptions,
  mayAllFail: boolean,
): Promise<{ trained: RunsBySettings; failures: readonly FailedStudyRun[] }> {
  const train = async (some: readonly Run[]): Promise<RunsBySettings> => {
    const results = await runAll(some, options);
    return new Map(some.map((run, index) => [settingsHash(run), readRecordedRun(options.root, results[index])]));
  };
  try {
    return { trained: await train(runs), failures: [] };
  } catch (error) {
    if (!isLabelfreeError(error, "launch/runs-failed")) throw error;
    const failed = error.fields.failures as readonly FailedRun[];
    const failures = failed.map(({ run, error: { message } }) => ({ run, why: message.split("\n", 1)[0] }));
    const hasFailed = new Set(failures.map(({ run }) => settingsHash(run)));
    const others = runs.filter((run) => !hasFailed.has(settingsHash(run)));
    if (others.length === 0 && !mayAllFail) throw error;
    return { trained: await train(others), failures }; // all done: only read
  }
}
