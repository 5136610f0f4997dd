// The default device: AssemblyScript kernels with SIMD over shared memory, on any number of threads with the same bits.
// Weights are kept in panels for the matrix product (see kernels/matmul.ts), made anew only after they change.
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { LabelfreeError } from "../../core/errors.ts";
import type {
  AdamWUpdate,
  AttentionGroups,
  AttentionRows,
  Device,
  ElementKind,
  HeadShape,
  RotaryTable,
  Tensor,
} from "../device.ts";
import { OPERATIONS } from "./operations.ts";
import { SharedHeap } from "./shared-heap.ts";

/** Addresses in the control block, as in kernels/control.ts; `failure` holds the text of a thread's error. */
const CONTROL = {
  ...{ epoch: 64, inside: 128, sleeping: 256, scratch: 328, scratchBytes: 332, arguments: 512 },
  ...{ failure: 1024, failureBytes: 256 },
} as const;
const HEAP_START = 16384;
const MATMUL_SCRATCH_BYTES = 4 * 32 * 128; // 32 rows of a gradient for 128 tokens, as in kernels/matmul.ts
const LIST_END_BYTES = 16; // the last keys of a list, as in kernels/attention.ts
const SHARED_WORK = 60_000; // multiply-adds from which waking the other threads pays

const POLL_MS = 0.05;

interface Kernels {
  run(operation: number, shared: boolean): number;
  isLeft(): number;
}

class Buffer {
  version = 0;
  readonly address: number;
  readonly bytes: number;
  constructor(address: number, bytes: number) {
    this.address = address;
    this.bytes = bytes;
  }
}

class WasmTensor implements Tensor {
  readonly buffer: Buffer;
  readonly address: number;
  readonly shape: readonly number[];
  readonly kind: ElementKind;
  readonly size: number;

  constructor(buffer: Buffer, address: number, shape: readonly number[], kind: ElementKind) {
    this.buffer = buffer;
    this.address = address;
    this.shape = shape;
    this.kind = kind;
    this.size = shape.reduce((product, length) => product * length, 1);
  }

  rows(start: number, end: number): WasmTensor {
    const rowSize = this.size / this.#length();
    return this.view(start * rowSize, [end - start, ...this.shape.slice(1)]);
  }

  view(offset: number, shape: readonly number[]): WasmTensor {
    const tensor = new WasmTensor(this.buffer, this.address + 4 * offset, shape, this.kind);
    if (!(offset >= 0 && tensor.size >= 0 && offset + tensor.size <= this.size)) {
      throw new LabelfreeError(
        "device/out-of-range",
        `tensor: a view of shape [${shape}] at ${offset} does not fit in shape [${this.shape}]`,
      );
    }
    return tensor;
  }

  #length(): number {
    return Math.max(1, this.shape[0] ?? 1);
  }
}

interface Panels {
  readonly block: { readonly address: number; readonly bytes: number };
  version: number;
}

const rowsOf = (tensor: Tensor): number => tensor.shape[0] ?? 0;
const columnsOf = (tensor: Tensor): number => tensor.shape[1] ?? 1;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels' bytes, part of every run's key. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const url = new URL("../../../build/kernels.wasm", import.meta.url);
  try {
    return new Uint8Array(readFileSync(url));
  } catch (cause) {
    throw new LabelfreeError("device/kernels-missing", `wasm device: ${url.pathname} is not there; run npm run build`, {
      cause,
    });
  }
}

/**
 * Starts the wasm device. Results do not depend on `threads` (default 1).
 * Throws "device/kernels-missing" before the first build and "device/threads" for a count that is not 1 to 64.
 */
export async function createWasmDevice({ threads = 1 }: { threads?: number } = {}): Promise<WasmDevice> {
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new LabelfreeError("device/threads", `wasm device: threads, got ${threads}, expected a whole number 1 to 64`);
  }
  compiled ??= WebAssembly.compile(kernelBytes());
  const module = await compiled;
  const heap = new SharedHeap(HEAP_START);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: heap.memory } });
  const workers = Array.from({ length: threads - 1 }, (_, index) => {
    const workerData = { module, memory: heap.memory, thread: index + 1, control: CONTROL };
    return new Worker(new URL("./thread.js", import.meta.url), { workerData });
  });
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.once("message", () => resolve());
          worker.once("error", reject);
        }),
    ),
  );
  for (const worker of workers) worker.unref();
  return new WasmDevice(heap, exports as unknown as Kernels, workers);
}

