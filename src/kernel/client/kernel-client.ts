// The other end of the wire: asks a kernel and hears its answers. Reply and idle come over two sockets, in any order.

import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { type ConnectionInfo, endpoint } from "../wire/connection-file.ts";
import { type IncomingMessage, type JsonObject, MessageWriter, parseMessage } from "../wire/message.ts";
import { ReplayGuard } from "../wire/replay-guard.ts";
import { SendQueue } from "../wire/send-queue.ts";
import { createSigner } from "../wire/signature.ts";

export interface Answer {
  /** Of the request, which the messages that it causes name as their parent's. */
  readonly id: string;
  readonly reply: Promise<IncomingMessage>;
  /** Resolves when the kernel has said that it is done with the request. */
  readonly idle: Promise<void>;
}

interface OpenRequest {
  readonly reply: Deferred<IncomingMessage>;
  readonly idle: Deferred<void>;
  readonly onOutput: ((message: IncomingMessage) => void) | undefined;
}

const RECONNECT_MS = 10; // the kernel may open its sockets after this end

export class KernelClient {
  readonly #sockets: { readonly shell: Dealer; readonly control: Dealer; readonly iopub: Subscriber };
  readonly #queues: Readonly<Record<"shell" | "control", SendQueue>>;
  readonly #writer: MessageWriter;
  readonly #open = new Map<string, OpenRequest>();
  #failure: Error | undefined;
  #onLateOutput: ((message: IncomingMessage) => void) | undefined;

  /**
   * Connects to a kernel that listens or is about to.
   * @throws LabelfreeError `kernel/signature-scheme`.
   */
  constructor(connection: ConnectionInfo) {
    const signer = createSigner(connection.key, connection.signatureScheme);
    const guard = new ReplayGuard();
    const session = randomUUID();
    this.#writer = new MessageWriter(signer, session, "labelfree");
    const options = { linger: 0, reconnectInterval: RECONNECT_MS, receiveHighWaterMark: 0 };
    const dealer = () => new Dealer({ ...options, routingId: session, sendHighWaterMark: 0 });
    const shell = dealer();
    const control = dealer();
    const iopub = new Subscriber(options);
    this.#sockets = { shell, control, iopub };
    for (const channel of ["shell", "control", "iopub"] as const) {
      this.#sockets[channel].connect(endpoint(connection, channel));
    }
    iopub.subscribe("");
    const fail = (error: unknown) => this.close(error instanceof Error ? error : new Error(String(error)));
    this.#queues = { shell: new SendQueue(shell, fail), control: new SendQueue(control, fail) };
    const read = async (socket: Dealer | Subscriber, take: (message: IncomingMessage) => void) => {
      for await (const frames of socket) {
        const parsed = parseMessage(frames, signer, guard);
        if ("message" in parsed) take(parsed.message);
      }
    };
    const replied = (message: IncomingMessage) => this.#requestOf(message)?.reply.resolve(message);
    for (const socket of [shell, control]) read(socket, replied).catch(fail);
    read(iopub, (message) => this.#heard(message)).catch(fail);
  }

  /** Sends a request; `onOutput` hears what it causes on iopub, its idle last. Closing rejects what is open. */
  request(
    channel: "shell" | "control",
    type: string,
    content: JsonObject = {},
    onOutput?: (message: IncomingMessage) => void,
  ): Answer {
    const { id, frames } = this.#writer.write({ type, content });
    const open: OpenRequest = { reply: defer(), idle: defer(), onOutput };
    const answer = { reply: open.reply.promise, idle: open.idle.promise };
    for (const promise of Object.values(answer)) promise.catch(() => undefined); // who waits for it hears it
    this.#open.set(id, open);
    void Promise.allSettled(Object.values(answer)).then(() => this.#open.delete(id));
    if (this.#failure === undefined) this.#queues[channel].push(frames);
    else this.#fail(open, this.#failure);
    return { id, ...answer };
  }

  /** Runs code as a cell. */
  execute(code: string, onOutput?: (message: IncomingMessage) => void, settings: JsonObject = {}): Answer {
    const usual = { silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true };
    return this.request("shell", "execute_request", { code, ...usual, ...settings }, onOutput);
  }

  /** Hears what comes on iopub for requests that are done, such as the output of a cell's timers. */
  onLateOutput(listener: (message: IncomingMessage) => void): void {
    this.#onLateOutput = listener;
  }

  close(reason = new Error("the client was closed")): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    for (const socket of Object.values(this.#sockets)) socket.close();
    for (const open of this.#open.values()) this.#fail(open, reason);
  }

  #heard(message: IncomingMessage): void {
    const open = this.#requestOf(message);
    if (open === undefined) this.#onLateOutput?.(message);
    else open.onOutput?.(message);
    const { msg_type: type } = message.header;
    if (type === "status" && message.content.execution_state === "idle") open?.idle.resolve();
  }

  #requestOf({ parentHeader }: IncomingMessage): OpenRequest | undefined {
    return this.#open.get(String(parentHeader.msg_id));
  }

  #fail(open: OpenRequest, reason: Error): void {
    open.reply.reject(reason);
    open.idle.reject(reason);
  }
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

function defer<Value>(): Deferred<Value> {
  let settle: Omit<Deferred<Value>, "promise"> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as Omit<Deferred<Value>, "promise">) };
}
