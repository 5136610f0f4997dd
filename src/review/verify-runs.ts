// Recorded runs put to the test: trained again, here and now, in a folder that goes away, and compared bit for bit.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../core/random.ts";
import type { Scale } from "../findings/scale.ts";
import { runStudy, type Study } from "../findings/study.ts";
import { changedIngredients, compareRuns, type RunDifference } from "../records/compare-runs.ts";
import { settingsHash } from "../records/run-records.ts";
import type { LaunchOptions } from "../runs/launcher.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { nameRun } from "../runs/run-name.ts";

export interface VerifiedRun {
  readonly key: string;
  readonly name: string;
  /** What made the recorded run that is another one now: "source", "kernels", "base", "data". */
  readonly changed: readonly string[];
  readonly differences: readonly RunDifference[];
  /** Hash of the recorded weights. */
  readonly weightsHash: string;
  readonly rows: { readonly steps: number; readonly evaluations: number };
  readonly ok: boolean;
}

/** Some of the runs, the same for the same seed. */
export function sampleRuns(records: readonly RecordedRun[], sample: number, seed: number): RecordedRun[] {
  return Random.fromSeed(`verify/${seed}`).shuffle(records).slice(0, sample);
}

/**
 * Trains recorded runs again and compares outcomes and rows.
 * @throws LabelfreeError as `runStudy` does, `run/interrupted` among them.
 */
export async function verifyRuns(
  chosen: readonly RecordedRun[],
  scale: Scale,
  options: Omit<LaunchOptions, "root">,
): Promise<VerifiedRun[]> {
  const root = mkdtempSync(join(tmpdir(), "labelfree-verify-"));
  try {
    const specs = chosen.map(({ result }) => result.run);
    const study = await runStudy(specs, scale, { ...options, root });
    return chosen.map((recorded) => verifyRun(recorded, study));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function verifyRun(recorded: RecordedRun, { runs, failures }: Study): VerifiedRun {
  const { key, run, weightsHash } = recorded.result;
  const isSame = (other: RecordedRun["result"]["run"]) => settingsHash(other) === settingsHash(run);
  const again = runs.find(({ result }) => isSame(result.run));
  const why = failures.find((failure) => isSame(failure.run))?.why ?? null;
  const differences =
    again === undefined ? [{ what: "run", expected: "a result", found: why }] : compareRuns(recorded, again);
  return {
    key,
    name: nameRun(run),
    changed: again === undefined ? [] : changedIngredients(recorded.result, again.result),
    differences,
    weightsHash,
    rows: { steps: recorded.steps.length, evaluations: recorded.evaluations.length },
    ok: differences.length === 0,
  };
}
