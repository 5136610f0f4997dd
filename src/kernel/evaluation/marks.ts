// Three streams leave the child: its events, its stdout and its stderr. At a mark, which the child puts into all three,
// each stream waits for the others, so that what was written before the mark on any of them is handed over before what
// came after it on any other.

/** The bytes of a mark in stdout and stderr. */
export function markBytes(prefix: string, number: number): Buffer {
  return Buffer.from(`${prefix}${number};`);
}

/** Tells marks from what programs wrote. */
export class MarkReader {
  readonly #prefix: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(prefix: string) {
    this.#prefix = Buffer.from(prefix);
  }

  /** Bytes and mark numbers in order; the beginning of a mark is kept for the next call. */
  push(chunk: Buffer): (Buffer | number)[] {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const parts: (Buffer | number)[] = [];
    for (;;) {
      const start = bytes.indexOf(this.#prefix);
      const end = start < 0 ? -1 : bytes.indexOf(";", start + this.#prefix.length);
      if (end < 0) {
        const kept = start < 0 ? bytes.length - this.#partialMark(bytes) : start;
        if (kept > 0) parts.push(bytes.subarray(0, kept));
        this.#rest = bytes.subarray(kept);
        return parts;
      }
      if (start > 0) parts.push(bytes.subarray(0, start));
      parts.push(Number(bytes.toString("latin1", start + this.#prefix.length, end)));
      bytes = bytes.subarray(end + 1);
    }
  }

  #partialMark(bytes: Buffer): number {
    for (let length = Math.min(bytes.length, this.#prefix.length - 1); length > 0; length--) {
      if (bytes.subarray(bytes.length - length).equals(this.#prefix.subarray(0, length))) return length;
    }
    return 0;
  }
}

interface Lane<Item> {
  readonly waiting: (Item | number)[];
  ended: boolean;
}

/** Streams that wait for each other at their marks. */
export class Rendezvous<Item> {
  readonly #lanes: readonly Lane<Item>[];
  readonly #deliver: (lane: number, item: Item) => void;

  constructor(lanes: number, deliver: (lane: number, item: Item) => void) {
    this.#lanes = Array.from({ length: lanes }, () => ({ waiting: [], ended: false }));
    this.#deliver = deliver;
  }

  /** Takes items and mark numbers of one lane. */
  push(lane: number, items: readonly (Item | number)[]): void {
    for (const item of items) this.#lanes[lane].waiting.push(item);
    this.#pump();
  }

  /** Says that a lane has closed: the others wait for it no more. */
  end(lane: number): void {
    this.#lanes[lane].ended = true;
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      for (const [index, lane] of this.#lanes.entries()) this.#deliverUpToMark(index, lane);
      const allAtMark = this.#lanes.every((lane) => lane.waiting.length > 0 || lane.ended);
      if (!allAtMark || this.#lanes.every((lane) => lane.waiting.length === 0)) return;
      for (const lane of this.#lanes) lane.waiting.shift();
    }
  }

  #deliverUpToMark(index: number, lane: Lane<Item>): void {
    const end = lane.waiting.findIndex((item) => typeof item === "number");
    for (const item of lane.waiting.splice(0, end < 0 ? lane.waiting.length : end)) {
      this.#deliver(index, item as Item);
    }
  }
}
