// Input from the notebook's user: prompt() and confirm() block the thread as in a browser, input() does not.

import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { ControlNotice } from "../messages.ts";
import { type Cell, currentCell } from "./cell.ts";
import type { Channel } from "./channel.ts";
import { Interrupted } from "./error-report.ts";
import { ANSWER } from "./shared-words.ts";

type Answer = Extract<ControlNotice, { type: "answer" }>;

export interface InputParts {
  readonly channel: Channel;
  readonly words: Int32Array;
  readonly port: MessagePort;
  /** Handles a notice that came while the thread was blocked. */
  deliver(notice: ControlNotice): void;
}

export class Input {
  readonly #parts: InputParts;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #ids = 0;

  constructor(parts: InputParts) {
    this.#parts = parts;
  }

  /** Puts prompt, confirm and input into the cells' scope. */
  install(): void {
    const globals = {
      prompt: (message?: string, value?: string) => this.#prompt(message, value),
      confirm: (message?: string) => /^\s*y(?:es)?\s*$/i.test(this.#ask(`${message ?? "Confirm"} [y/N] `, false)),
      input: (message?: string, options?: { readonly password?: boolean }) =>
        this.#input(message ?? "", options?.password ?? false),
    };
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    }
  }

  take(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  #prompt(message: string | undefined, value: string | undefined): string | null {
    const text = this.#ask(`${message ?? "Prompt"} `, false);
    if (text !== "") return text;
    return value ?? "";
  }

  async #input(prompt: string, password: boolean): Promise<string> {
    const id = this.#request(prompt, password);
    const answer = await new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    return textOf(answer);
  }

  #ask(prompt: string, password: boolean): string {
    const id = this.#request(prompt, password);
    const { words, port, deliver } = this.#parts;
    for (;;) {
      const seen = Atomics.load(words, ANSWER);
      const notice: ControlNotice | undefined = receiveMessageOnPort(port)?.message;
      if (notice === undefined) Atomics.wait(words, ANSWER, seen);
      else if (notice.type === "answer" && notice.id === id) return textOf(notice);
      else {
        setImmediate(deliver, notice);
        if (notice.type === "interrupt") throw new Interrupted("the cell was interrupted");
      }
    }
  }

  #request(prompt: string, password: boolean): number {
    const cell = askingCell();
    const id = ++this.#ids;
    this.#parts.channel.send({ type: "input", id, cell: cell.id, prompt, password });
    return id;
  }
}

function askingCell(): Cell {
  const cell = currentCell.getStore();
  if (cell?.request.allowStdin) return cell;
  throw new Error("input: got a request that nobody can answer; this notebook was started without input from a user");
}

function textOf({ text, error }: Answer): string {
  if (text === null) throw new Error(error ?? "input: got no answer");
  return text;
}