export class WasmDevice implements Device {
  readonly name = "wasm";
  readonly threads: number;
  readonly #heap: SharedHeap;
  readonly #kernels: Kernels;
  #workers: readonly Worker[];
  readonly #panels = new Map<string, Panels>();
  #ints: Int32Array;
  #floats: Float32Array;
  #scratch: WasmTensor | undefined;

  constructor(heap: SharedHeap, kernels: Kernels, workers: readonly Worker[]) {
    this.#heap = heap;
    this.#kernels = kernels;
    this.#workers = workers;
    this.threads = workers.length + 1;
    this.#ints = new Int32Array(heap.memory.buffer);
    this.#floats = new Float32Array(heap.memory.buffer);
    this.#reserveScratch(MATMUL_SCRATCH_BYTES);
  }

  get memoryBytes(): number {
    return this.#heap.usedBytes;
  }

  tensor(shape: readonly number[], kind: ElementKind = "f32"): WasmTensor {
    const size = shape.reduce((product, length) => product * length, 1);
    const block = this.#allocate(size * 4);
    const tensor = new WasmTensor(new Buffer(block.address, block.bytes), block.address, shape, kind);
    this.clear(tensor);
    return tensor;
  }

  release(tensor: Tensor): void {
    const { buffer } = tensor as WasmTensor;
    for (const [key, panels] of this.#panels) {
      const address = Number.parseInt(key, 10);
      if (address >= buffer.address && address < buffer.address + buffer.bytes) {
        this.#heap.release(panels.block);
        this.#panels.delete(key);
      }
    }
    this.#heap.release(buffer);
  }

  write(tensor: Tensor, values: ArrayLike<number>): void {
    const { address, buffer, kind } = tensor as WasmTensor;
    if (values.length > tensor.size) {
      throw new LabelfreeError("device/out-of-range", `tensor: ${values.length} values for shape [${tensor.shape}]`);
    }
    (kind === "f32" ? this.#floats : this.#ints).set(values, address / 4);
    buffer.version++;
  }

  async readFloats(tensor: Tensor): Promise<Float32Array> {
    const at = (tensor as WasmTensor).address / 4;
    return this.#floats.slice(at, at + tensor.size);
  }

  async readInts(tensor: Tensor): Promise<Int32Array> {
    const at = (tensor as WasmTensor).address / 4;
    return this.#ints.slice(at, at + tensor.size);
  }

  copy(to: Tensor, from: Tensor): void {
    this.#run("copy", from.size, [to, from, from.size]);
  }

  clear(tensor: Tensor): void {
    this.#run("clear", tensor.size, [tensor, tensor.size]);
  }

  gather(out: Tensor, table: Tensor, ids: Tensor): void {
    this.#run("gather", out.size, [out, table, ids, rowsOf(out), columnsOf(out)]);
  }

  scatterAdd(table: Tensor, rows: Tensor, ids: Tensor): void {
    this.#run("scatterAdd", rows.size * 2, [table, rows, ids, rowsOf(rows), columnsOf(rows)]);
  }

  linear(
    out: Tensor,
    x: Tensor,
    weight: Tensor,
    { bias, onto }: { bias?: Tensor | undefined; onto?: Tensor } = {},
  ): void {
    const [columns, depth] = [rowsOf(weight), columnsOf(weight)];
    const panels = this.#panelsOf(weight as WasmTensor, true);
    this.#matmul(out, x, panels, onto ?? bias, depth, columns, onto ? 2 : bias ? 1 : 0);
  }

  linearBackward(dx: Tensor, dout: Tensor, weight: Tensor): void {
    const [depth, columns] = [rowsOf(weight), columnsOf(weight)];
    const panels = this.#panelsOf(weight as WasmTensor, false);
    this.#matmul(dx, dout, panels, undefined, depth, columns, 0);
  }

  #matmul(
    out: Tensor,
    x: Tensor,
    panels: number,
    start: Tensor | undefined,
    depth: number,
    columns: number,
    mode: number,
  ): void {
    const rows = rowsOf(x);
    const work = rows * depth * columns;
    this.#run("matmul", work, [out, columns, x, columnsOf(x), panels, start ?? 0, rows, depth, columns, mode]);
  }

  linearWeightGradient(dweight: Tensor, dbias: Tensor | undefined, dout: Tensor, x: Tensor): void {
    const [rows, columns, tokens] = [rowsOf(dweight), columnsOf(dweight), rowsOf(x)];
    const work = tokens * rows * columns;
    this.#run("matmulWeightGradient", work, [dweight, dout, rows, x, columns, tokens, rows, columns]);
    if (dbias) this.#run("biasGradient", tokens * rows, [dbias, dout, rows, tokens, rows]);
  }

