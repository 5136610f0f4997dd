import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type FloatType, readSafetensors, SafetensorsFile, writeSafetensors } from "../../src/model/safetensors.ts";
import { sharedPath } from "../shared.ts";

const dir = mkdtempSync(join(tmpdir(), "labelfree-safetensors-"));
afterAll(() => rmSync(dir, { recursive: true }));

function fileOf(bytes: Uint8Array): string {
  const path = join(dir, "test.safetensors");
  writeFileSync(path, bytes);
  return path;
}

/** A file with this header text, taken as it is, before `dataBytes` zero bytes. */
function handMade(header: string | Uint8Array, dataBytes: number, claimedBytes?: bigint): string {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimedBytes ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return fileOf(bytes);
}

const dtypes: FloatType[] = ["F32", "F16", "BF16"];
const finiteHalf = fc.integer({ min: -2048, max: 2048 }).map((n) => n / 8); // exact in all three types but BF16
const tensor = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }), fc.constantFrom(...dtypes))
  .chain(([shape, dtype]) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const value = dtype === "F32" ? fc.float() : dtype === "F16" ? finiteHalf : fc.integer({ min: -256, max: 256 });
    return fc
      .array(value, { minLength: length, maxLength: length })
      .map((values) => ({ shape, dtype, data: Float32Array.from(values) }));
  });
const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).filter((text) => text !== "__metadata__");

