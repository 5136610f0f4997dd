import { LabelfreeError } from "../../core/errors.ts";
import type { IncomingMessage, JsonObject, OutgoingMessage } from "../wire/message.ts";
import type { RequestChannel } from "../wire/sockets.ts";
import type { Publisher } from "./publisher.ts";
import { toReport } from "./request-content.ts";

/** Where the server's messages go; made of sockets, or of arrays in a test. */
export interface Outlet {
  /** Puts a message on a channel of the client with these identities; returns its id. */
  reply(channel: RequestChannel, identities: readonly Uint8Array[], message: OutgoingMessage): string;
  publish(message: OutgoingMessage): void;
}

/** What every request gets: `busy`, an answer, and `idle` after all that it caused. */
export class Conversation {
  readonly #outlet: Outlet;
  readonly #publisher: Publisher;
  readonly #running = new Set<IncomingMessage>();

  constructor(outlet: Outlet, publisher: Publisher) {
    this.#outlet = outlet;
    this.#publisher = publisher;
  }

  busy(request: IncomingMessage): void {
    this.#status("busy", request);
  }

  idle(request: IncomingMessage): void {
    this.#running.delete(request);
    this.#status("idle", request);
    // clients show the latest state: after the idle of a side request, a cell that runs says again that it does
    for (const running of this.#running) return this.#status("busy", running);
  }

  /** Marks a request whose code runs, up to its idle. */
  runs(request: IncomingMessage): void {
    this.#running.add(request);
  }

  reply(channel: RequestChannel, request: IncomingMessage, content: JsonObject): void {
    const { header, headerFrame, identities } = request;
    const type = header.msg_type.replace(/_request$/, "_reply");
    this.#outlet.reply(channel, identities, { type, parent: headerFrame, content, subshell: header.subshell_id });
  }

  /** Answers a request by what `answer` gives, or by its error. */
  async answer(
    channel: RequestChannel,
    request: IncomingMessage,
    answer: (request: IncomingMessage) => Promise<JsonObject> | JsonObject,
  ): Promise<void> {
    this.busy(request);
    let content: JsonObject;
    try {
      content = await answer(request);
    } catch (error) {
      content = { status: "error", ...toReport(error) };
    }
    this.reply(channel, request, content);
    this.idle(request);
  }

  refuse(channel: RequestChannel, request: IncomingMessage, why: string): Promise<void> {
    return this.answer(channel, request, () => {
      throw new LabelfreeError("kernel/bad-request", why);
    });
  }

  #status(state: "busy" | "idle", request: IncomingMessage): void {
    const content = { execution_state: state };
    this.#publisher.publish({ type: "status", parent: request.headerFrame, content });
  }
}
