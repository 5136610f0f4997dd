import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { createWasmDevice, kernelBytes } from "../../src/device/wasm/wasm-device.ts";
import { randomValues } from "./reference.ts";

const root = new URL("../../", import.meta.url);
const isBuilt = existsSync(new URL("dist/device/wasm/wasm-device.js", root));

describe("the wasm device's tensors", async () => {
  const device = await createWasmDevice();
  afterAll(() => device.close());
  const outOfRange = expect.objectContaining({ code: "device/out-of-range" });

  test("start as zeros, also where another one was", async () => {
    const first = device.tensor([100]);
    device.write(first, new Float32Array(100).fill(3));
    device.release(first);
    expect(await device.readFloats(device.tensor([100]))).toEqual(new Float32Array(100));
  });

  test("are written from their start on, by fewer values or as many, not more", async () => {
    const tensor = device.tensor([2, 3]);
    device.write(tensor, [1, 2, 3, 4, 5, 6]);
    device.write(tensor, [7, 8]);
    expect(Array.from(await device.readFloats(tensor))).toEqual([7, 8, 3, 4, 5, 6]);
    expect(() => device.write(tensor, new Float32Array(7))).toThrow(outOfRange);
    expect(() => device.write(tensor.rows(0, 1), [1, 2, 3, 4])).toThrow(outOfRange);
    expect(Array.from(await device.readFloats(tensor))).toEqual([7, 8, 3, 4, 5, 6]);
  });

  test("share memory with their rows and views", async () => {
    const tensor = device.tensor([4, 3], "i32");
    device.write(tensor.rows(1, 3), [1, 2, 3, 4, 5, 6]);
    device.write(tensor.view(8, [2, 2]), [-6, 7, 8, 9]);
    expect(tensor.rows(1, 3).shape).toEqual([2, 3]);
    expect(Array.from(await device.readInts(tensor))).toEqual([0, 0, 0, 1, 2, 3, 4, 5, -6, 7, 8, 9]);
    expect(Array.from(await device.readInts(tensor.rows(2, 4).rows(0, 1)))).toEqual([4, 5, -6]);
    expect(tensor.rows(4, 4).size).toBe(0);
  });

  test("refuse a view that leaves them, even into their own buffer", () => {
    const tensor = device.tensor([3, 4]);
    expect(() => tensor.rows(2, 4)).toThrow(outOfRange);
    expect(() => tensor.rows(-1, 1)).toThrow(outOfRange);
    expect(() => tensor.rows(2, 1)).toThrow(outOfRange);
    expect(() => tensor.view(9, [4])).toThrow(outOfRange);
    expect(() => tensor.view(Number.NaN, [1])).toThrow(outOfRange);
    expect(() => tensor.rows(0, 1).rows(0, 2)).toThrow(outOfRange);
  });

  test("give their bytes back, those of packed weights too", () => {
    const before = device.memoryBytes;
    const [out, x, weight] = [device.tensor([9, 40]), device.tensor([9, 24]), device.tensor([40, 24])];
    device.linear(out, x, weight);
    device.linearBackward(x, out, weight);
    expect(device.memoryBytes - before).toBeGreaterThanOrEqual(4 * (9 * 40 + 9 * 24 + 3 * 40 * 24));
    for (const tensor of [out, x, weight]) device.release(tensor);
    expect(device.memoryBytes).toBe(before);
  });

  test("that cannot fit are refused with the bytes asked for", () => {
    const before = device.memoryBytes;
    expect(() => device.tensor([2 ** 16, 2 ** 15])).toThrow(
      expect.objectContaining({ code: "device/out-of-memory", fields: { bytes: expect.any(Number) } }),
    );
    expect(device.memoryBytes).toBe(before);
    device.release(device.tensor([1000]));
  });
});

