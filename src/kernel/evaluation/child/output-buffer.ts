// Frames on their way to the parent, in memory shared by the main thread, which adds them, and the control thread, which
// sends what lies there while the main thread is busy. Sending blocks when the parent is slow: that is the backpressure.

import { writeSync } from "node:fs";
import { EVENTS_FD } from "../messages.ts";
import { HEADER_BYTES, STDERR, STDOUT, type StreamName, textPrefix, writeHeader } from "../frames.ts";

const HEAD_BYTES = 16; // lock, length, sends
const CAPACITY_BYTES = 256 * 1024;
const SEND_ABOVE_BYTES = 64 * 1024;
const BIG_TEXT_UNITS = 32 * 1024;
const LOCK = 0;
const LENGTH = 1;
const SENDS = 2;

interface OpenText {
  readonly cell: string;
  readonly stream: StreamName;
  readonly start: number;
  readonly sends: number;
}

export class OutputBuffer {
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Buffer;
  #open: OpenText | undefined;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEAD_BYTES + CAPACITY_BYTES)) {
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, HEAD_BYTES / 4);
    this.#bytes = Buffer.from(memory, HEAD_BYTES, CAPACITY_BYTES);
  }

  /** Adds text of a cell; says whether the buffer was empty before. */
  addText(cell: string, stream: StreamName, text: string): boolean {
    this.#lock();
    try {
      const wasEmpty = this.#head[LENGTH] === 0;
      for (let start = 0; start < text.length; ) {
        const end = endOfPiece(text, start);
        this.#addPiece(cell, stream, start === 0 && end === text.length ? text : text.slice(start, end));
        start = end;
      }
      if (this.#head[LENGTH] > SEND_ABOVE_BYTES) this.#send();
      return wasEmpty;
    } finally {
      this.#unlock();
    }
  }

  /** Adds a whole frame. */
  addFrame(frame: Buffer): void {
    this.#lock();
    try {
      if (this.#head[LENGTH] + frame.length > CAPACITY_BYTES) this.#send();
      this.#open = undefined;
      if (frame.length > CAPACITY_BYTES) return writeAll(EVENTS_FD, frame);
      frame.copy(this.#bytes, this.#head[LENGTH]);
      this.#head[LENGTH] += frame.length;
    } finally {
      this.#unlock();
    }
  }

  /** Sends everything that lies here. */
  flush(): void {
    this.#lock();
    try {
      this.#send();
    } finally {
      this.#unlock();
    }
  }

  #addPiece(cell: string, stream: StreamName, piece: string): void {
    const mostBytes = piece.length * 3 + HEADER_BYTES + 2 + cell.length * 3;
    if (this.#head[LENGTH] + mostBytes > CAPACITY_BYTES) this.#send();
    const length = this.#head[LENGTH];
    const open = this.#open;
    if (open?.cell === cell && open.stream === stream && open.sends === this.#head[SENDS]) {
      const end = length + this.#bytes.write(piece, length);
      this.#bytes.writeUInt32LE(end - open.start - HEADER_BYTES, open.start);
      this.#head[LENGTH] = end;
      return;
    }
    const prefix = textPrefix(cell);
    const textStart = length + HEADER_BYTES + prefix.length;
    prefix.copy(this.#bytes, length + HEADER_BYTES);
    const end = textStart + this.#bytes.write(piece, textStart);
    writeHeader(this.#bytes, length, end - length - HEADER_BYTES, stream === "stderr" ? STDERR : STDOUT);
    this.#open = { cell, stream, start: length, sends: this.#head[SENDS] };
    this.#head[LENGTH] = end;
  }

  #send(): void {
    const length = this.#head[LENGTH];
    this.#head[LENGTH] = 0;
    this.#head[SENDS]++;
    if (length > 0) writeAll(EVENTS_FD, this.#bytes.subarray(0, length));
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#head, LOCK, 0, 1) !== 0) Atomics.wait(this.#head, LOCK, 1, 1);
  }

  #unlock(): void {
    Atomics.store(this.#head, LOCK, 0);
    Atomics.notify(this.#head, LOCK, 1);
  }
}

function endOfPiece(text: string, start: number): number {
  const end = Math.min(text.length, start + BIG_TEXT_UNITS);
  const isSplitPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isSplitPair ? end - 1 : end;
}

const write = writeSync; // as it is before the cells get their own
const clock = new Int32Array(new SharedArrayBuffer(4));

/** Writes all bytes, waiting where a program that shares the descriptor has made it non-blocking. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += write(descriptor, bytes, offset);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(clock, 0, 0, 1);
    }
  }
}
