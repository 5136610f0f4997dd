import { LabelfreeError } from "../../core/errors.ts";
import type { InputRequest } from "../evaluation/types.ts";
import type { IncomingMessage, OutgoingMessage } from "../wire/message.ts";
import type { CellContext } from "./cell-context.ts";

interface Question {
  readonly context: CellContext;
  readonly request: InputRequest;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: LabelfreeError) => void;
  id: string; // of the input_request, once sent
}

/** Asks the client that sent a cell for input, one question at a time, and hands the answers back. */
export class StdinDesk {
  readonly #send: (identities: readonly Uint8Array[], message: OutgoingMessage) => string;
  #questions: Question[] = [];

  /** `send` puts a message on the stdin channel and returns its id. */
  constructor(send: (identities: readonly Uint8Array[], message: OutgoingMessage) => string) {
    this.#send = send;
  }

  /** @throws LabelfreeError `kernel/no-stdin` or `kernel/interrupted`, as a rejection. */
  ask(context: CellContext | undefined, request: InputRequest): Promise<string> {
    if (context === undefined || !context.allowsStdin) {
      const message = "input: this client does not answer questions; run the cell in a notebook or console that does";
      return Promise.reject(new LabelfreeError("kernel/no-stdin", message));
    }
    return new Promise((resolve, reject) => {
      this.#questions.push({ context, request, resolve, reject, id: "" });
      if (this.#questions.length === 1) this.#askNext();
    });
  }

  /** Takes a message of the stdin channel: an answer to the open question, or one that comes too late or unasked. */
  received({ header, parentHeader, identities, content }: IncomingMessage): void {
    const question = this.#questions[0];
    if (header.msg_type !== "input_reply" || question === undefined || typeof content.value !== "string") return;
    // JupyterLab names the question as the parent, jupyter_client's input() names none
    if (typeof parentHeader.msg_id === "string" && parentHeader.msg_id !== question.id) return;
    if (!sameIdentities(identities, question.context.origin.identities)) return;
    this.#questions.shift();
    question.resolve(content.value);
    this.#askNext();
  }

  /** Gives up every open question. */
  cancel(): void {
    const questions = this.#questions;
    this.#questions = [];
    for (const { reject } of questions) {
      reject(new LabelfreeError("kernel/interrupted", "input: interrupted before an answer came"));
    }
  }

  #askNext(): void {
    const question = this.#questions[0];
    if (question === undefined) return;
    const { context, request } = question;
    question.id = this.#send(context.origin.identities, {
      type: "input_request",
      parent: context.origin.headerFrame,
      content: { prompt: request.prompt, password: request.password },
      subshell: context.origin.header.subshell_id,
    });
  }
}

function sameIdentities(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return left.length === right.length && left.every((part, index) => Buffer.from(part).equals(right[index]));
}
