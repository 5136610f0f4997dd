// Data that a finding needs beside its runs: computed from base checkpoints in seconds, without training, and kept as one
// file beside the records of its scale, so that figures come from it alone. Like a run it carries the key of all that made
// it, and is made again where that key is no longer the present one.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile, writeError, writeFileAtomic } from "../core/atomic-file.ts";
import type { Json } from "../core/canonical-json.ts";
import type { Scale } from "./scale.ts";
import type { Study } from "./study.ts";

export interface FindingExtra<Data = unknown> {
  /** Its file in the folder of a scale's records. */
  readonly file: string;
  /** Throws a LabelfreeError for a file that is not as it was written. */
  parse(value: unknown): Data;
  /** What is written for it. */
  toJson(data: Data): Json;
  /** Keys for the provenance of figures, beside those of the runs. Default none. */
  keys?(data: Data): readonly string[];
  /** Whether the present sources, kernels, problems and base checkpoints would make the same. */
  isCurrent(data: Data, scale: Scale): boolean;
  make(scale: Scale, onNotice?: (text: string) => void): Promise<Data>;
}

/**
 * What is kept in the folder; undefined if nothing is.
 * @throws LabelfreeError as `parse` does, or `file/...`.
 */
export function readExtra<Data>(extra: FindingExtra<Data>, folder: string): Data | undefined {
  const path = join(folder, extra.file);
  return existsSync(path) ? extra.parse(readJsonFile(path)) : undefined;
}

/** A study with its finding's extra data: what is kept in the folder if it is current and `isFresh` false, else made now. */
export async function withExtra(
  extra: FindingExtra | undefined,
  study: Study,
  { folder, isFresh, onNotice }: { folder: string; isFresh: boolean; onNotice?: (text: string) => void },
): Promise<Study> {
  if (extra === undefined) return study;
  const kept = isFresh ? undefined : readExtra(extra, folder);
  if (kept !== undefined && extra.isCurrent(kept, study.scale)) return { ...study, extra: kept };
  return { ...study, extra: await extra.make(study.scale, onNotice) };
}

/** Writes it into the folder; equal data give equal bytes. Throws LabelfreeError `file/...`. */
export function writeExtra<Data>(extra: FindingExtra<Data>, folder: string, data: Data): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
  writeFileAtomic(join(folder, extra.file), `${JSON.stringify(extra.toJson(data), null, 1)}\n`);
}
