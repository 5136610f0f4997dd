import type { Event } from "../messages.ts";
import { encodeMessage, type StreamName } from "../frames.ts";
import { markBytes } from "../marks.ts";
import { critically } from "./critical.ts";
import { OutputBuffer, writeAll } from "./output-buffer.ts";

/** The main thread's way to the parent: everything in the order of the calls. */
export class Channel {
  readonly buffer = new OutputBuffer();
  readonly #markPrefix: string;
  #marks = 0;
  #onText: () => void = () => {};

  constructor(markPrefix: string) {
    this.#markPrefix = markPrefix;
  }

  /** Called when text waits in the buffer that was empty. */
  set onText(listener: () => void) {
    this.#onText = listener;
  }

  text(cell: string, stream: StreamName, text: string): void {
    if (text.length === 0) return;
    critically(() => {
      if (this.buffer.addText(cell, stream, text)) this.#onText();
    });
  }

  send(event: Event): void {
    const frame = encodeMessage(event);
    critically(() => {
      this.buffer.addFrame(frame);
      this.buffer.flush();
    });
  }

  /** Puts a mark into events, stdout and stderr; what programs write from here on belongs to the cell. */
  synchronize(cell: string): void {
    critically(() => {
      const number = ++this.#marks;
      this.send({ type: "sync", number, cell });
      const mark = markBytes(this.#markPrefix, number);
      for (const descriptor of [1, 2]) {
        try {
          writeAll(descriptor, mark);
        } catch {
          // a cell has closed the descriptor: the parent sees its end and waits for no mark
        }
      }
    });
  }
}