  rmsNorm(out: Tensor, rstd: Tensor, x: Tensor, weight: Tensor, epsilon: number): void {
    this.#run("rmsNorm", x.size * 2, [out, rstd, x, weight, rowsOf(x), columnsOf(x)], [epsilon]);
  }

  rmsNormBackward(dx: Tensor, dweight: Tensor, dout: Tensor, x: Tensor, rstd: Tensor, weight: Tensor): void {
    const shape = [rowsOf(x), columnsOf(x)] as const;
    this.#run("rmsNormWeightGradient", x.size * 2, [dweight, dout, x, rstd, ...shape]);
    this.#run("rmsNormBackward", x.size * 4, [dx, dout, x, rstd, weight, ...shape]);
  }

  rope(x: Tensor, positions: Tensor, table: RotaryTable, heads: number, inverse = false): void {
    const half = columnsOf(table.cosines);
    const ints = [x, columnsOf(x), positions, table.cosines, table.sines, rowsOf(x), heads, half];
    this.#run("rope", rowsOf(x) * heads * half * 4, ints, [inverse ? -1 : 1]);
  }

  attention(out: Tensor, lse: Tensor, qkv: Tensor, first: number, keys: AttentionRows, shape: HeadShape): void {
    this.#reserveScratch(LIST_END_BYTES + 8 * (keys.longestList + 4)); // scores of two heads
    const { heads, kvHeads, headSize } = shape;
    const rows = rowsOf(out);
    const lists = [keys.keyStarts, keys.keyCounts, keys.keyLists];
    const work = rows * heads * headSize * keys.longestList;
    this.#run("attention", work, [out, lse, qkv, first, rows, ...lists, heads, kvHeads, headSize], [scaleOf(shape)]);
  }

