// One child process, from its start to its end.

import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { LabelfreeError } from "../../core/errors.ts";
import { type EvaluationProcess, killGroup, spawnEvaluation } from "./child-process.ts";
import { deathReason, HEAP_DUMP_START, lostCell } from "./death.ts";
import { encodeMessage, type Frame, FrameReader, type StreamName } from "./frames.ts";
import { MarkReader, Rendezvous } from "./marks.ts";
import type { ControlReply, ControlRequest, Event, Request } from "./messages.ts";
import type {
  DeathReason,
  DebugMessage,
  EvaluatorOptions,
  ExecuteOutcome,
  ExecuteRequest,
  MemoryUse,
} from "./types.ts";

const EVENTS = 0;
const STDOUT = 1;
const STDERR = 2;
const DRAIN_LIMIT_MS = 300;
const INTERRUPT_LIMIT_MS = 2_000;

export class RunningChild {
  /** Resolves when the child takes cells. @throws LabelfreeError `kernel/child-failed` */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended and all that it said is handed over. */
  readonly gone: Promise<DeathReason>;
  readonly #options: EvaluatorOptions;
  readonly #process: EvaluationProcess;
  readonly #rendezvous: Rendezvous<Frame<Event> | Buffer>;
  readonly #executions = new Map<number, (outcome: ExecuteOutcome) => void>();
  readonly #asked = new Map<number, (reply: ControlReply | undefined) => void>();
  readonly #becomeReady: () => void;
  #ids = 0;
  #programOwner = "";
  #exitCode: number | undefined;
  #isOutOfMemory = false;
  #isReady = false;
  #isDeaf = false;
  #heard: Promise<unknown> = Promise.resolve(); // settles when the latest interrupt is over in the child
  #givenReason: DeathReason | undefined;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.#process = spawnEvaluation(options);
    this.#rendezvous = this.#listen();
    const { promise, resolve } = withResolvers<void>();
    this.#becomeReady = resolve;
    this.gone = this.#watchEnd();
    this.ready = Promise.race([promise, this.gone.then(({ message }) => this.#isReady || failToStart(message))]).then(
      () => {},
    );
    this.ready.catch(() => {}); // who waits for it hears it
  }

  /** Whether the child has ever taken cells. */
  get wasReady(): boolean {
    return this.#isReady;
  }

  /** Whether the child has left an interrupt unheard for too long. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  /** The cell that runs or ran last. */
  get lastCell(): string {
    return this.#programOwner;
  }

  execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const id = ++this.#ids;
    return new Promise((resolve) => {
      this.#executions.set(id, resolve);
      this.send({ type: "execute", id, request });
    });
  }

  /** An interrupt under way is for what came before it: what comes now waits until it is heard. */
  send(request: Request): void {
    void this.#heard.then(() => this.#process.requests.write(encodeMessage(request)));
  }

  /** Whether the child has stopped what it ran; false when it does not within 2 s, after which it counts as deaf. */
  async interrupt(): Promise<boolean> {
    const executions = [...this.#executions.keys()];
    const heard = this.ready.then(() => this.#ask((id) => ({ type: "interrupt", id, executions })));
    this.#heard = heard.catch(() => {});
    await this.ready;
    const limit = new AbortController();
    const late = sleep(INTERRUPT_LIMIT_MS, true, { signal: limit.signal }).catch(() => false);
    const inTime = heard.then(() => {
      limit.abort();
      this.#isDeaf = false;
    });
    await Promise.race([inTime, late.then((isLate) => isLate && this.#becomeDeaf())]);
    return !this.#isDeaf;
  }

  #becomeDeaf(): void {
    this.#isDeaf = true;
  }

  async memory(): Promise<MemoryUse> {
    const reply = await this.#ask((id) => ({ type: "memory", id }));
    return reply?.type === "memory" ? reply.use : { rssBytes: 0, heapBytes: 0 };
  }

  async debug(request: DebugMessage): Promise<DebugMessage> {
    const reply = await this.#ask((id) => ({ type: "debug", id, request }));
    if (reply?.type === "debug") return reply.response;
    const { command, seq } = request;
    return { type: "response", request_seq: seq, command, success: false, message: "the cells' process has ended" };
  }

  /** Ends the process and everything that it has started. */
  async end(reason?: DeathReason): Promise<void> {
    this.#givenReason = reason;
    killGroup(this.#process.child);
    await this.gone;
  }

  #ask(request: (id: number) => ControlRequest): Promise<ControlReply | undefined> {
    const id = ++this.#ids;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#control(request(id));
    });
  }

  #control(request: ControlRequest): void {
    this.#process.control.write(encodeMessage(request));
  }

  #listen(): Rendezvous<Frame<Event> | Buffer> {
    const { child, events, control, requests, mark } = this.#process;
    const decoders = new Map([STDOUT, STDERR].map((lane) => [lane, new StringDecoder("utf8")]));
    const rendezvous = new Rendezvous<Frame<Event> | Buffer>(3, (lane, item) => {
      if (!Buffer.isBuffer(item)) return this.#take(item);
      this.#programOutput(lane === STDERR ? "stderr" : "stdout", decoders.get(lane)?.write(item) ?? "");
    });
    const reader = new FrameReader<Event>();
    events.on("data", (chunk: Buffer) => rendezvous.push(EVENTS, reader.push(chunk).flatMap(withMark)));
    for (const [lane, stream] of [
      [STDOUT, child.stdout],
      [STDERR, child.stderr],
    ] as const) {
      const marks = new MarkReader(mark);
      stream?.on("data", (chunk: Buffer) => rendezvous.push(lane, marks.push(chunk)));
      stream?.on("close", () => rendezvous.end(lane));
    }
    const replies = new FrameReader<ControlReply>();
    control.on("data", (chunk: Buffer) => {
      for (const frame of replies.push(chunk)) if (frame.kind === "message") this.#settle(frame.message);
    });
    for (const socket of [events, control, requests]) socket.on("error", () => {}); // the exit tells more
    return rendezvous;
  }

