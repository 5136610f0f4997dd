// The kernel towards its clients: takes the requests of shell, control and stdin. Cells run one after the other (per
// subshell); everything else is answered at once, also while a cell runs.

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { LabelfreeError } from "../../core/errors.ts";
import type { CommEvent, DeathReason, Evaluator, EvaluatorEvents, OutputEvent } from "../evaluation/types.ts";
import type { LanguageService } from "../language/language.ts";
import type { ConnectionInfo } from "../wire/connection-file.ts";
import type { IncomingMessage, JsonObject } from "../wire/message.ts";
import type { RequestChannel } from "../wire/sockets.ts";
import { CellContexts } from "./cell-context.ts";
import { CellRuns } from "./cell-runs.ts";
import { CommRegistry } from "./comm-registry.ts";
import { Conversation, type Outlet } from "./conversation.ts";
import type { History } from "./history.ts";
import { type KernelFacts, kernelInfo } from "./kernel-info.ts";
import { OutputPublisher } from "./publish-output.ts";
import { Publisher } from "./publisher.ts";
import { cursor, text } from "./request-content.ts";
import { StdinDesk } from "./stdin-desk.ts";
import { TypeCheck, type TypeCheckMode } from "./type-check.ts";
import { WorkQueue } from "./work-queue.ts";

export interface KernelServerOptions {
  readonly outlet: Outlet;
  readonly startEvaluator: (events: EvaluatorEvents) => Promise<Evaluator>;
  readonly startLanguage: () => Promise<LanguageService>;
  readonly history: History;
  readonly facts: KernelFacts;
  readonly ports: ConnectionInfo["ports"];
  readonly typeCheck: TypeCheckMode;
  readonly outputLimitBytes: number;
  /** Called once, after the answer to a shutdown request: ends the process. */
  readonly onShutdown: () => Promise<void>;
  readonly log: (text: string) => void;
}

type Handler = (request: IncomingMessage) => Promise<JsonObject> | JsonObject;

const OK: JsonObject = { status: "ok" };

export class KernelServer {
  readonly #options: KernelServerOptions;
  readonly #publisher: Publisher;
  readonly #conversation: Conversation;
  readonly #contexts = new CellContexts();
  readonly #output: OutputPublisher;
  readonly #comms = new CommRegistry();
  readonly #stdin: StdinDesk;
  readonly #cells: CellRuns;
  readonly #main: WorkQueue;
  readonly #subshells = new Map<string, WorkQueue>();
  #evaluator: Promise<Evaluator> | undefined;
  #language: Promise<LanguageService> | undefined;
  #debugRequest: Uint8Array | undefined; // header of the latest
  #isShuttingDown = false;

