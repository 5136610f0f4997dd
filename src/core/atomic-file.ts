// A file is either the old one or the whole new one, never a part: the data goes to a temporary file in the same
// directory, is forced to disk, and takes the target's name by rename, which POSIX makes atomic within a file system.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LabelfreeError } from "./errors.ts";

let writes = 0;

/**
 * Replaces the file at `path` by `data` at once; after a failure the old file is whole and no temporary file is left.
 * @throws LabelfreeError `file/no-space`, `file/not-writable`, `file/no-directory` or `file/not-written`.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  writes += 1;
  const temporary = `${path}.${process.pid}-${writes}.tmp`;
  try {
    writeAndSync(temporary, data);
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw writeError(path, error);
  }
  syncDirectory(dirname(path));
}

function writeAndSync(path: string, data: string | Uint8Array): void {
  const descriptor = openSync(path, "w");
  try {
    writeFileSync(descriptor, data);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // the error that brought us here matters more
  }
}

/** Forces renames in a directory to disk, where the system can (Windows and some network file systems cannot). */
export function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return;
  }
}

const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const NOT_WRITABLE = new Set(["EACCES", "EROFS", "ENOTDIR", "EPERM", "EISDIR"]);

/** The LabelfreeError for a failed write to `path`, with the next step; for writers other than `writeFileAtomic`. */
export function writeError(path: string, cause: unknown): LabelfreeError {
  const system = systemCode(cause);
  const options = { cause, fields: { path, system } };
  if (NO_SPACE.has(system)) {
    const message = `write ${path}: no space left (${system}); free some space or write elsewhere, the old file is whole`;
    return new LabelfreeError("file/no-space", message, options);
  }
  if (NOT_WRITABLE.has(system)) {
    const message = `write ${path}: not allowed (${system}); choose a path in a directory that you may write to`;
    return new LabelfreeError("file/not-writable", message, options);
  }
  if (system === "ENOENT") {
    const message = `write ${path}: there is no directory ${dirname(path)}; create it first`;
    return new LabelfreeError("file/no-directory", message, options);
  }
  return new LabelfreeError("file/not-written", `write ${path}: failed (${system})`, options);
}

/**
 * The parsed content of a JSON file.
 * @throws LabelfreeError `file/unreadable` or `file/not-json`.
 */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const system = systemCode(cause);
    const reason = system === "ENOENT" ? "there is no such file" : `cannot be read (${system})`;
    throw new LabelfreeError("file/unreadable", `read ${path}: ${reason}`, { cause, fields: { path, system } });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = text.trim() === "" ? "an empty file" : `${text.length} characters that do not parse`;
    throw new LabelfreeError("file/not-json", `read ${path}: got ${got}, expected JSON`, { cause, fields: { path } });
  }
}

function systemCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return "unknown";
}
