import { join } from "node:path";
import { isLabelfreeError, LabelfreeError } from "../core/errors.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { Finding } from "./finding.ts";
import { readExtra } from "./finding-extra.ts";
import { recordedStudy } from "./recorded-study.ts";
import type { Scale } from "./scale.ts";
import type { Study } from "./study.ts";

export interface KeptStudyOptions {
  readonly scale: Scale;
  readonly seeds: number;
  readonly records: readonly RecordedRun[];
  /** Folder with one folder of records a scale. */
  readonly folder: string;
}

/**
 * A finding's study from what is kept, without training: its runs in the records, its extra data beside them.
 * @throws LabelfreeError `records/missing-runs` or `records/missing-extra`; `records/damaged` or `file/...` for extra data.
 */
export function keptStudy(finding: Finding, { scale, seeds, records, folder }: KeptStudyOptions): Study {
  const { name, extra } = finding;
  const study = recordedRuns(finding, { scale, seeds, records });
  if (extra === undefined) return study;
  const place = join(folder, scale);
  const kept = readExtra(extra, place);
  if (kept !== undefined) return { ...study, extra: kept };
  const message = `${name}, records: got no ${extra.file} in ${place}, expected it`;
  throw new LabelfreeError("records/missing-extra", message, { fields: { file: extra.file } });
}

/** Whether a finding's study is not kept, rather than damaged. */
export function isNotKept(error: unknown): error is LabelfreeError {
  return isLabelfreeError(error) && error.code.startsWith("records/missing-");
}

function recordedRuns(finding: Finding, { scale, seeds, records }: Omit<KeptStudyOptions, "folder">): Study {
  try {
    return recordedStudy(finding.sweep({ scale, seeds }), scale, records);
  } catch (error) {
    if (!isLabelfreeError(error, "records/missing-runs")) throw error;
    throw new LabelfreeError(error.code, `${finding.name}, ${error.message}`, { fields: error.fields });
  }
}
