// The execute requests: numbers them, runs their code in the evaluator, and sends what the protocol wants around it.
// Order for one cell: busy, execute_input, its output, its error, the reply, what the type check found, idle.

import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { ErrorReport, Evaluator, ExecuteOutcome } from "../evaluation/types.ts";
import type { IncomingMessage, JsonObject } from "../wire/message.ts";
import type { CellContext, CellContexts } from "./cell-context.ts";
import type { Conversation } from "./conversation.ts";
import type { History } from "./history.ts";
import type { OutputPublisher } from "./publish-output.ts";
import type { Publisher } from "./publisher.ts";
import { toExpressions, toReport } from "./request-content.ts";
import type { TypeCheck } from "./type-check.ts";
import type { Job, WorkQueue } from "./work-queue.ts";

export interface CellRunParts {
  readonly conversation: Conversation;
  readonly contexts: CellContexts;
  readonly publisher: Publisher;
  readonly output: OutputPublisher;
  readonly typeCheck: TypeCheck;
  readonly history: History;
  readonly evaluator: () => Promise<Evaluator>;
}

// a client that runs all cells sends them within some milliseconds; those on their way when one fails are meant too
const ABORT_WINDOW_MS = 20;
const INTERRUPTED: ErrorReport = {
  ename: "Interrupted",
  evalue: "The cell was interrupted before it ran.",
  traceback: ["The cell was interrupted before it ran."],
};

export class CellRuns {
  readonly #parts: CellRunParts;
  #executionCount = 0;
  #lastFailure: string | undefined;
  readonly #preparing = new Map<CellContext, { isInterrupted: boolean }>(); // begun, not yet with the evaluator

  constructor(parts: CellRunParts) {
    this.#parts = parts;
  }

  /** The number of the latest counted cell. */
  get executionCount(): number {
    return this.#executionCount;
  }

  /** Message of the latest cell that failed. */
  get lastFailure(): string | undefined {
    return this.#lastFailure;
  }

  /** The work of one execute request, for the queue of its shell. */
  job(request: IncomingMessage, queue: WorkQueue): Job {
    return { run: () => this.#execute(request, queue), abort: () => this.#abort(request) };
  }

  /** Keeps the code of cells that have begun from being run; those that run are the evaluator's to stop. */
  interruptPreparing(): void {
    for (const state of this.#preparing.values()) state.isInterrupted = true;
  }

  async #execute(request: IncomingMessage, queue: WorkQueue): Promise<void> {
    const { contexts, conversation, history, publisher, typeCheck } = this.#parts;
    const { content, headerFrame: parent } = request;
    if (typeof content.code !== "string") return conversation.refuse("shell", request, "execute_request: got no code");
    const { code } = content;
    const isSilent = content.silent === true;
    const isCounted = !isSilent && content.store_history !== false && code.trim() !== "";
    const executionCount = isSilent ? this.#executionCount : this.#executionCount + 1;
    if (isCounted) this.#executionCount = executionCount;
    const context = contexts.add(request, { isSilent, allowsStdin: content.allow_stdin === true, executionCount });

    this.#preparing.set(context, { isInterrupted: false });
    conversation.busy(request);
    conversation.runs(request);
    if (!isSilent) {
      publisher.publish({ type: "execute_input", parent, content: { code, execution_count: executionCount } });
    }
    const check = isSilent
      ? undefined
      : typeCheck.start({ id: context.id, executionCount, code }, (findings) =>
          this.#parts.output.publish(context, { type: "stream", name: "stderr", text: findings }),
        );
    const outcome = await this.#run(context, content, await check?.blocking);
    if (outcome.status === "error") {
      this.#lastFailure = outcome.error.evalue;
      if (!isSilent) publisher.publish({ type: "error", parent, content: { ...outcome.error } });
      if (content.stop_on_error !== false) {
        await delay(ABORT_WINDOW_MS);
        queue.abortWaiting();
      }
    }
    publisher.flush();
    if (isCounted) history.add(executionCount, code, plainResult(context));
    const common = { status: outcome.status, execution_count: executionCount, payload: [] };
    const reply =
      outcome.status === "ok"
        ? { ...common, user_expressions: outcome.userExpressions }
        : { ...common, ...outcome.error, user_expressions: {} };
    conversation.reply("shell", request, reply);
    await check?.settled(context.allowsStdin ? "person" : "batch");
    conversation.idle(request);
  }

  async #run(
    context: CellContext,
    { code, user_expressions }: JsonObject,
    blocking: ErrorReport | undefined,
  ): Promise<ExecuteOutcome> {
    try {
      const evaluator = await this.#parts.evaluator();
      if (this.#preparing.get(context)?.isInterrupted) return { status: "error", error: INTERRUPTED, aborted: true };
      this.#preparing.delete(context);
      if (blocking !== undefined) return { status: "error", error: blocking, aborted: false };
      return await evaluator.execute({
        cell: context.id,
        executionCount: context.executionCount,
        code: String(code),
        silent: context.isSilent,
        allowStdin: context.allowsStdin,
        userExpressions: toExpressions(user_expressions),
        subshell: context.origin.header.subshell_id ?? null,
      });
    } catch (error) {
      return { status: "error", error: toReport(error), aborted: false };
    } finally {
      this.#preparing.delete(context);
    }
  }

  #abort(request: IncomingMessage): void {
    const { conversation } = this.#parts;
    conversation.busy(request);
    conversation.reply("shell", request, { status: "aborted" });
    conversation.idle(request);
  }
}

function plainResult({ result }: CellContext): string | undefined {
  return result === undefined ? undefined : stripVTControlCharacters(result);
}
