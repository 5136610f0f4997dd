// A sample of the recorded runs, trained again: the one check that no consistent change of the records gets past.

import type { Scale } from "../findings/scale.ts";
import type { LaunchOptions } from "../runs/launcher.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { nameRun } from "../runs/run-name.ts";
import { type Check, failed, guarded, notChecked, short } from "./check.ts";
import { firstDifference } from "./first-difference.ts";
import { sampleRuns, type VerifiedRun, verifyRuns } from "./verify-runs.ts";

const SECTION = "training";
const LONGEST = 120;

export interface TrainingOptions extends Omit<LaunchOptions, "root"> {
  readonly scale: Scale;
  readonly sample: number;
  readonly seed: number;
}

/** A row for each run of the sample. */
export async function checkTraining(
  records: readonly RecordedRun[],
  { scale, sample, seed, ...options }: TrainingOptions,
): Promise<readonly Check[]> {
  const all = { section: SECTION, what: "a sample of the runs, trained again" } as const;
  if (records.length === 0) return [notChecked(all, "there are no records")];
  if (sample === 0) return [notChecked(all, "none asked for: --sample 0")];
  const chosen = sampleRuns(records, sample, seed);
  const names = chosen.map(({ result }) => nameRun(result.run)).join(", ");
  return guarded({ ...all, what: `${names}, trained again` }, "the recorded bits", async () =>
    (await verifyRuns(chosen, scale, options)).map(toCheck),
  );
}

function toCheck({ key, name, changed, differences, weightsHash, rows, ok }: VerifiedRun): Check {
  const about = { section: SECTION, what: `${name} (${short(key)}), trained again` } as const;
  const made = changed.length === 0 ? null : `recorded with another ${changed.join(", ")}`;
  const whole = `weights ${short(weightsHash)}, ${rows.steps} steps, ${rows.evaluations} evaluations`;
  if (ok) return { ...about, expected: whole, found: whole, verdict: "passed", why: made };
  const [first, ...others] = differences;
  const more = others.length === 0 ? [] : [`${others.length} more numbers differ`];
  const [expected, found] = inShort(first.expected ?? "nothing", first.found ?? "nothing");
  const why = [...more, ...(made === null ? [] : [made])].join("; ") || null;
  return failed(about, `${first.what} ${expected}`, `${first.what} ${found}`, why);
}

function inShort(expected: string, found: string): readonly [string, string] {
  if (expected.length <= LONGEST && found.length <= LONGEST) return [expected, found];
  const difference = firstDifference(expected, found);
  return difference === null ? [expected, found] : [difference.expected, difference.found];
}
