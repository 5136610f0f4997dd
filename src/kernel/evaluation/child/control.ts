// The control thread: hears the parent while the main thread is busy. It sends waiting output, interrupts the main
// thread, brings answers to input requests, and ends the process when the parent is gone.

import { readdirSync, readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { encodeMessage, FrameReader } from "../frames.ts";
import {
  CONTROL_FD,
  type ControlData,
  type ControlNotice,
  type ControlReply,
  type ControlRequest,
  type MainNotice,
} from "../messages.ts";
import type { MemoryUse } from "../types.ts";
import { OutputBuffer } from "./output-buffer.ts";
import { ANSWER, INTERRUPT, SYNC_CHILD } from "./shared-words.ts";

const IDLE_GRACE_MS = 8;
const RETRY_MS = 30;
const SEND_DELAY_MS = 3;

const { shared, output, port }: ControlData = workerData;
const words = new Int32Array(shared);
const buffer = new OutputBuffer(output);
const reader = new FrameReader<ControlRequest>();
const socket = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
let isSendPlanned = false;
let interruptId = 0;
let session: Session | undefined;

socket.on("data", (chunk: Buffer) => {
  for (const frame of reader.push(chunk)) if (frame.kind === "message") handle(frame.message);
});
socket.on("close", dieWithParent);
socket.on("error", dieWithParent);
port.on("message", (notice: MainNotice) => {
  if (notice.type === "text") planSend();
  else reply({ type: "interrupted", id: notice.id });
});

function handle(request: ControlRequest): void {
  if (request.type === "interrupt") interrupt(request.id);
  else if (request.type === "answer") answer(request.id, request.text, request.error);
  else void memoryUse().then((use) => reply({ type: "memory", id: request.id, use }));
}

function planSend(): void {
  if (isSendPlanned) return;
  isSendPlanned = true;
  setTimeout(() => {
    isSendPlanned = false;
    buffer.flush();
  }, SEND_DELAY_MS);
}

function answer(id: number, text: string | null, error: string | null): void {
  notify({ type: "answer", id, text, error });
  Atomics.add(words, ANSWER, 1);
  Atomics.notify(words, ANSWER);
}

function interrupt(id: number): void {
  interruptId = id;
  Atomics.store(words, INTERRUPT, id);
  notify({ type: "interrupt", id });
  Atomics.add(words, ANSWER, 1);
  Atomics.notify(words, ANSWER);
  if (Atomics.load(words, SYNC_CHILD) !== 0) killSyncChildren("SIGINT");
  setTimeout(terminate, IDLE_GRACE_MS, id);
}

/** A main thread that has not heard the interrupt by now is inside JavaScript: terminate that. */
function terminate(id: number): void {
  if (interruptId !== id || Atomics.load(words, INTERRUPT) === 0) return;
  if (Atomics.load(words, SYNC_CHILD) !== 0) killSyncChildren("SIGKILL");
  mainThread().post("Runtime.evaluate", { expression: "__labelfree.terminate()" }, () => {});
  setTimeout(terminate, RETRY_MS, id);
}

function mainThread(): Session {
  if (session === undefined) {
    session = new Session();
    session.connectToMainThread();
  }
  return session;
}

/** Ends the programs that the main thread waits for: its children that are younger than the call. */
function killSyncChildren(signal: NodeJS.Signals): void {
  const since = Atomics.load(words, SYNC_CHILD);
  const parents = new Map<number, { parent: number; startedTicks: number }>();
  for (const name of procNames()) {
    const stat = processStat(Number(name));
    if (stat !== undefined) parents.set(Number(name), stat);
  }
  const isOurs = (pid: number): boolean => {
    const stat = parents.get(pid);
    if (stat === undefined) return false;
    return stat.parent === process.pid ? stat.startedTicks >= since - 1 : isOurs(stat.parent);
  };
  for (const pid of parents.keys()) if (isOurs(pid)) kill(pid, signal);
}

function procNames(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function processStat(pid: number): { parent: number; startedTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), startedTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

function memoryUse(): Promise<MemoryUse> {
  const rssBytes = process.memoryUsage.rss();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ rssBytes, heapBytes: 0 }), 500);
    mainThread().post("Runtime.getHeapUsage", (_error, usage?: { usedSize?: number }) => {
      clearTimeout(timer);
      resolve({ rssBytes, heapBytes: usage?.usedSize ?? 0 });
    });
  });
}

function reply(message: ControlReply): void {
  socket.write(encodeMessage(message));
}

function notify(notice: ControlNotice): void {
  port.postMessage(notice);
}

function dieWithParent(): void {
  kill(-process.pid, "SIGKILL");
  kill(process.pid, "SIGKILL");
}
