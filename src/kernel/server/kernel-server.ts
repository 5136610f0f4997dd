// The kernel towards its clients: takes requests of shell, control and stdin, runs cells one after the other (per
// subshell), answers everything else at once, also while a cell runs, and publishes. Each request is enclosed by
// `busy` and `idle`; `idle` comes after all output of the request.

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { LabelfreeError } from "../../core/errors.ts";
import type {
  CommEvent,
  DeathReason,
  ErrorReport,
  Evaluator,
  EvaluatorEvents,
  ExecuteOutcome,
} from "../evaluation/types.ts";
import type { LanguageService } from "../language/language.ts";
import type { IncomingMessage, JsonObject, OutgoingMessage } from "../wire/message.ts";
import type { RequestChannel } from "../wire/sockets.ts";
import { type CellContext, CellContexts } from "./cell-context.ts";
import { CommRegistry } from "./comm-registry.ts";
import type { History } from "./history.ts";
import { type KernelFacts, kernelInfo } from "./kernel-info.ts";
import { OutputPublisher } from "./publish-output.ts";
import { Publisher } from "./publisher.ts";
import { StdinDesk } from "./stdin-desk.ts";
import { TypeCheck, type TypeCheckMode } from "./type-check.ts";
import { cursor, text, toExpressions, toReport } from "./request-content.ts";
import { WorkQueue } from "./work-queue.ts";

/** Where the server's messages go; made of sockets, or of arrays in a test. */
export interface Outlet {
  /** Puts a message on a channel of the client with these identities; returns its id. */
  reply(channel: RequestChannel, identities: readonly Uint8Array[], message: OutgoingMessage): string;
  publish(message: OutgoingMessage): void;
}

export interface KernelServerOptions {
  readonly outlet: Outlet;
  readonly startEvaluator: (events: EvaluatorEvents) => Promise<Evaluator>;
  readonly startLanguage: () => Promise<LanguageService>;
  readonly history: History;
  readonly facts: KernelFacts;
  readonly typeCheck: TypeCheckMode;
  readonly outputLimitBytes: number;
  /** Called once, after the answer to a shutdown request: ends the process. */
  readonly onShutdown: () => Promise<void>;
  readonly log: (text: string) => void;
}

type Handler = (request: IncomingMessage) => Promise<JsonObject> | JsonObject;

// a client that runs all cells sends them within some milliseconds; those on their way when one fails are meant too
const ABORT_WINDOW_MS = 20;
const OK: JsonObject = { status: "ok" };

export class KernelServer {
  readonly #options: KernelServerOptions;
  readonly #outlet: Outlet;
  readonly #publisher: Publisher;
  readonly #output: OutputPublisher;
  readonly #contexts = new CellContexts();
  readonly #comms = new CommRegistry();
  readonly #stdin: StdinDesk;
  readonly #typeCheck: TypeCheck;
  readonly #main: WorkQueue;
  readonly #subshells = new Map<string, WorkQueue>();
  readonly #running = new Map<CellContext, (outcome: ExecuteOutcome) => void>();
  readonly #evaluator: Promise<Evaluator>;
  #language: Promise<LanguageService> | undefined;
  #executionCount = 0;
  #isShuttingDown = false;