describe("safetensors", () => {
  it("tensors of every dtype, shape and name come back as they were written", () => {
    const roundTrip = fc.property(
      fc.uniqueArray(fc.tuple(name, tensor), { maxLength: 6, selector: ([key]) => key }),
      fc.dictionary(fc.string(), fc.string()),
      (entries, metadata) => {
        const path = fileOf(writeSafetensors(new Map(entries), metadata));
        expect(readSafetensors(path)).toEqual(new Map(entries));
        const file = new SafetensorsFile(path);
        file.close();
        expect({ ...file.metadata }).toEqual({ ...metadata });
      },
    );
    fc.assert(roundTrip, { numRuns: 150 });
  });

  it("half types keep the nearest value", () => {
    const data = Float32Array.of(1 / 3, 1e-7, 70000);
    const tensors = new Map(dtypes.map((dtype) => [dtype, { shape: [3], dtype, data }]));
    const read = readSafetensors(fileOf(writeSafetensors(tensors)));
    expect(read.get("F32")?.data).toEqual(data);
    expect([...(read.get("F16")?.data ?? [])]).toEqual([0.333251953125, 1.1920928955078125e-7, Infinity]);
    expect([...(read.get("BF16")?.data ?? [])]).toEqual([0.333984375, 1.0011717677116394e-7, 70144]);
  });

  it("the same tensors give the same bytes in whatever order they come", () => {
    const a = { shape: [2], data: Float32Array.of(1, 2) };
    const b = { shape: [1], data: Float32Array.of(3) };
    const first = writeSafetensors(
      new Map([
        ["a", a],
        ["b", b],
      ]),
      { x: "1", y: "2" },
    );
    const second = writeSafetensors(
      new Map([
        ["b", b],
        ["a", a],
      ]),
      { y: "2", x: "1" },
    );
    expect(second).toEqual(first);
    const headerBytes = new DataView(first.buffer).getUint32(0, true);
    expect(headerBytes % 8).toBe(0);
    expect(new TextDecoder().decode(first.subarray(8, 8 + headerBytes)).trimEnd()).toBe(
      '{"__metadata__":{"x":"1","y":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
        '"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}',
    );
  });

  it("a tensor read in several chunks equals one read at once", () => {
    const length = (8 << 20) / 2 + 3; // just over one chunk of 8 MiB in a 2-byte type
    const data = Float32Array.from({ length }, (_, i) => i % 251);
    const path = fileOf(writeSafetensors(new Map([["x", { shape: [length], data, dtype: "BF16" as const }]])));
    const read = readSafetensors(path).get("x")?.data as Float32Array;
    expect(read.findIndex((value, i) => value !== i % 251)).toBe(-1);
    expect(read.length).toBe(length);
  });

  it("a shape that does not fit the values is not written", () => {
    const tensors = new Map([["w", { shape: [2, 2], data: new Float32Array(3) }]]);
    expect(() => writeSafetensors(tensors)).toThrow('cannot write tensor "w" of shape [2, 2] with 3 values');
  });

  const entry = (dtype: string, shape: unknown, offsets: unknown) =>
    JSON.stringify({ dtype, shape, data_offsets: offsets });
  const malformed: [string, () => string, string, string][] = [
    [
      "shorter than its length field",
      () => fileOf(new Uint8Array(5)),
      "truncated",
      "5 bytes, a safetensors file has at least 8",
    ],
    [
      "with a header beyond the limit",
      () => handMade("{}", 0, 100_000_001n),
      "header-too-large",
      "claims 100000001 bytes, at most 100000000",
    ],
    ["cut within its header", () => handMade("{}", 0, 50n), "truncated", "the header claims 50 bytes, the file has 10"],
    ["whose header is no JSON", () => handMade("{nope", 0), "bad-header", "the header of 5 bytes is not JSON"],
    ["whose header is no UTF-8", () => handMade(Uint8Array.of(0x7b, 0xff, 0x7d), 0), "bad-header", "is not JSON"],
    ["whose header is a list", () => handMade("[]", 0), "bad-header", 'starts with "[]", expected a JSON object'],
    ["whose header begins with a space", () => handMade(" {}", 0), "bad-header", 'starts with " {}"'],
    ["with a tensor that is no object", () => handMade('{"a":7}', 0), "bad-header", 'tensor "a": got 7'],
    [
      "with an unknown dtype",
      () => handMade(`{"a":${entry("F12", [1], [0, 4])}}`, 4),
      "bad-header",
      'unknown dtype "F12"',
    ],
    ["with a negative size", () => handMade(`{"a":${entry("F32", [-1], [0, 4])}}`, 4), "bad-header", "shape is [-1]"],
    [
      "with reversed offsets",
      () => handMade(`{"a":${entry("F32", [1], [4, 0])}}`, 4),
      "bad-header",
      "data_offsets are [4,0]",
    ],
    [
      "with three offsets",
      () => handMade(`{"a":${entry("F32", [1], [0, 4, 8])}}`, 4),
      "bad-header",
      "data_offsets are [0,4,8]",
    ],
    [
      "whose sizes disagree",
      () => handMade(`{"a":${entry("F16", [3, 2], [0, 8])}}`, 8),
      "bad-size",
      "F16 of shape [3, 2] takes 12 bytes, its offsets [0, 8] span 8",
    ],
    [
      "with overlapping tensors",
      () => handMade(`{"a":${entry("F32", [2], [0, 8])},"b":${entry("F32", [1], [4, 8])}}`, 8),
      "bad-offsets",
      'tensor "b" overlaps the tensor before it: begins at byte 4, expected 8',
    ],
    [
      "with a gap",
      () => handMade(`{"a":${entry("F32", [1], [0, 4])},"b":${entry("F32", [1], [8, 12])}}`, 12),
      "bad-offsets",
      'tensor "b" leaves a gap: begins at byte 8, expected 4',
    ],
    [
      "cut within its tensors",
      () => handMade(`{"a":${entry("F32", [4], [0, 16])}}`, 10),
      "truncated",
      "ends after 10 bytes of tensor data, its header promises 16",
    ],
    [
      "with bytes after its tensors",
      () => handMade(`{"a":${entry("F32", [1], [0, 4])}}`, 6),
      "bad-offsets",
      "cover 4 bytes, the file holds 6",
    ],
    [
      "with a name given twice",
      () => handMade(`{"a":${entry("F32", [1], [0, 4])},"\\u0061":${entry("F32", [1], [4, 8])}}`, 8),
      "duplicate-name",
      'names "a" twice',
    ],
    [
      "with metadata that is not text",
      () => handMade('{"__metadata__":{"step":3}}', 0),
      "bad-header",
      '__metadata__ is {"step":3}',
    ],
    [
      "of a type it cannot turn to float32",
      () => handMade(`{"a":${entry("I64", [1], [0, 8])}}`, 8),
      "unsupported-dtype",
      'tensor "a" is I64, supported: F32, F16, BF16',
    ],
  ];
  it.each(malformed)("a file %s is refused with the numbers", (_, make, code, message) => {
    const path = make();
    expect(() => readSafetensors(path)).toThrow(
      expect.objectContaining({ code: `safetensors/${code}`, message: expect.stringContaining(message) }),
    );
    expect(() => readSafetensors(path)).toThrow(path);
  });

  it("keys inside strings and nested objects are not taken for duplicate names", () => {
    const one = entry("F32", [0], [0, 0]);
    const path = handMade(`{"__metadata__":{"a":"{\\"a\\":1}","dtype":"x"},"a":${one},"b":${one}}`, 0);
    expect([...readSafetensors(path).keys()]).toEqual(["a", "b"]);
  });

  it("a missing file and a missing tensor are named", () => {
    expect(() => readSafetensors(join(dir, "none.safetensors"))).toThrow(
      expect.objectContaining({ code: "file/unreadable" }),
    );
    const file = new SafetensorsFile(
      fileOf(writeSafetensors(new Map([["a", { shape: [0], data: new Float32Array(0) }]]))),
    );
    expect(() => file.read("b")).toThrow('no tensor "b" among its 1');
    file.close();
  });
});

const golden = sharedPath("golden/qwen2-tiny/model.safetensors");
describe.skipIf(golden === undefined)("safetensors beside the reference library (needs the golden checkpoint)", () => {
  it("writing what was read gives the reference library's bytes", () => {
    const path = golden as string;
    const file = new SafetensorsFile(path);
    file.close();
    expect(Buffer.compare(writeSafetensors(readSafetensors(path), file.metadata), readFileSync(path))).toBe(0);
  });
});
