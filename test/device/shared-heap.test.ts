import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { SharedHeap } from "../../src/device/wasm/shared-heap.ts";

const newHeap = () => new SharedHeap(16384);
const MEBIBYTE = 1 << 20;

describe("the shared heap", () => {
  test("gives blocks of whole cache lines that do not overlap, above its start", () => {
    const heap = new SharedHeap(1000);
    const blocks = [1, 64, 65, 0, 200].map((bytes) => heap.allocate(bytes));
    expect(blocks.map(({ bytes }) => bytes)).toEqual([64, 64, 128, 64, 256]);
    expect(blocks.map(({ address }) => address)).toEqual([1024, 1088, 1152, 1280, 1344]);
    expect(heap.usedBytes).toBe(576);
  });

  test("takes the first gap that is large enough and leaves its rest free", () => {
    const heap = newHeap();
    const [a, , c] = [128, 64, 256, 64].map((bytes) => heap.allocate(bytes));
    heap.release(a);
    heap.release(c);
    expect(heap.allocate(192).address).toBe(c.address);
    expect(heap.allocate(64).address).toBe(a.address);
    expect(heap.allocate(64).address).toBe(a.address + 64);
    expect(heap.allocate(64).address).toBe(c.address + 192);
  });

  test.each([
    ["ascending", [0, 1, 2]],
    ["descending", [2, 1, 0]],
    ["the middle last", [0, 2, 1]],
    ["the middle first", [1, 0, 2]],
  ])("joins neighbours freed in any order: %s", (_, order) => {
    const heap = newHeap();
    const blocks = [64, 128, 64, 64].map((bytes) => heap.allocate(bytes));
    for (const index of order) heap.release(blocks[index]);
    expect(heap.usedBytes).toBe(64);
    expect(heap.allocate(256).address).toBe(blocks[0].address);
  });

  test("takes back its end, so that a free heap starts anew", () => {
    const heap = newHeap();
    const blocks = [64, 64, 64].map((bytes) => heap.allocate(bytes));
    for (const block of [blocks[1], blocks[2], blocks[0]]) heap.release(block);
    expect(heap.usedBytes).toBe(0);
    expect(heap.allocate(10 * 64).address).toBe(blocks[0].address);
  });

  test("grows its memory when it must, keeps what is there, and never grows for what fits a gap", () => {
    const heap = newHeap();
    const small = heap.allocate(64);
    new Uint8Array(heap.memory.buffer)[small.address] = 7;
    const large = heap.allocate(5 * MEBIBYTE);
    const size = heap.memory.buffer.byteLength;
    expect(size).toBeGreaterThanOrEqual(large.address + large.bytes);
    expect(size).toBeLessThan(7 * MEBIBYTE);
    expect(new Uint8Array(heap.memory.buffer)[small.address]).toBe(7);
    for (let round = 0; round < 100; round++) {
      heap.release(large);
      expect(heap.allocate(5 * MEBIBYTE)).toEqual(large);
    }
    expect(heap.memory.buffer.byteLength).toBe(size);
  });

  test("random allocations never overlap, and all bytes come back", () => {
    const heap = newHeap();
    const held: { address: number; bytes: number }[] = [];
    const random = Random.fromSeed("heap");
    let overlaps = 0;
    for (let round = 0; round < 2000; round++) {
      if (random.integer(60) < held.length) heap.release(held.splice(random.integer(held.length), 1)[0]);
      else held.push(heap.allocate(random.integer(2000)));
      const ordered = held.toSorted((a, b) => a.address - b.address);
      overlaps += ordered.filter(
        ({ address }, i) => i > 0 && address < ordered[i - 1].address + ordered[i - 1].bytes,
      ).length;
    }
    expect(overlaps).toBe(0);
    expect(heap.usedBytes).toBe(held.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const block of held) heap.release(block);
    expect(heap.usedBytes).toBe(0);
    expect(heap.memory.buffer.byteLength).toBe(MEBIBYTE); // a tenth of which is in use at any time
    expect(heap.allocate(64).address).toBe(16384);
  });

  test("says what to do when memory runs out, and goes on with what it has", () => {
    const heap = newHeap();
    const before = heap.allocate(64);
    expect(() => heap.allocate(2 ** 32)).toThrow(
      expect.objectContaining({ code: "device/out-of-memory", message: expect.stringContaining("use fewer prompts") }),
    );
    expect(heap.usedBytes).toBe(64);
    expect(heap.allocate(64).address).toBe(before.address + 64);
  });
});