  constructor(options: KernelServerOptions) {
    const { outlet, history } = options;
    this.#options = options;
    const publisher = new Publisher((message) => outlet.publish(message));
    this.#publisher = publisher;
    this.#conversation = new Conversation(outlet, publisher);
    this.#output = new OutputPublisher(publisher, options.outputLimitBytes);
    this.#stdin = new StdinDesk((identities, message) => {
      publisher.flush(); // what was printed before the question is seen before it
      return outlet.reply("stdin", identities, message);
    });
    this.#main = this.#newQueue();
    this.#cells = new CellRuns({
      conversation: this.#conversation,
      contexts: this.#contexts,
      publisher,
      output: this.#output,
      typeCheck: new TypeCheck(options.typeCheck, () => this.#startedLanguage(), this.#report("type check")),
      history,
      evaluator: () => this.#startedEvaluator(),
    });
    this.#startedEvaluator().catch(this.#report("start of the evaluator"));
    publisher.publish({ type: "status", content: { execution_state: "starting" } });
  }

  /** Takes a message that was checked; the promise settles when the next of this channel may come. */
  async receive(channel: RequestChannel, request: IncomingMessage): Promise<void> {
    if (channel === "stdin") return this.#stdin.received(request);
    const { msg_type: type } = request.header;
    if (channel === "shell") {
      const subshell = request.header.subshell_id ?? null;
      const queue = subshell === null ? this.#main : this.#subshells.get(subshell);
      if (queue === undefined) return this.#conversation.refuse(channel, request, `there is no subshell ${subshell}`);
      if (type === "execute_request") {
        queue.push(this.#cells.job(request, queue));
        return queue.room();
      }
      if (type === "comm_open" || type === "comm_msg" || type === "comm_close") {
        return this.#receiveComm(type, request, queue);
      }
    }
    if (type === "shutdown_request") return this.#receiveShutdown(channel, request);
    const handler =
      handlerOf(this.#handlers, type) ?? (channel === "control" && handlerOf(this.#controlHandlers, type));
    if (handler) void this.#conversation.answer(channel, request, handler);
    else this.#options.log(`ignored a message of type ${type.slice(0, 100)} on ${channel}`);
  }

  /** Welcomes a client that has subscribed to a topic of iopub (JEP 65). */
  welcome(topic: string): void {
    this.#publisher.publish({ type: "iopub_welcome", content: { subscription: topic } });
  }

  async interrupt(): Promise<void> {
    this.#stdin.cancel();
    this.#cells.interruptPreparing();
    await (await this.#startedEvaluator()).interrupt();
  }

  /** Ends the child; says so on iopub. */
  async shutdown(restart: boolean, parent?: Uint8Array): Promise<void> {
    this.#isShuttingDown = true;
    this.#stdin.cancel();
    this.#publisher.publish({ type: "shutdown_reply", parent, content: { status: "ok", restart } });
    const evaluator = await this.#evaluator?.catch(() => undefined);
    await Promise.all([evaluator?.shutdown(), this.#language?.then((language) => language.close())]);
    this.#publisher.flush();
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    kernel_info_request: () => kernelInfo(this.#options.facts),
    connect_request: () => {
      const { shell, iopub, stdin, hb, control } = this.#options.ports;
      return {
        status: "ok",
        shell_port: shell,
        iopub_port: iopub,
        stdin_port: stdin,
        hb_port: hb,
        control_port: control,
      };
    },
    complete_request: async ({ content }) => {
      const language = await this.#startedLanguage();
      const found = await language.complete(text(content, "code"), cursor(content));
      const { matches, cursorStart, cursorEnd, metadata } = found;
      return { status: "ok", matches, cursor_start: cursorStart, cursor_end: cursorEnd, metadata };
    },
    inspect_request: async ({ content }) => {
      const language = await this.#startedLanguage();
      const level = content.detail_level === 1 ? 1 : 0;
      const { found, data } = await language.inspect(text(content, "code"), cursor(content), level);
      return { status: "ok", found, data, metadata: {} };
    },
    is_complete_request: async ({ content }) => {
      const { status, indent } = (await this.#startedLanguage()).isComplete(text(content, "code"));
      return status === "incomplete" ? { status, indent: indent ?? "" } : { status };
    },
    history_request: ({ content }) => ({ status: "ok", history: this.#options.history.request(content) }),
    comm_info_request: ({ content }) => {
      const { target_name: target } = content;
      return { status: "ok", comms: this.#comms.info(typeof target === "string" ? target : undefined) };
    },
  };

  readonly #controlHandlers: Readonly<Record<string, Handler>> = {
    interrupt_request: async () => {
      await this.interrupt();
      return OK;
    },
    debug_request: async ({ content, headerFrame }) => {
      this.#debugRequest = headerFrame;
      return (await this.#startedEvaluator()).debug(content);
    },
    usage_request: async () => {
      const { rssBytes } = await (await this.#startedEvaluator()).memory();
      const memory = rssBytes + process.memoryUsage.rss();
      return { status: "ok", hostname: hostname(), pid: process.pid, kernel_memory: memory };
    },
    create_subshell_request: () => {
      const id = randomUUID();
      this.#subshells.set(id, this.#newQueue());
      return { status: "ok", subshell_id: id };
    },
    delete_subshell_request: ({ content }) => {
      const id = text(content, "subshell_id");
      const queue = this.#subshells.get(id);
      if (queue === undefined) throw new LabelfreeError("kernel/no-subshell", `there is no subshell ${id}`);
      this.#subshells.delete(id);
      queue.abortWaiting();
      return OK;
    },
    list_subshell_request: () => ({ status: "ok", subshell_id: [...this.#subshells.keys()] }),
  };

  async #receiveShutdown(channel: RequestChannel, request: IncomingMessage): Promise<void> {
    const restart = request.content.restart === true;
    await this.#conversation.answer(channel, request, () => ({ status: "ok", restart }));
    if (this.#isShuttingDown) return;
    await this.shutdown(restart, request.headerFrame).catch((error) => this.#options.log(`shutdown: ${error}`));
    await this.#options.onShutdown();
  }

  // messages of an open comm reach a cell that waits for them; all others keep their place among the cells
  #receiveComm(type: CommEvent["type"], request: IncomingMessage, queue: WorkQueue): Promise<void> | void {
    const { content, metadata, buffers } = request;
    const { comm_id: commId, target_name: targetName, data } = content;
    if (typeof commId !== "string") return this.#options.log(`ignored a ${type} without comm_id`);
    const target = typeof targetName === "string" ? { targetName } : {};
    const event: CommEvent = { type, commId, ...target, data: data ?? {}, metadata, buffers };
    const deliver = async () => {
      this.#conversation.busy(request);
      const { executionCount } = this.#cells;
      const context = this.#contexts.add(request, { isSilent: false, allowsStdin: false, executionCount });
      this.#comms.note(event);
      const evaluator = await this.#startedEvaluator();
      evaluator.commMessage(event, context.id);
      this.#conversation.idle(request);
    };
    if (type !== "comm_open" && this.#comms.has(commId) && queue.waiting === 0) return deliver();
    queue.push({ run: deliver });
    return queue.room();
  }

  #putOut(cell: string, event: OutputEvent): void {
    if (event.type === "comm_open" || event.type === "comm_msg" || event.type === "comm_close") this.#comms.note(event);
    this.#output.publish(this.#contexts.find(cell), event);
  }

  /** The evaluator has a new child already; what the old one held is gone. */
  #childDied(reason: DeathReason): void {
    if (this.#isShuttingDown) return;
    setImmediate(() => {
      const isSaid = this.#cells.lastFailure === reason.message; // by the cell that ran in it
      if (!isSaid) this.#putOut("", { type: "stream", name: "stderr", text: `${reason.message}\n` });
    });
    for (const commId of this.#comms.clear()) {
      this.#publisher.publish({ type: "comm_close", content: { comm_id: commId, data: {} } });
    }
    this.#stdin.cancel();
    this.#language?.then((language) => language.close()).catch(this.#report("language service"));
    this.#language = undefined;
  }

  /** A start that failed is tried again by the next request. */
  #startedEvaluator(): Promise<Evaluator> {
    if (this.#evaluator !== undefined) return this.#evaluator;
    const starting = this.#options.startEvaluator({
      output: (cell, event) => this.#putOut(cell, event),
      input: (cell, request) => this.#stdin.ask(this.#contexts.find(cell), request),
      died: (reason) => this.#childDied(reason),
      debug: (event) => this.#publisher.publish({ type: "debug_event", parent: this.#debugRequest, content: event }),
    });
    this.#evaluator = starting;
    starting.catch(() => {
      this.#evaluator = undefined;
    });
    return starting;
  }

  #startedLanguage(): Promise<LanguageService> {
    this.#language ??= this.#options.startLanguage();
    return this.#language;
  }

  #newQueue(): WorkQueue {
    return new WorkQueue(this.#report("request"));
  }

  #report(what: string): (error: unknown) => void {
    return (error) => {
      if (this.#isShuttingDown) return; // what was under way then fails, and nobody waits for it
      this.#options.log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    };
  }
}

function handlerOf(handlers: Readonly<Record<string, Handler>>, type: string): Handler | undefined {
  return Object.hasOwn(handlers, type) ? handlers[type] : undefined; // a client may send the type "toString"
}