  #settle(reply: ControlReply): void {
    if (reply.type === "debug-event") return this.#options.events.debug?.(reply.event);
    this.#asked.get(reply.id)?.(reply);
    this.#asked.delete(reply.id);
  }

  #take(frame: Frame<Event>): void {
    const { events } = this.#options;
    if (frame.kind === "text") {
      return events.output(frame.cell, { type: "stream", name: frame.stream, text: frame.text });
    }
    const { message } = frame;
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        return this.#becomeReady();
      case "output":
        return events.output(message.cell, message.event);
      case "sync":
        this.#programOwner = message.cell;
        return;
      case "done":
        this.#executions.get(message.id)?.(message.outcome);
        this.#executions.delete(message.id);
        return;
      case "exiting":
        this.#exitCode = message.code;
        return;
      case "input":
        return void this.#input(message);
    }
  }

  async #input({ id, cell, prompt, password }: Extract<Event, { type: "input" }>): Promise<void> {
    try {
      const text = await this.#options.events.input(cell, { prompt, password });
      this.#control({ type: "answer", id, text, error: null });
    } catch (error) {
      this.#control({ type: "answer", id, text: null, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Text that programs and native code wrote; V8's last words before it runs out of memory are told in other words. */
  #programOutput(name: StreamName, written: string): void {
    if (this.#isOutOfMemory) return;
    const dump = name === "stderr" ? written.indexOf(HEAP_DUMP_START) : -1;
    if (dump >= 0) this.#isOutOfMemory = true;
    const text = dump >= 0 ? written.slice(0, dump).trimEnd() : written;
    if (text.length > 0) this.#options.events.output(this.#programOwner, { type: "stream", name, text });
  }

  async #watchEnd(): Promise<DeathReason> {
    const { child, events } = this.#process;
    const [code, signal] = await this.#exit();
    killGroup(child);
    const closed = [events, child.stdout, child.stderr].map(async (stream) => {
      if (stream !== null && !stream.closed) await once(stream, "close");
    });
    await Promise.race([Promise.all(closed), sleep(DRAIN_LIMIT_MS)]);
    for (const lane of [EVENTS, STDOUT, STDERR]) this.#rendezvous.end(lane);
    for (const stream of [events, child.stdout, child.stderr, this.#process.control, this.#process.requests]) {
      stream?.destroy();
    }
    const reason =
      this.#givenReason ??
      deathReason({
        code,
        signal,
        exitCode: this.#exitCode,
        isOutOfMemory: this.#isOutOfMemory,
        memoryLimitMb: this.#options.memoryLimitMb,
      });
    for (const resolve of this.#executions.values()) resolve(lostCell(reason, this.#isDeaf));
    for (const resolve of this.#asked.values()) resolve(undefined);
    this.#executions.clear();
    this.#asked.clear();
    return reason;
  }

  #exit(): Promise<readonly [number | null, NodeJS.Signals | null]> {
    const { child } = this.#process;
    return new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve([code, signal]));
      child.once("error", () => resolve([null, null]));
    });
  }
}

function withMark(frame: Frame<Event>): (Frame<Event> | number)[] {
  const isMark = frame.kind === "message" && frame.message.type === "sync";
  return isMark ? [(frame.message as { number: number }).number, frame] : [frame];
}

function failToStart(message: string): never {
  throw new LabelfreeError("kernel/child-failed", `kernel: the process for the cells did not start: ${message}`);
}

function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
