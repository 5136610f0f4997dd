// Everything on iopub passes here in one order. Text for the same request and stream is joined while it comes in
// quickly: 100,000 lines become some dozens of messages. Any other message first sends the text that waits, so text
// and displays keep their order and `idle` stays last.

import type { OutgoingMessage } from "../wire/message.ts";

export interface PublisherOptions {
  readonly flushMs?: number;
  readonly flushCharacters?: number;
}

type StreamName = "stdout" | "stderr";

export class Publisher {
  readonly #send: (message: OutgoingMessage) => void;
  readonly #flushMs: number;
  readonly #flushCharacters: number;
  #parent: Uint8Array | undefined;
  #name: StreamName = "stdout";
  #texts: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    send: (message: OutgoingMessage) => void,
    { flushMs = 30, flushCharacters = 65_536 }: PublisherOptions = {},
  ) {
    this.#send = send;
    this.#flushMs = flushMs;
    this.#flushCharacters = flushCharacters;
  }

  publish(message: OutgoingMessage): void {
    this.flush();
    this.#send(message);
  }

  stream(parent: Uint8Array | undefined, name: StreamName, text: string): void {
    if (text === "") return;
    if (parent !== this.#parent || name !== this.#name) this.flush();
    this.#parent = parent;
    this.#name = name;
    this.#texts.push(text);
    this.#characters += text.length;
    if (this.#characters >= this.#flushCharacters) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.#flushMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#texts.length === 0) return;
    const content = { name: this.#name, text: this.#texts.join("") };
    this.#texts = [];
    this.#characters = 0;
    this.#send({ type: "stream", parent: this.#parent, content });
  }
}
