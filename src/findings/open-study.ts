// What a notebook starts from: a finding's runs out of the records, in seconds, or trained here when a reader asks for it.

import { join } from "node:path";
import { LabelfreeError } from "../core/errors.ts";
import { createProgress } from "../core/progress.ts";
import { readRecords } from "../records/run-records.ts";
import { packagePath } from "../runs/package-root.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { RunSpec } from "../runs/spec.ts";
import { defaultSeeds, type Finding } from "./finding.ts";
import { withExtra } from "./finding-extra.ts";
import { isNotKept, keptStudy } from "./kept-study.ts";
import type { Scale } from "./scale.ts";
import { runStudy, type Study } from "./study.ts";

export interface OpenStudyOptions {
  readonly scale: Scale;
  /** Seeds 1 to this one; default what the finding asks for. */
  readonly seeds?: number;
  /** Train the runs here instead of reading the records; runs that are done under `root` are only read. */
  readonly fresh?: boolean;
  /** Folder of the runs that are trained here. Default "runs". */
  readonly root?: string;
  /** Folder of records, one folder a scale. Default data/records of this package. */
  readonly records?: string;
}

const DEFAULT_ROOT = "runs";

/**
 * A finding's study, from the records or trained here.
 * @throws LabelfreeError `records/missing-...`, which says what adds them, or as `runStudy` does.
 */
export async function openStudy(finding: Finding, options: OpenStudyOptions): Promise<Study> {
  const { scale, fresh = false, root = DEFAULT_ROOT, records = packagePath("data", "records") } = options;
  const seeds = options.seeds ?? defaultSeeds(finding, scale);
  const specs = finding.sweep({ scale, seeds });
  const folder = join(records, scale);
  if (fresh) {
    const trained = await train(specs, { scale, root, label: `${finding.name} (${scale})` });
    return withExtra(finding.extra, trained, { folder, isFresh: true });
  }
  try {
    return keptStudy(finding, { scale, seeds, records: await readRecords(folder), folder: records });
  } catch (error) {
    if (!isNotKept(error)) throw error;
    const command = `labelfree reproduce ${finding.name} --scale ${scale} --seeds ${seeds} --save-records`;
    const next = `fresh = true makes them here, ${command} for good`;
    throw new LabelfreeError(error.code, `${error.message}; ${next}`, { fields: error.fields });
  }
}

/**
 * Trains one run, or reads it where it is done under `root`.
 * @throws LabelfreeError as `runStudy` does.
 */
export async function trainRun(
  spec: RunSpec,
  { root = DEFAULT_ROOT }: Pick<OpenStudyOptions, "root"> = {},
): Promise<RecordedRun> {
  const { runs } = await train([spec], { scale: "micro", root });
  return runs[0];
}

async function train(
  specs: readonly RunSpec[],
  { scale, root, label }: { readonly scale: Scale; readonly root: string; readonly label?: string },
): Promise<Study> {
  const progress = createProgress({ stream: process.stderr, label: label ?? "", quiet: label === undefined });
  try {
    return await runStudy(specs, scale, {
      root,
      onNotice: (text) => progress.log(text),
      onProgress: ({ runsDone, runsTotal, stepsDone, stepsTotal }) =>
        progress.update({ done: stepsDone, total: stepsTotal, note: `${runsDone} of ${runsTotal} runs done` }),
    });
  } finally {
    progress.finish();
  }
}
