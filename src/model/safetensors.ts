// Reading and writing safetensors files (the header's rules are in safetensors-header.ts). Tensors come as float32
// whatever the file holds; they are read one by one at their place in the file, so that a checkpoint larger than what is
// asked of it never passes through memory as a whole.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { LabelfreeError } from "../core/errors.ts";
import { decodeHalf, encodeHalf } from "./half-floats.ts";
import {
  MAX_HEADER_BYTES,
  parseHeader,
  type SafetensorsHeader,
  safetensorsError,
  type TensorEntry,
} from "./safetensors-header.ts";

export type FloatType = "F32" | "F16" | "BF16";

export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: FloatType;
  readonly data: Float32Array;
}

export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** How the values are stored; the default is F32, the others round to nearest even. */
  readonly dtype?: FloatType;
}

const CHUNK_BYTES = 8 << 20;
const LENGTH_BYTES = 8;

/** A safetensors file held open: its checked header, and its tensors on demand. Close it after use. */
export class SafetensorsFile {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #descriptor: number;
  readonly #dataStart: number;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openForReading(path);
    try {
      const { header, dataStart } = readHeader(this.#descriptor, path);
      this.metadata = header.metadata;
      this.entries = header.entries;
      this.#dataStart = dataStart;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads one tensor as float32; throws for an unknown name or a type that is not F32, F16 or BF16. */
  read(name: string): Tensor {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      throw safetensorsError(
        "no-such-tensor",
        this.path,
        `no tensor ${JSON.stringify(name)} among its ${this.entries.size}`,
      );
    }
    const { dtype, shape, begin, end } = entry;
    const position = this.#dataStart + begin;
    if (dtype === "F32") {
      const data = new Float32Array((end - begin) / 4);
      this.#readBytes(new Uint8Array(data.buffer), position);
      return { shape, dtype, data };
    }
    if (dtype !== "F16" && dtype !== "BF16") {
      throw safetensorsError(
        "unsupported-dtype",
        this.path,
        `tensor ${JSON.stringify(name)} is ${dtype}, supported: F32, F16, BF16`,
      );
    }
    const data = new Float32Array((end - begin) / 2);
    const chunk = new Uint16Array(Math.min(data.length, CHUNK_BYTES / 2));
    for (let start = 0; start < data.length; start += chunk.length) {
      const part = chunk.subarray(0, data.length - start);
      this.#readBytes(new Uint8Array(part.buffer, 0, part.byteLength), position + start * 2);
      decodeHalf(dtype, part, data.subarray(start, start + part.length));
    }
    return { shape, dtype, data };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readBytes(target: Uint8Array, position: number): void {
    readFully(this.#descriptor, target, position, this.path);
  }
}

/** Reads all tensors of a file, in the header's order. */
export function readSafetensors(path: string): Map<string, Tensor> {
  const file = new SafetensorsFile(path);
  try {
    return new Map(Array.from(file.entries.keys(), (name) => [name, file.read(name)]));
  } finally {
    file.close();
  }
}

/**
 * Lays tensors out as the bytes of a safetensors file: wider types first, then by name, as the reference library does,
 * so that equal tensors give equal bytes. Throws if a shape and the number of its values disagree.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const sorted = Array.from(tensors, ([name, tensor]) => ({
    name,
    ...tensor,
    dtype: tensor.dtype ?? ("F32" as const),
  }));
  sorted.sort((a, b) => bytesPer(b.dtype) - bytesPer(a.dtype) || compare(a.dtype, b.dtype) || compare(a.name, b.name));

  const members: string[] = [];
  if (metadata !== undefined) members.push(`"__metadata__":${stringifySorted(metadata)}`);
  let dataBytes = 0;
  for (const { name, dtype, shape, data } of sorted) {
    if (name === "__metadata__" || shape.reduce((product, size) => product * size, 1) !== data.length) {
      throw new LabelfreeError(
        "safetensors/bad-tensor",
        `safetensors: cannot write tensor ${JSON.stringify(name)} of shape [${shape.join(", ")}] with ${data.length} values`,
        { fields: { name, shape, length: data.length } },
      );
    }
    const end = dataBytes + data.length * bytesPer(dtype);
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [dataBytes, end] })}`);
    dataBytes = end;
  }
  const header = new TextEncoder().encode(`{${members.join(",")}}`);
  const headerBytes = Math.ceil(header.length / LENGTH_BYTES) * LENGTH_BYTES;

  const file = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  file.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerBytes;
  for (const { dtype, data } of sorted) {
    if (dtype === "F32") new Float32Array(file.buffer, position, data.length).set(data);
    else encodeHalf(dtype, data, new Uint16Array(file.buffer, position, data.length));
    position += data.length * bytesPer(dtype);
  }
  return file;
}

function openForReading(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabelfreeError("file/unreadable", `read ${path}: ${reason}`, { cause, fields: { path } });
  }
}

function readHeader(descriptor: number, path: string): { header: SafetensorsHeader; dataStart: number } {
  const fileBytes = fstatSync(descriptor).size;
  if (fileBytes < LENGTH_BYTES) {
    throw safetensorsError(
      "truncated",
      path,
      `the file has ${fileBytes} bytes, a safetensors file has at least ${LENGTH_BYTES}`,
    );
  }
  const length = new DataView(new ArrayBuffer(LENGTH_BYTES));
  readFully(descriptor, new Uint8Array(length.buffer), 0, path);
  const headerBytes = length.getBigUint64(0, true);
  if (headerBytes > MAX_HEADER_BYTES) {
    throw safetensorsError(
      "header-too-large",
      path,
      `the header claims ${headerBytes} bytes, at most ${MAX_HEADER_BYTES} are allowed; is this a safetensors file?`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(headerBytes);
  if (dataStart > fileBytes) {
    throw safetensorsError(
      "truncated",
      path,
      `the header claims ${headerBytes} bytes, the file has ${fileBytes}; copy it again`,
    );
  }
  const bytes = new Uint8Array(Number(headerBytes));
  readFully(descriptor, bytes, LENGTH_BYTES, path);
  return { header: parseHeader(bytes, fileBytes - dataStart, path), dataStart };
}

function readFully(descriptor: number, target: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < target.length; ) {
    const count = readSync(descriptor, target, done, Math.min(target.length - done, CHUNK_BYTES), position + done);
    if (count === 0)
      throw safetensorsError("truncated", path, `the file ended at byte ${position + done} while it was read`);
    done += count;
  }
}

function bytesPer(dtype: FloatType): number {
  return dtype === "F32" ? 4 : 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stringifySorted(metadata: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => compare(a, b))));
}
