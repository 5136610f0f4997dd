import { StringDecoder } from "node:string_decoder";
import { LabelfreeError } from "../../core/errors.ts";
import { type EvaluationProcess, killGroup, spawnEvaluation } from "./child-process.ts";
import { encodeMessage, type Frame, FrameReader } from "./frames.ts";
import { MarkReader, Rendezvous } from "./marks.ts";
import type { ControlReply, ControlRequest, Event, Request } from "./messages.ts";
import type {
  CommEvent,
  DeathReason,
  Evaluator,
  EvaluatorOptions,
  ExecuteOutcome,
  ExecuteRequest,
  MemoryUse,
} from "./types.ts";

const EVENTS = 0;
const STDOUT = 1;
const STDERR = 2;

/** Starts a child process that runs cells. @throws LabelfreeError `package/not-built`, `kernel/child-failed`. */
export async function startEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
  const evaluator = new ChildEvaluator(options);
  await evaluator.start();
  return evaluator;
}

interface Waiting {
  readonly cell: string;
  resolve(outcome: ExecuteOutcome): void;
}

class ChildEvaluator implements Evaluator {
  readonly #options: EvaluatorOptions;
  #process: RunningChild | undefined;
  #isShutDown = false;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const child = new RunningChild(this.#options, (reason) => this.#died(child, reason));
    this.#process = child;
    await child.ready;
  }

  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    return this.#child().execute(request);
  }

  async interrupt(): Promise<void> {
    await this.#child().interrupt();
  }

  commMessage(message: CommEvent, cell: string): void {
    this.#child().send({ type: "comm", message, cell });
  }

  async memory(): Promise<MemoryUse> {
    return this.#child().memory();
  }

  async restart(): Promise<void> {
    await this.#child().end();
    await this.start();
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#process?.end();
  }

  #child(): RunningChild {
    if (this.#process === undefined || this.#isShutDown) {
      throw new LabelfreeError("kernel/shut-down", "evaluator: got a call after its shutdown, expected none");
    }
    return this.#process;
  }

  #died(child: RunningChild, reason: DeathReason): void {
    if (this.#isShutDown || this.#process !== child) return;
    this.#process = new RunningChild(this.#options, (next) => this.#process && this.#died(this.#process, next));
    this.#options.events.died(reason);
  }
}

class RunningChild {
  readonly ready: Promise<void>;
  readonly #options: EvaluatorOptions;
  readonly #process: EvaluationProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #controlWaiting = new Map<number, (reply: ControlReply) => void>();
  readonly #gone: Promise<void>;
  #ids = 0;
  #owner = "";
  #isEnding = false;
  #onReady: () => void = () => {};

  constructor(options: EvaluatorOptions, onDeath: (reason: DeathReason) => void) {
    this.#options = options;
    this.#process = spawnEvaluation(options);
    const { child, events, control, mark } = this.#process;
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    const decoders = [undefined, new StringDecoder("utf8"), new StringDecoder("utf8")];
    const rendezvous = new Rendezvous<Frame<Event> | Buffer>(3, (lane, item) => {
      if (Buffer.isBuffer(item))
        this.#programOutput(lane === STDERR ? "stderr" : "stdout", decoders[lane]!.write(item));
      else this.#take(item);
    });
    const reader = new FrameReader<Event>();
    events.on("data", (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) {
        const isMark = frame.kind === "message" && frame.message.type === "sync";
        rendezvous.push(EVENTS, isMark ? [(frame.message as { number: number }).number, frame] : [frame]);
      }
    });
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
      for (const frame of replies.push(chunk)) {
        if (frame.kind === "message") this.#controlReply(frame.message);
      }
    });
    for (const socket of [events, control, this.#process.requests]) socket.on("error", () => {});
    this.#gone = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        killGroup(child);
        setTimeout(() => {
          this.#settleAll({ kind: "crash", message: "", code, signal }, onDeath);
          resolve();
        }, 20);
      });
    });
  }

  execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const id = ++this.#ids;
    return new Promise((resolve) => {
      this.#waiting.set(id, { cell: request.cell, resolve });
      this.send({ type: "execute", id, request });
    });
  }

  send(request: Request): void {
    this.#process.requests.write(encodeMessage(request));
  }

  async interrupt(): Promise<void> {
    await this.#ask((id) => ({ type: "interrupt", id }));
  }

  async memory(): Promise<MemoryUse> {
    const reply = await this.#ask((id) => ({ type: "memory", id }));
    return reply.type === "memory" ? reply.use : { rssBytes: 0, heapBytes: 0 };
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    killGroup(this.#process.child);
    await this.#gone;
  }

  #ask(request: (id: number) => ControlRequest): Promise<ControlReply> {
    const id = ++this.#ids;
    return new Promise((resolve) => {
      this.#controlWaiting.set(id, resolve);
      this.#process.control.write(encodeMessage(request(id)));
    });
  }

  #controlReply(reply: ControlReply): void {
    this.#controlWaiting.get(reply.id)?.(reply);
    this.#controlWaiting.delete(reply.id);
  }

  #programOutput(name: "stdout" | "stderr", text: string): void {
    if (text.length > 0) this.#options.events.output(this.#owner, { type: "stream", name, text });
  }

  #take(frame: Frame<Event>): void {
    if (frame.kind === "text") {
      this.#options.events.output(frame.cell, { type: "stream", name: frame.stream, text: frame.text });
      return;
    }
    const { message } = frame;
    if (message.type === "output") this.#options.events.output(message.cell, message.event);
    else if (message.type === "ready") this.#onReady();
    else if (message.type === "sync") this.#owner = message.cell;
    else if (message.type === "done") {
      this.#waiting.get(message.id)?.resolve(message.outcome);
      this.#waiting.delete(message.id);
    }
  }

  #settleAll(reason: DeathReason, onDeath: (reason: DeathReason) => void): void {
    for (const waiting of this.#waiting.values()) {
      const error = { ename: "KernelDied", evalue: reason.message, traceback: [reason.message] };
      waiting.resolve({ status: "error", error, aborted: false });
    }
    this.#waiting.clear();
    if (!this.#isEnding) onDeath(reason);
  }
}
