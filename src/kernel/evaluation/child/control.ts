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
import type { CellDebugger } from "../../debugger/cell-debugger.ts";
import type { DebugMessage, MemoryUse } from "../types.ts";
import { OutputBuffer } from "./output-buffer.ts";
import { ANSWER, INTERRUPT, isInterrupted, SYNC_CHILD, VISITS } from "./shared-words.ts";

const IDLE_GRACE_MS = 8;
const FIRST_RETRY_MS = 4;
const LAST_RETRY_MS = 60;
const LOST_AFTER_MS = 40;
const SEND_DELAY_MS = 3;

type InterruptRequest = Extract<ControlRequest, { type: "interrupt" }>;

const { shared, output, port }: ControlData = workerData;
const words = new Int32Array(shared);
const buffer = new OutputBuffer(output);
const reader = new FrameReader<ControlRequest>();
const socket = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
const unheard = new Set<number>(); // interrupts; one that is cut on its way is over with the next that is heard
let isSendPlanned = false;
let session: Session | undefined;
let cellDebugger: Promise<CellDebugger> | undefined;

socket.on("data", (chunk: Buffer) => {
  for (const frame of reader.push(chunk)) if (frame.kind === "message") handle(frame.message);
});
socket.on("close", dieWithParent);
socket.on("error", dieWithParent);
port.on("message", (notice: MainNotice) => {
  if (notice.type === "text") planSend();
  else {
    for (const id of unheard) {
      if (id <= notice.id && unheard.delete(id)) reply({ type: "interrupted", id });
    }
    void cellDebugger?.then((found) => found.rearm());
  }
});

function handle(request: ControlRequest): void {
  if (request.type === "interrupt") interrupt(request);
  else if (request.type === "debug") void debug(request.id, request.request);
  else if (request.type === "answer") answer(request.id, request.text, request.error);
  else void memoryUse().then((use) => reply({ type: "memory", id: request.id, use }));
}

/** Loaded when a client asks for it. */
function loadDebugger(): Promise<CellDebugger> {
  cellDebugger ??= import("../../debugger/cell-debugger.ts").then(
    ({ CellDebugger }) => new CellDebugger((event) => reply({ type: "debug-event", event })),
  );
  return cellDebugger;
}

async function debug(id: number, request: DebugMessage): Promise<void> {
  const response = await (await loadDebugger()).handle(request);
  reply({ type: "debug", id, response });
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

function interrupt(request: InterruptRequest): void {
  const { id, executions } = request;
  unheard.add(id);
  Atomics.store(words, INTERRUPT, id);
  notify({ type: "interrupt", id, executions });
  void cellDebugger?.then((found) => found.release());
  Atomics.add(words, ANSWER, 1);
  Atomics.notify(words, ANSWER);
  if (Atomics.load(words, SYNC_CHILD) !== 0) killSyncChildren("SIGINT");
  setTimeout(terminate, IDLE_GRACE_MS, request);
}

/**
 * A main thread that has not heard the interrupt by now is inside JavaScript: terminate that. It may decline, at a moment
 * at which it must not be cut; then another try follows.
 */
function terminate(request: InterruptRequest, tries = 0, last = { visits: -1, atMs: 0 }): void {
  const { id, executions } = request;
  if (Atomics.load(words, INTERRUPT) !== id || !isInterrupted(words)) return;
  if (Atomics.load(words, SYNC_CHILD) !== 0) killSyncChildren("SIGKILL");
  const visits = Atomics.load(words, VISITS);
  const isReached = visits !== last.visits; // else it is inside native code, or the try was lost with what it cut
  const isDue = isReached || performance.now() - last.atMs > LOST_AFTER_MS;
  if (isDue) {
    if (last.visits >= 0) notify({ type: "interrupt", id, executions }); // the first may have been cut on its way
    mainThread().post("Runtime.evaluate", { expression: `__labelfree.terminate(${tries})` }, () => {});
  }
  const retryMs = Math.min(FIRST_RETRY_MS * 1.2 ** tries, LAST_RETRY_MS);
  const next = isDue ? { visits, atMs: performance.now() } : last;
  setTimeout(terminate, retryMs, request, isReached ? tries + 1 : tries, next);
}

function mainThread(): Session {
  if (session === undefined) {
    session = new Session();
    session.connectToMainThread();
  }
  return session;
}

/**
 * Ends the programs that the main thread waits for: all of its process group that are younger than the call, save what
 * older programs of the group have started.
 */
function killSyncChildren(signal: NodeJS.Signals): void {
  const since = Atomics.load(words, SYNC_CHILD);
  const group = new Map<number, ProcessStat>();
  for (const pid of processIds()) {
    const stat = pid === process.pid ? undefined : processStat(pid);
    if (stat?.group === process.pid) group.set(pid, stat);
  }
  const isYoung = (stat: ProcessStat): boolean => {
    const parent = group.get(stat.parent);
    return stat.startedTicks >= since - 1 && (parent === undefined || isYoung(parent));
  };
  for (const [pid, stat] of group) if (isYoung(stat)) kill(pid, signal);
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  readonly startedTicks: number;
}

function processStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), group: Number(fields[2]), startedTicks: Number(fields[19]) };
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
