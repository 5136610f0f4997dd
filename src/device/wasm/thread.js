// A worker thread of the wasm device. Plain JavaScript, because Node 20 cannot start a worker from TypeScript.
import { parentPort, workerData } from "node:worker_threads";

const { module, memory, thread, control } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const kernels = /** @type {{ setThread(thread: number): void, work(): void, leave(): void, seenEpoch(): number }} */ (
  /** @type {unknown} */ (exports)
);
const ints = new Int32Array(memory.buffer);

kernels.setThread(thread);
parentPort?.postMessage("ready");
try {
  for (;;) {
    kernels.work();
    Atomics.add(ints, control.sleeping / 4, 1);
    Atomics.wait(ints, control.epoch / 4, kernels.seenEpoch());
    Atomics.sub(ints, control.sleeping / 4, 1);
  }
} catch (error) {
  // the main thread waits inside an operation and hears no event, so leave the reason where it looks
  const text = new TextEncoder().encode(String(error)).subarray(0, control.failureBytes - 1);
  new Uint8Array(memory.buffer).set(text, control.failure);
  kernels.leave();
}
