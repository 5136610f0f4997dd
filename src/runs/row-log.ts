// A file of JSON rows, one a line, that only grows while a run goes on. A checkpoint remembers how far it had grown
// (length and hash); after a kill the file is cut back to that place, so that no row is lost, doubled or torn.

import { createHash, type Hash } from "node:crypto";
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync } from "node:fs";
import { writeError } from "../core/atomic-file.ts";
import { hashBytes } from "../core/hash.ts";

export interface RowLogPosition {
  readonly bytes: number;
  readonly sha256: string; // of the first `bytes` bytes
}

export class RowLog {
  readonly path: string;
  #bytes = 0;
  #hash: Hash = createHash("sha256");

  /** A log at `path`, empty until `rewind` says otherwise; nothing is read or written yet. */
  constructor(path: string) {
    this.path = path;
  }

  /** Throws LabelfreeError `file/no-space` or `file/not-writable`. */
  append(row: object): void {
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    this.#write(() => appendFileSync(this.path, line));
    this.#bytes += line.length;
    this.#hash.update(line);
  }

  /** Forces the rows to disk and says how far they reach. */
  save(): RowLogPosition {
    this.#write(() => {
      const descriptor = openSync(this.path, "a");
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }

  /** Whether the file still begins with the rows of a saved position. */
  holds({ bytes, sha256 }: RowLogPosition): boolean {
    const content = this.#read();
    return content.length >= bytes && hashBytes(content.subarray(0, bytes)) === sha256;
  }

  /** Whether the file holds the rows of a saved position and no more. */
  endsAt(position: RowLogPosition): boolean {
    return this.holds(position) && this.#read().length === position.bytes;
  }

  /** Cuts the file back to a position that it holds; without one, to nothing. */
  rewind(position?: RowLogPosition): void {
    this.#bytes = position?.bytes ?? 0;
    if (existsSync(this.path)) this.#write(() => truncateSync(this.path, this.#bytes));
    this.#hash = createHash("sha256").update(this.#read());
  }

  #read(): Uint8Array {
    return existsSync(this.path) ? readFileSync(this.path) : new Uint8Array();
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw writeError(this.path, error);
    }
  }
}

/** All rows of a log file, as its writer typed them; none if there is no file. */
export function readRows<Row extends object>(path: string): Row[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Row => JSON.parse(line));
}
