// One file per kernel session, so that kernels which run at the same time never write into each other's lines:
// NUMBER.jsonl, claimed by creating it, then one line per cell, appended in one write.

import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface HistoryEntry {
  readonly line: number;
  readonly input: string;
  readonly output: string | null; // text/plain of the value
}

const KEPT_SESSIONS = 1000;
const SUFFIX = ".jsonl";

/** Where the history of this user lies: under XDG_DATA_HOME, else ~/.local/share. */
export function historyDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "labelfree", "kernel-history");
}

/** Numbers of the stored sessions, ascending; none where the directory cannot be read. */
export function storedSessions(directory: string): readonly number[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d+\.jsonl$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((left, right) => left - right);
  } catch {
    return [];
  }
}

/** Creates the file of a new session and returns its number; the oldest sessions beyond a thousand go. */
export function claimSession(directory: string): number {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stored = storedSessions(directory);
  for (const old of stored.slice(0, Math.max(0, stored.length + 1 - KEPT_SESSIONS))) {
    rmSync(sessionPath(directory, old), { force: true });
  }
  for (let session = (stored.at(-1) ?? 0) + 1; ; session += 1) {
    try {
      closeSync(openSync(sessionPath(directory, session), "ax", 0o600));
      return session;
    } catch (error) {
      const isTaken = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!isTaken) throw error;
    }
  }
}

export function appendEntry(directory: string, session: number, entry: HistoryEntry): void {
  appendFileSync(sessionPath(directory, session), `${JSON.stringify(entry)}\n`);
}

/** The entries of a stored session; a line that was cut off by a crash is left out. */
export function readEntries(directory: string, session: number): readonly HistoryEntry[] {
  try {
    return readFileSync(sessionPath(directory, session), "utf8").split("\n").flatMap(parseEntry);
  } catch {
    return [];
  }
}

function parseEntry(text: string): readonly HistoryEntry[] {
  try {
    const { line, input, output }: Partial<HistoryEntry> = JSON.parse(text);
    return typeof line === "number" && typeof input === "string" ? [{ line, input, output: output ?? null }] : [];
  } catch {
    return [];
  }
}

function sessionPath(directory: string, session: number): string {
  return join(directory, `${String(session).padStart(8, "0")}${SUFFIX}`);
}