  attentionBackward(
    dqkv: Tensor,
    dout: Tensor,
    out: Tensor,
    lse: Tensor,
    qkv: Tensor,
    keys: AttentionRows,
    groups: AttentionGroups,
    shape: HeadShape,
  ): void {
    this.clear(dqkv);
    const { heads, kvHeads, headSize } = shape;
    const copied = (4 + (3 * heads) / kvHeads) * headSize; // k, v, dk, dv; q, dout and out of the heads that share them
    const bytesPerKey = 4 * copied + 16 + 4; // with probabilities and slopes of two heads, and a place
    this.#reserveScratch(LIST_END_BYTES + bytesPerKey * (keys.longestList + 4));
    const work = 2 * qkv.size * keys.longestList;
    this.#run(
      "attentionBackward",
      work,
      [
        ...[dqkv, dout, out, lse, qkv, groups.groupStarts, groups.groupRows, groups.groups],
        ...[keys.keyStarts, keys.keyCounts, keys.keyLists, heads, kvHeads, headSize, keys.longestList],
      ],
      [scaleOf(shape)],
    );
  }

  swiGlu(out: Tensor, gateUp: Tensor): void {
    this.#run("swiGlu", out.size * 12, [out, gateUp, rowsOf(out), columnsOf(out)]);
  }

  swiGluBackward(dgateUp: Tensor, dout: Tensor, gateUp: Tensor): void {
    this.#run("swiGluBackward", dout.size * 16, [dgateUp, dout, gateUp, rowsOf(dout), columnsOf(dout)]);
  }

  scoreTargets(scores: Tensor, logits: Tensor, targets: Tensor, temperature: number): void {
    const ints = [scores, logits, targets, rowsOf(logits), columnsOf(logits)];
    this.#run("scoreTargets", logits.size * 20, ints, [1 / temperature]);
  }

  logpBackward(logits: Tensor, scores: Tensor, targets: Tensor, dlogp: Tensor, temperature: number): void {
    const ints = [logits, scores, targets, dlogp, rowsOf(logits), columnsOf(logits)];
    this.#run("logpBackward", logits.size * 16, ints, [1 / temperature]);
  }

  sample(ids: Tensor, scores: Tensor, logits: Tensor, sources: Tensor, uniforms: Tensor, temperature: number): void {
    const ints = [ids, scores, logits, sources, uniforms, ids.size, columnsOf(logits)];
    this.#run("sample", ids.size * columnsOf(logits) * 40, ints, [temperature === 0 ? 0 : 1 / temperature]);
  }

  async sumSquares(x: Tensor): Promise<number> {
    const units = Math.ceil(x.size / 4096);
    const block = this.#allocate(units * 8);
    this.#run("sumSquares", x.size * 2, [block.address, x, x.size]);
    const partials = new Float64Array(this.#heap.memory.buffer, block.address, units);
    let sum = 0;
    for (const partial of partials) sum += partial;
    this.#heap.release(block);
    return sum;
  }

  adamW(weights: Tensor, gradients: Tensor, first: Tensor, second: Tensor, update: AdamWUpdate): void {
    const { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, beta1Power, beta2Power } = update;
    this.#run(
      "adamW",
      weights.size * 12,
      [weights, gradients, first, second, weights.size],
      [
        ...[1 - learningRate * weightDecay, beta1, beta2, 1 - beta1, 1 - beta2],
        ...[learningRate / (1 - beta1Power), 1 / Math.sqrt(1 - beta2Power), epsilon, gradientScale],
      ],
    );
  }

  moveAverage(average: Tensor, x: Tensor, share: number): void {
    this.#run("moveAverage", x.size * 3, [average, x, x.size], [share]);
  }

  async close(): Promise<void> {
    const workers = this.#workers;
    this.#workers = []; // nothing waits for them again
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Runs an operation; `ints` start with what it changes. */
  #run(
    operation: keyof typeof OPERATIONS,
    work: number,
    ints: readonly (number | Tensor)[],
    floats: readonly number[] = [],
  ): void {
    const [changed] = ints;
    if (typeof changed === "object") (changed as WasmTensor).buffer.version++;
    let at = CONTROL.arguments >> 2;
    for (const value of ints) this.#ints[at++] = typeof value === "number" ? value : (value as WasmTensor).address;
    for (const value of floats) this.#floats[at++] = value;
    const isShared = this.#workers.length > 0 && work > SHARED_WORK;
    if (isShared) this.#checkThreads();
    if (!this.#kernels.run(OPERATIONS[operation], isShared)) this.#awaitWorkers();
    if (isShared) this.#checkThreads();
  }

  #awaitWorkers(): void {
    const at = CONTROL.inside >> 2;
    do Atomics.wait(this.#ints, at, Atomics.load(this.#ints, at), POLL_MS);
    while (!this.#kernels.isLeft());
  }

  #checkThreads(): void {
    if (this.#ints[CONTROL.failure >> 2] === 0) return;
    const bytes = new Uint8Array(this.#ints.buffer, CONTROL.failure, CONTROL.failureBytes).slice();
    const reason = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
    throw new LabelfreeError(
      "device/thread-failed",
      `wasm device: a thread ended with "${reason}"; start a new device`,
    );
  }

  #panelsOf(weight: WasmTensor, transposed: boolean): number {
    const [rows, columns] = [rowsOf(weight), columnsOf(weight)];
    const key = `${weight.address} ${rows} ${columns} ${transposed}`;
    let panels = this.#panels.get(key);
    if (!panels) {
      const [depth, width] = transposed ? [columns, rows] : [rows, columns];
      panels = { block: this.#allocate(Math.ceil(width / 8) * depth * 32), version: -1 };
      this.#panels.set(key, panels);
    }
    if (panels.version !== weight.buffer.version) {
      this.#run("packPanels", weight.size * 4, [panels.block.address, weight, rows, columns, transposed ? 1 : 0]);
      panels.version = weight.buffer.version;
    }
    return panels.block.address;
  }

  #reserveScratch(bytesPerThread: number): void {
    if (this.#scratch && bytesPerThread * this.threads <= 4 * this.#scratch.size) return;
    if (this.#scratch) this.release(this.#scratch);
    const perThread = Math.ceil((bytesPerThread * 2) / 64) * 64;
    this.#scratch = this.tensor([(perThread * this.threads) / 4]);
    this.#ints[CONTROL.scratch >> 2] = this.#scratch.address;
    this.#ints[CONTROL.scratchBytes >> 2] = perThread;
  }

  #allocate(bytes: number): { readonly address: number; readonly bytes: number } {
    const block = this.#heap.allocate(bytes);
    if (this.#ints.buffer !== this.#heap.memory.buffer) {
      this.#ints = new Int32Array(this.#heap.memory.buffer);
      this.#floats = new Float32Array(this.#heap.memory.buffer);
    }
    return block;
  }
}

function scaleOf({ headSize }: HeadShape): number {
  return 1 / Math.sqrt(headSize);
}
