// The child's main thread: runs the cells.

import { Socket } from "node:net";
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { endOptimizerDelay } from "../../optimizer-delay.ts";
import { FrameReader } from "../frames.ts";
import {
  type ChildSettings,
  type ControlData,
  type ControlNotice,
  type MainNotice,
  REQUESTS_FD,
  type Request,
} from "../messages.ts";
import { currentCell } from "./cell.ts";
import { CellRunner } from "./cell-runner.ts";
import { Channel } from "./channel.ts";
import { critically, handleEvent } from "./critical.ts";
import { Input } from "./input.ts";
import { installPrograms } from "./programs.ts";
import { HEARD, WORDS } from "./shared-words.ts";
import { installStackTraces } from "./stack-trace.ts";
import { installTimers } from "./timers.ts";
import { installStreams } from "./streams.ts";

const settings: ChildSettings = JSON.parse(process.argv[2]);
const channel = new Channel(settings.mark);
const shared = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
const { port1: port, port2: controlPort } = new MessageChannel();
const controlData: ControlData = { shared, output: channel.buffer.memory, port: controlPort };
const control = new Worker(new URL("./control.js", import.meta.url), {
  workerData: controlData,
  transferList: [controlPort],
  resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
});
const words = new Int32Array(shared);
const runner = new CellRunner({ channel, words, folder: process.cwd(), packageRoot: settings.packageRoot });
const input = new Input({ channel, words, port, deliver: takeNotice });

const tell = (notice: MainNotice): void => port.postMessage(notice);
channel.onText = () => tell({ type: "text" });
port.on("message", takeNotice);

function takeNotice(notice: ControlNotice): void {
  handleEvent(() => {
    if (notice.type === "answer") return input.take(notice);
    if (Atomics.load(words, HEARD) >= notice.id) return; // it was sent again while the first was on its way
    runner.interrupt(notice.id, notice.executions);
    tell({ type: "interrupted", id: notice.id });
  });
}

process.argv = [process.execPath, join(process.cwd(), "notebook.ts")];
process.on("SIGINT", () => {}); // the parent hears it too and interrupts
process.on("exit", (code) => critically(() => channel.send({ type: "exiting", code })));
installStackTraces();
installTimers(words);
input.install();
installStreams((stream, text) => channel.text(currentCell.getStore()?.id ?? runner.lastCell, stream, text));
installPrograms({
  words,
  synchronize: () => channel.synchronize(currentCell.getStore()?.id ?? runner.lastCell),
  writer: () => {
    const cell = currentCell.getStore()?.id ?? runner.lastCell;
    return (stream, text) => channel.text(cell, stream, text);
  },
});
runner.start();

// No cell runs before the control thread hears interrupts.
control.once("online", () => {
  listen();
  channel.send({ type: "ready" });
  setImmediate(endOptimizerDelay);
});

function listen(): void {
  const reader = new FrameReader<Request>();
  const requests = new Socket({ fd: REQUESTS_FD, readable: true, writable: false });
  requests.on("close", () => process.kill(process.pid, "SIGKILL"));
  requests.on("data", (chunk: Buffer) =>
    handleEvent(() => {
      for (const frame of reader.push(chunk)) if (frame.kind === "message") runner.handle(frame.message);
    }),
  );
}
