// A worker thread of the wasm device. Plain JavaScript, because Node 20 cannot start a worker from TypeScript.
import { parentPort, workerData } from "node:worker_threads";

const { module, memory, thread, epoch } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort?.postMessage("ready");
/** @type {(thread: number, epoch: number) => void} */ (exports["work"])(thread, epoch);
