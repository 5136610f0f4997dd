// Prints the number of this process's threads before a device, with it and after closing it, and must end by itself.
import { readdirSync } from "node:fs";
import { createWasmDevice } from "../../dist/device/wasm/wasm-device.js";

const countThreads = () => readdirSync("/proc/self/task").length;

await (await createWasmDevice({ threads: 2 })).close(); // the engine's own threads start with the first one
const before = countThreads();
const device = await createWasmDevice({ threads: 5 });
const x = device.tensor([200_000]);
await device.sumSquares(x);
const open = countThreads();
await device.close();
// a thread's last moments are the operating system's
for (let wait = 0; countThreads() > before && wait < 200; wait++) await new Promise((done) => setTimeout(done, 10));
console.log(JSON.stringify({ before, open, closed: countThreads() }));
