// The header of a safetensors file: 8 bytes with its length (little-endian), JSON, then the tensors' bytes. Validated as
// strictly as the format asks (https://github.com/huggingface/safetensors#format): no duplicate names, every offset
// inside the file, tensors next to each other without gap or overlap, sizes equal to shape times element size.

import { LabelfreeError } from "../core/errors.ts";

const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export const MAX_HEADER_BYTES = 100_000_000;

/** Where one tensor lies: `begin` and `end` count bytes from the end of the header. */
export interface TensorEntry {
  readonly dtype: keyof typeof DTYPE_BYTES;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

/** The error for a file that breaks the format; `code` is completed to "safetensors/...". */
export function safetensorsError(code: string, path: string, message: string, cause?: unknown): LabelfreeError {
  return new LabelfreeError(`safetensors/${code}`, `${path}: ${message}`, { cause, fields: { path } });
}

/** Reads and checks the header's JSON; `dataBytes` is the size of the file after the header. */
export function parseHeader(bytes: Uint8Array, dataBytes: number, path: string): SafetensorsHeader {
  const { __metadata__: metadata = {}, ...tensors } = parseObject(bytes, path);
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw safetensorsError(
      "bad-header",
      path,
      `__metadata__ is ${JSON.stringify(metadata)}, expected an object of strings`,
    );
  }
  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(tensors)) entries.set(name, toEntry(name, value, path));
  checkCoverage(entries, dataBytes, path);
  return { metadata: metadata as Record<string, string>, entries };
}

function parseObject(bytes: Uint8Array, path: string): Record<string, unknown> {
  let header: unknown;
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw safetensorsError(
      "bad-header",
      path,
      `the header of ${bytes.length} bytes is not JSON; is this a safetensors file?`,
      cause,
    );
  }
  if (!isObject(header) || !text.startsWith("{")) {
    throw safetensorsError(
      "bad-header",
      path,
      `the header starts with ${JSON.stringify(text.slice(0, 20))}, expected a JSON object`,
    );
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined)
    throw safetensorsError("duplicate-name", path, `the header names ${JSON.stringify(duplicate)} twice`);
  return header;
}

/** The first key that an object in valid JSON text holds twice; JSON.parse would keep the last one silently. */
function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (colon !== undefined) {
      const keys = open[open.length - 1];
      const key: string = JSON.parse(string);
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function toEntry(name: string, value: unknown, path: string): TensorEntry {
  const fail = (message: string) => safetensorsError("bad-header", path, `tensor ${JSON.stringify(name)}: ${message}`);
  if (!isObject(value)) throw fail(`got ${JSON.stringify(value)}, expected {dtype, shape, data_offsets}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw fail(`unknown dtype ${JSON.stringify(dtype)}, expected one of ${Object.keys(DTYPE_BYTES).join(", ")}`);
  }
  if (!isCounts(shape)) throw fail(`shape is ${JSON.stringify(shape)}, expected a list of non-negative integers`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fail(`data_offsets are ${JSON.stringify(offsets)}, expected [begin, end] with 0 <= begin <= end`);
  }
  const elementBytes = DTYPE_BYTES[dtype as TensorEntry["dtype"]];
  const expectedBytes = shape.reduce((product, size) => product * size, elementBytes);
  const [begin, end] = offsets;
  if (end - begin !== expectedBytes) {
    throw safetensorsError(
      "bad-size",
      path,
      `tensor ${JSON.stringify(name)}: ${dtype} of shape [${shape.join(", ")}] takes ${expectedBytes} bytes, its offsets [${begin}, ${end}] span ${end - begin}`,
    );
  }
  return { dtype: dtype as TensorEntry["dtype"], shape, begin, end };
}

function checkCoverage(entries: ReadonlyMap<string, TensorEntry>, dataBytes: number, path: string): void {
  let covered = 0;
  const inFileOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  for (const [name, { begin, end }] of inFileOrder) {
    if (begin !== covered) {
      const problem = begin < covered ? "overlaps the tensor before it" : "leaves a gap";
      throw safetensorsError(
        "bad-offsets",
        path,
        `tensor ${JSON.stringify(name)} ${problem}: begins at byte ${begin}, expected ${covered}`,
      );
    }
    covered = end;
  }
  if (covered > dataBytes) {
    throw safetensorsError(
      "truncated",
      path,
      `the file ends after ${dataBytes} bytes of tensor data, its header promises ${covered}; copy it again`,
    );
  }
  if (covered < dataBytes) {
    throw safetensorsError(
      "bad-offsets",
      path,
      `the tensors cover ${covered} bytes, the file holds ${dataBytes} after its header`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
