// What the parent and the child say to each other, as bytes: length (4), kind (1), then the kind's own payload. Text of a
// cell's streams travels as it is, since it is most of the traffic; everything else is a structured clone.

import { deserialize, serialize } from "node:v8";

export type StreamName = "stdout" | "stderr";

export type Frame<Message> =
  | { readonly kind: "text"; readonly stream: StreamName; readonly cell: string; readonly text: string }
  | { readonly kind: "message"; readonly message: Message };

export const HEADER_BYTES = 5;
export const STDOUT = 1;
export const STDERR = 2;
const MESSAGE = 3;

/** A message as one frame. */
export function encodeMessage(message: unknown): Buffer {
  const payload = serialize(message);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  writeHeader(frame, 0, payload.length, MESSAGE);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

export function writeHeader(target: Buffer, offset: number, payloadBytes: number, kind: number): void {
  target.writeUInt32LE(payloadBytes, offset);
  target[offset + 4] = kind;
}

/** What a text frame holds before its text. */
export function textPrefix(cell: string): Buffer {
  const name = Buffer.from(cell);
  const prefix = Buffer.allocUnsafe(2 + name.length);
  prefix.writeUInt16LE(name.length, 0);
  name.copy(prefix, 2);
  return prefix;
}

/** Cuts a stream of bytes into frames. */
export class FrameReader<Message> {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #neededBytes = HEADER_BYTES;

  push(chunk: Buffer): Frame<Message>[] {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#neededBytes) return [];
    const bytes = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending);
    const frames: Frame<Message>[] = [];
    let offset = 0;
    this.#neededBytes = HEADER_BYTES;
    while (bytes.length - offset >= HEADER_BYTES) {
      const end = offset + HEADER_BYTES + bytes.readUInt32LE(offset);
      if (end > bytes.length) {
        this.#neededBytes = end - offset;
        break;
      }
      frames.push(readFrame(bytes.subarray(offset, end)));
      offset = end;
    }
    this.#pending = offset < bytes.length ? [bytes.subarray(offset)] : [];
    this.#pendingBytes = bytes.length - offset;
    return frames;
  }
}

function readFrame<Message>(frame: Buffer): Frame<Message> {
  if (frame[4] === MESSAGE) return { kind: "message", message: deserialize(frame.subarray(HEADER_BYTES)) };
  const textStart = HEADER_BYTES + 2 + frame.readUInt16LE(HEADER_BYTES);
  return {
    kind: "text",
    stream: frame[4] === STDERR ? "stderr" : "stdout",
    cell: frame.toString("utf8", HEADER_BYTES + 2, textStart),
    text: frame.toString("utf8", textStart),
  };
}