  constructor(options: KernelServerOptions) {
    this.#options = options;
    this.#outlet = options.outlet;
    this.#publisher = new Publisher((message) => this.#outlet.publish(message));
    this.#output = new OutputPublisher(this.#publisher, options.outputLimitBytes);
    this.#stdin = new StdinDesk((identities, message) => {
      this.#publisher.flush(); // what was printed before the question is seen before it
      return this.#outlet.reply("stdin", identities, message);
    });
    this.#main = this.#newQueue();
    this.#typeCheck = new TypeCheck(options.typeCheck, () => this.#startedLanguage(), this.#report("type check"));
    this.#evaluator = options.startEvaluator({
      output: (cell, event) => {
        if (event.type === "comm_open" || event.type === "comm_msg" || event.type === "comm_close") {
          this.#comms.note(event);
        }
        this.#output.publish(this.#contexts.find(cell), event);
      },
      input: (cell, request) => this.#stdin.ask(this.#contexts.find(cell), request),
      died: (reason) => void this.#died(reason).catch(this.#report("restart")),
    });
    this.#evaluator.catch(this.#report("start of the evaluator"));
    this.#publisher.publish({ type: "status", content: { execution_state: "starting" } });
  }

  /** Takes a message that was checked; the promise settles when the next of this channel may come. */
  async receive(channel: RequestChannel, request: IncomingMessage): Promise<void> {
    if (channel === "stdin") return this.#stdin.received(request);
    const { msg_type: type } = request.header;
    if (channel === "shell") {
      const subshell = request.header.subshell_id ?? null;
      const queue = subshell === null ? this.#main : this.#subshells.get(subshell);
      if (queue === undefined) return this.#refuse(channel, request, `there is no subshell ${subshell}`);
      if (type === "execute_request") {
        queue.push({ run: () => this.#execute(request, queue), abort: () => this.#abort(request) });
        return queue.room();
      }
      if (type === "comm_open" || type === "comm_msg" || type === "comm_close") return this.#queueComm(request, queue);
    }
    const handler =
      handlerOf(this.#handlers, type) ?? (channel === "control" ? handlerOf(this.#controlHandlers, type) : undefined);
    if (handler !== undefined) void this.#answer(channel, request, handler);
    else this.#options.log(`ignored a message of type ${type.slice(0, 100)} on ${channel}`);
  }

  /** Welcomes a client that has subscribed to a topic of iopub (JEP 65). */
  welcome(topic: string): void {
    this.#publisher.publish({ type: "iopub_welcome", content: { subscription: topic } });
  }

  async interrupt(): Promise<void> {
    this.#stdin.cancel();
    await (await this.#evaluator).interrupt();
  }

  /** Ends the child; says so on iopub. */
  async shutdown(restart: boolean, parent?: Uint8Array): Promise<void> {
    this.#isShuttingDown = true;
    this.#stdin.cancel();
    this.#publisher.publish({ type: "shutdown_reply", parent, content: { status: "ok", restart } });
    const evaluator = await this.#evaluator.catch(() => undefined);
    await Promise.all([evaluator?.shutdown(), this.#language?.then((language) => language.close())]);
    this.#publisher.flush();
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    kernel_info_request: () => kernelInfo(this.#options.facts),
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
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
  };

  readonly #controlHandlers: Readonly<Record<string, Handler>> = {
    interrupt_request: async () => {
      await this.interrupt();
      return OK;
    },
    debug_request: ({ content }) => ({
      type: "response",
      request_seq: typeof content.seq === "number" ? content.seq : 0,
      success: false,
      command: typeof content.command === "string" ? content.command : "",
      message: "this kernel has no debugger",
    }),
    usage_request: async () => {
      const { rssBytes } = await (await this.#evaluator).memory();
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

  async #answer(channel: RequestChannel, request: IncomingMessage, handler: Handler): Promise<void> {
    this.#status("busy", request);
    let content: JsonObject;
    try {
      content = await handler(request);
    } catch (error) {
      content = { status: "error", ...toReport(error) };
    }
    this.#reply(channel, request, content);
    this.#status("idle", request);
    if (request.header.msg_type === "shutdown_request" && !this.#isShuttingDown) {
      await this.shutdown(content.restart === true, request.headerFrame).catch(this.#report("shutdown"));
      await this.#options.onShutdown();
    }
  }

  async #execute(request: IncomingMessage, queue: WorkQueue): Promise<void> {
    const { content } = request;
    if (typeof content.code !== "string") return this.#refuse("shell", request, "execute_request: got no code");
    const { code } = content;
    const isSilent = content.silent === true;
    const isStored = !isSilent && content.store_history !== false && code.trim() !== "";
    const executionCount = isSilent ? this.#executionCount : this.#executionCount + 1;
    if (isStored) this.#executionCount = executionCount;
    const allowsStdin = content.allow_stdin === true;
    const context = this.#contexts.add(request, { isSilent, allowsStdin, executionCount });

    this.#status("busy", request);
    const parent = request.headerFrame;
    if (!isSilent) {
      const input = { code, execution_count: executionCount };
      this.#publisher.publish({ type: "execute_input", parent, content: input });
    }
    const check = isSilent
      ? undefined
      : this.#typeCheck.start({ id: context.id, executionCount, code }, (findings) =>
          this.#output.publish(context, { type: "stream", name: "stderr", text: findings }),
        );
    const outcome = await this.#run(context, code, await check?.blocking);
    if (outcome.status === "error") {
      if (!isSilent) this.#publisher.publish({ type: "error", parent, content: { ...outcome.error } });
      if (content.stop_on_error !== false) {
        await delay(ABORT_WINDOW_MS);
        queue.abortWaiting();
      }
    }
    this.#publisher.flush();
    if (isStored) this.#options.history.add(executionCount, code, plainResult(context));
    const common = { status: outcome.status, execution_count: executionCount, payload: [] };
    this.#reply(
      "shell",
      request,
      outcome.status === "ok"
        ? { ...common, user_expressions: outcome.userExpressions }
        : { ...common, ...outcome.error, user_expressions: {} },
    );
    await check?.settled();
    this.#status("idle", request);
  }

  async #run(context: CellContext, code: string, blocking: ErrorReport | undefined): Promise<ExecuteOutcome> {
    if (blocking !== undefined) return { status: "error", error: blocking, aborted: false };
    const { content, header } = context.request;
    const died = new Promise<ExecuteOutcome>((resolve) => this.#running.set(context, resolve));
    try {
      const evaluator = await this.#evaluator;
      const outcome = evaluator.execute({
        cell: context.id,
        executionCount: context.executionCount,
        code,
        silent: context.isSilent,
        allowStdin: context.allowsStdin,
        userExpressions: toExpressions(content.user_expressions),
        subshell: header.subshell_id ?? null,
      });
      return await Promise.race([outcome, died]);
    } catch (error) {
      return { status: "error", error: toReport(error), aborted: false };
    } finally {
      this.#running.delete(context);
    }
  }

  #abort(request: IncomingMessage): void {
    this.#status("busy", request);
    this.#reply("shell", request, { status: "aborted" });
    this.#status("idle", request);
  }

  #refuse(channel: RequestChannel, request: IncomingMessage, why: string): void {
    this.#status("busy", request);
    const error = toReport(new LabelfreeError("kernel/bad-request", why));
    this.#reply(channel, request, { status: "error", ...error });
    this.#status("idle", request);
  }

  // messages of an open comm reach a cell that waits for them; all others keep their place among the cells
  #queueComm(request: IncomingMessage, queue: WorkQueue): Promise<void> | void {
    const { content, header, metadata, buffers } = request;
    const { comm_id: commId, target_name: targetName, data } = content;
    if (typeof commId !== "string") return this.#options.log(`ignored a ${header.msg_type} without comm_id`);
    const type = header.msg_type as CommEvent["type"];
    const event: CommEvent = {
      type,
      commId,
      ...(typeof targetName === "string" ? { targetName } : {}),
      data: data ?? {},
      metadata,
      buffers,
    };
    const deliver = async () => {
      this.#status("busy", request);
      const facts = { isSilent: false, allowsStdin: false, executionCount: this.#executionCount };
      const context = this.#contexts.add(request, facts);
      this.#comms.note(event);
      const evaluator = await this.#evaluator;
      evaluator.commMessage(event, context.id);
      this.#status("idle", request);
    };
    if (type !== "comm_open" && this.#comms.has(commId) && queue.waiting === 0) return deliver();
    queue.push({ run: deliver });
    return queue.room();
  }

  async #died(reason: DeathReason): Promise<void> {
    if (this.#isShuttingDown) return;
    const error = { ename: "KernelProcessEnded", evalue: reason.message, traceback: [reason.message] };
    for (const resolve of this.#running.values()) resolve({ status: "error", error, aborted: false });
    for (const commId of this.#comms.clear()) {
      this.#publisher.publish({ type: "comm_close", content: { comm_id: commId, data: {} } });
    }
    this.#stdin.cancel();
  }

  #status(state: "busy" | "idle", request: IncomingMessage): void {
    const publish = (execution_state: string, parent: Uint8Array) =>
      this.#publisher.publish({ type: "status", parent, content: { execution_state } });
    publish(state, request.headerFrame);
    if (state === "busy") return;
    // clients show the latest state: after the idle of a side request, the cell that runs says again that it does
    for (const running of this.#running.keys()) {
      if (running.request !== request) return publish("busy", running.request.headerFrame);
    }
  }

  #reply(channel: RequestChannel, request: IncomingMessage, content: JsonObject): void {
    const { header, headerFrame, identities } = request;
    const type = header.msg_type.replace(/_request$/, "_reply");
    this.#outlet.reply(channel, identities, { type, parent: headerFrame, content, subshell: header.subshell_id });
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

function plainResult({ result }: CellContext): string | undefined {
  return result === undefined ? undefined : stripVTControlCharacters(result);
}
