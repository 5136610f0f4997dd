// The resumable state of a run. A checkpoint is written into a temporary directory, forced to disk and renamed, and the
// one before it is kept beside it: at every moment one whole checkpoint exists. The sealed state.json holds the hash of
// each other file; a checkpoint that does not match is never used, and a notice says so.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { syncDirectory, writeError } from "../core/atomic-file.ts";
import { hashFile } from "../core/hash-file.ts";
import { hashBytes } from "../core/hash.ts";
import type { RowLogPosition } from "./row-log.ts";
import { readSealedJson, sealJson } from "./sealed-json.ts";
import type { StoredNumbers } from "./training-files.ts";

export interface RunState {
  readonly key: string;
  readonly step: number; // steps done
  readonly metrics: RowLogPosition;
  readonly evaluations: RowLogPosition;
  readonly numbers: StoredNumbers;
}

interface StoredState extends RunState {
  readonly files: Readonly<Record<string, string>>; // SHA-256 by name
}

export interface RunCheckpoint {
  readonly directory: string;
  readonly state: RunState;
}

export const CHECKPOINT = "checkpoint";
const PREVIOUS = "checkpoint.previous";
const TEMPORARY = "checkpoint.tmp-";
const STATE_FILE = "state.json";

/**
 * Makes `files` and `state` the newest checkpoint of a run directory.
 * @throws LabelfreeError `file/no-space` or `file/not-writable`; the checkpoints before are then as they were.
 */
export function writeRunCheckpoint(run: string, state: RunState, files: ReadonlyMap<string, Uint8Array>): void {
  const temporary = join(run, `${TEMPORARY}${state.step}`);
  try {
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary);
    for (const [name, bytes] of files) writeAndSync(join(temporary, name), bytes);
    const hashes = Object.fromEntries(Array.from(files, ([name, bytes]) => [name, hashBytes(bytes)]));
    writeAndSync(join(temporary, STATE_FILE), sealJson({ ...state, files: hashes }));
    syncDirectory(temporary);
    if (existsSync(join(run, CHECKPOINT))) {
      rmSync(join(run, PREVIOUS), { recursive: true, force: true });
      renameSync(join(run, CHECKPOINT), join(run, PREVIOUS));
    }
    renameSync(temporary, join(run, CHECKPOINT));
    syncDirectory(run);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw writeError(temporary, error);
  }
}

/** The whole checkpoints of a run, newest first; each damaged one is passed over with a notice. */
export function* wholeCheckpoints(
  run: string,
  { key, onNotice }: { key: string; onNotice: (text: string) => void },
): Generator<RunCheckpoint> {
  for (const name of [CHECKPOINT, PREVIOUS]) {
    const directory = join(run, name);
    if (!existsSync(directory)) continue;
    const state = readState(directory, key);
    if (typeof state === "string") onNotice(`${directory}: damaged checkpoint is not used: ${state}`);
    else yield { directory, state };
  }
}

/** Removes the checkpoint before the newest; for a run that is whole. */
export function removePreviousCheckpoint(run: string): void {
  rmSync(join(run, PREVIOUS), { recursive: true, force: true });
}

/** Removes what a killed process left half-written; only for the holder of the run's lock. */
export function removeTemporaries(run: string): void {
  const isTemporary = (name: string) => name.startsWith(TEMPORARY) || name.endsWith(".tmp") || name.endsWith(".dead");
  for (const name of readdirSync(run).filter(isTemporary)) rmSync(join(run, name), { recursive: true, force: true });
}

/** The state, or what is wrong with the checkpoint. */
function readState(directory: string, key: string): RunState | string {
  const stored = readSealedJson<StoredState>(join(directory, STATE_FILE));
  if (stored === undefined) return `${STATE_FILE} is missing or not as it was written`;
  const { files, ...state } = stored;
  if (state.key !== key) return `it belongs to run ${state.key.slice(0, 16)}, expected ${key.slice(0, 16)}`;
  const damaged = Object.keys(files).find((name) => {
    const path = join(directory, name);
    return !existsSync(path) || hashFile(path) !== files[name];
  });
  return damaged === undefined ? state : `${damaged} is missing or not as it was written`;
}

function writeAndSync(path: string, data: string | Uint8Array): void {
  writeFileSync(path, data, { flush: true });
}