describe("the wasm device's threads", () => {
  test.each([0, 65, 1.5, -1, Number.NaN])("cannot be %d", async (threads) => {
    await expect(createWasmDevice({ threads })).rejects.toMatchObject({ code: "device/threads" });
  });

  test("see memory that grew a moment ago", async () => {
    const device = await createWasmDevice({ threads: 4 });
    for (let megabytes = 1; megabytes <= 24; megabytes++) {
      const size = megabytes * 50_000;
      const [from, to] = [device.tensor([size]), device.tensor([size])];
      const values = randomValues(7, `${megabytes}`);
      for (const at of [0, size >> 1, size - 7]) device.write(from.view(at, [7]), values);
      device.copy(to, from);
      for (const at of [0, size >> 1, size - 7]) expect(await device.readFloats(to.view(at, [7]))).toEqual(values);
      device.clear(to);
      expect(await device.sumSquares(to)).toBe(0);
    }
    await device.close();
  });

  test("are waited for after any pause", async () => {
    const device = await createWasmDevice({ threads: 4 });
    const x = device.tensor([200_000]);
    device.write(x, new Float32Array(200_000).fill(2));
    for (const pauseMs of [0, 1, 5, 20, 100]) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      expect(await device.sumSquares(x)).toBe(800_000);
    }
    await device.close();
  });

  test("may be closed twice, also before any work", async () => {
    for (const threads of [1, 3]) {
      const device = await createWasmDevice({ threads });
      await device.close();
      await expect(device.close()).resolves.toBeUndefined();
    }
  });

  test.skipIf(!isBuilt || !existsSync("/proc/self/task"))(
    "end with close(), and so does the process (needs a build, and /proc to count threads)",
    () => {
      const script = fileURLToPath(new URL("close-elsewhere.js", import.meta.url));
      const lines = execFileSync(process.execPath, [script], { encoding: "utf8", timeout: 15_000 }).trim().split("\n");
      expect(lines.length).toBe(1);
      const { before, open, closed } = JSON.parse(lines[0]);
      expect(open).toBeGreaterThanOrEqual(before + 4);
      expect(closed).toBeLessThanOrEqual(before);
    },
  );
});

// These two know the control block's addresses: what they test has no other door.
describe("the kernels' threads", () => {
  const control = { epoch: 64, inside: 128, sleeping: 256, failure: 1024, failureBytes: 256 };
  const [OPERATION, ARGUMENTS] = [320, 512];
  const newMemory = () => new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });

  test("an operation is not over while a thread is at work, however long", async () => {
    const memory = newMemory();
    const ints = new Int32Array(memory.buffer);
    const module = await WebAssembly.compile(new Uint8Array(kernelBytes()));
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    const { run, isLeft } = exports as Record<string, (...values: unknown[]) => number>;
    ints.set([65536, 4], ARGUMENTS / 4);
    const clear = 13;
    expect(run(clear, false)).toBe(1);
    expect(run(clear, true)).toBe(1); // no worker came: nothing to wait for
    Atomics.add(ints, control.inside / 4, 2);
    expect(run(clear, false)).toBe(1);
    expect(run(clear, true)).toBe(0);
    for (let round = 0; round < 50; round++) expect(isLeft()).toBe(0);
    Atomics.sub(ints, control.inside / 4, 1);
    expect(isLeft()).toBe(0);
    Atomics.sub(ints, control.inside / 4, 1);
    expect(isLeft()).toBe(1);
  });

  test("a thread that fails leaves its reason and ends", async () => {
    const memory = newMemory();
    const ints = new Int32Array(memory.buffer);
    ints[OPERATION / 4] = 4; // gather: out, table, ids, rows, columns
    ints.set([2 ** 30, 0, 65536, 1, 4], ARGUMENTS / 4);
    const module = await WebAssembly.compile(new Uint8Array(kernelBytes()));
    const workerData = { module, memory, thread: 1, control };
    const worker = new Worker(new URL("src/device/wasm/thread.js", root), { workerData });
    const end = new Promise((resolve) => worker.once("exit", resolve));
    Atomics.add(ints, control.epoch / 4, 1);
    Atomics.notify(ints, control.epoch / 4);
    expect(await end).toBe(0);
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, control.failure, 60).slice());
    expect(text).toContain("memory access out of bounds");
    expect(ints[control.inside / 4]).toBe(0);
  });
});
