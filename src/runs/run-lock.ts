// At most one process writes a run directory. The lock is a file that appears whole or not at all (a hard link to a
// complete temporary file) and names its process; the lock of a process that is gone is taken over. Two processes that
// take over at once could both remove a lock: the file is moved aside first, and put back if it is not the dead one's.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { writeError } from "../core/atomic-file.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { LabelfreeError } from "../core/errors.ts";
import { interrupted } from "./interruption.ts";
import { ownIdentity, type ProcessIdentity, stateOfProcess } from "./process-identity.ts";

const LOCK_FILE = "lock.json";

let locks = 0;

export interface RunLock {
  /** Throws LabelfreeError `run/lock-lost` if another process has taken the directory. */
  assertHeld(): void;
  release(): void;
}

const POLL_MS = 250;

/**
 * Takes the lock of a run directory, after waiting for the process that holds it, with a notice.
 * @throws LabelfreeError `run/interrupted` after the signal; `file/no-space` or `file/not-writable`.
 */
export async function lockRun(
  directory: string,
  { onNotice, signal }: { onNotice?: (text: string) => void; signal?: AbortSignal },
): Promise<RunLock> {
  for (let hasWaited = false; !signal?.aborted; hasWaited = true) {
    const taken = tryLock(directory);
    if (!("holder" in taken)) return taken;
    if (!hasWaited) onNotice?.(describeHolder(directory, taken.holder));
    await wait(POLL_MS);
  }
  throw interrupted(`${directory}: stopped before it began`);
}

function describeHolder(directory: string, holder: ProcessIdentity): string {
  const { pid } = holder;
  if (stateOfProcess(holder) === "alive") return `${directory}: process ${pid} trains this run; waiting for it`;
  const path = join(directory, LOCK_FILE);
  return `${directory}: process ${pid} of another machine trains this run; waiting; if it is gone, delete ${path}`;
}

/**
 * Takes the lock of a run directory, or says who holds it.
 * @throws LabelfreeError `file/no-space` or `file/not-writable`.
 */
export function tryLock(directory: string): RunLock | { readonly holder: ProcessIdentity } {
  const path = join(directory, LOCK_FILE);
  locks += 1;
  const content = canonicalJson({ ...ownIdentity(), serial: locks });
  for (;;) {
    if (create(path, content))
      return { assertHeld: () => assertHeld(path, content), release: () => release(path, content) };
    const found = read(path);
    if (found === undefined) continue; // released in between
    const holder = parse(found);
    if (holder !== undefined && stateOfProcess(holder) !== "gone") return { holder };
    removeDead(path, found);
  }
}

function create(path: string, content: string): boolean {
  const temporary = `${path}.${process.pid}-${locks}.tmp`;
  try {
    writeFileSync(temporary, content);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw writeError(path, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function removeDead(path: string, content: string): void {
  const aside = `${path}.${process.pid}-${locks}.dead`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== content) linkSync(aside, path);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw writeError(path, error);
  } finally {
    rmSync(aside, { force: true });
  }
}

function assertHeld(path: string, content: string): void {
  if (read(path) === content) return;
  const message = `${path}: another process has taken this run, expected our lock; nothing more is written`;
  throw new LabelfreeError("run/lock-lost", message, { fields: { path } });
}

function release(path: string, content: string): void {
  if (read(path) === content) rmSync(path, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** undefined for a file that no process of ours has written whole: such a lock is dead. */
function parse(content: string): ProcessIdentity | undefined {
  try {
    const value: Partial<ProcessIdentity> = JSON.parse(content);
    const { pid, started = null, machine } = value;
    return typeof pid === "number" && typeof machine === "string" ? { pid, started, machine } : undefined;
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
