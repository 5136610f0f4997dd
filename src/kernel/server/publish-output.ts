import type { CommEvent, OutputEvent } from "../evaluation/types.ts";
import type { JsonObject } from "../wire/message.ts";
import type { CellContext } from "./cell-context.ts";
import type { Publisher } from "./publisher.ts";

/** Publishes what the code of a request puts out, up to a limit; `silent` code may send comm messages alone. */
export class OutputPublisher {
  readonly #publisher: Publisher;
  readonly #limitBytes: number;

  constructor(publisher: Publisher, limitBytes: number) {
    this.#publisher = publisher;
    this.#limitBytes = limitBytes;
  }

  publish(context: CellContext | undefined, event: OutputEvent): void {
    const parent = context?.origin.headerFrame;
    if (event.type === "comm_open" || event.type === "comm_msg" || event.type === "comm_close") {
      const { metadata, buffers } = event;
      this.#publisher.publish({ type: event.type, parent, metadata, buffers, content: commContent(event) });
      return;
    }
    if (context?.isSilent === true) return;
    switch (event.type) {
      case "stream":
        this.#publisher.stream(parent, event.name, this.#withinLimit(context, event.text));
        return this.#noteCut(context);
      case "display": {
        if (context !== undefined) {
          context.writtenBytes +=
            sizeOf(event.data) + (event.buffers ?? []).reduce((sum, { length }) => sum + length, 0);
          if (context.writtenBytes > this.#limitBytes) return this.#noteCut(context);
        }
        const { data, metadata, displayId, buffers } = event;
        const transient = displayId === undefined ? {} : { display_id: displayId };
        const type = event.update === true ? "update_display_data" : "display_data";
        this.#publisher.publish({ type, parent, buffers, content: { data, metadata, transient } });
        return;
      }
      case "result": {
        const { data, metadata } = event;
        if (context !== undefined && typeof data["text/plain"] === "string") context.result = data["text/plain"];
        const execution_count = context?.executionCount ?? 0;
        this.#publisher.publish({ type: "execute_result", parent, content: { execution_count, data, metadata } });
        return;
      }
      case "error":
        this.#publisher.publish({ type: "error", parent, content: { ...event.error } });
        return;
      case "clear":
        if (context !== undefined && !event.wait) restartCount(context);
        this.#publisher.publish({ type: "clear_output", parent, content: { wait: event.wait } });
    }
  }

  #withinLimit(context: CellContext | undefined, text: string): string {
    if (context === undefined) return text;
    const room = Math.max(0, this.#limitBytes - context.writtenBytes);
    context.writtenBytes += text.length;
    return text.length <= room ? text : text.slice(0, room);
  }

  #noteCut(context: CellContext | undefined): void {
    if (context === undefined || context.isCut || context.writtenBytes <= this.#limitBytes) return;
    context.isCut = true;
    const megabytes = this.#limitBytes / 2 ** 20;
    const text = `\nlabelfree: the output of this cell is cut here, at ${megabytes} MB; the cell goes on running. \
Start the kernel with --output-limit to see more.\n`;
    this.#publisher.stream(context.origin.headerFrame, "stderr", text);
  }
}

function restartCount(context: CellContext): void {
  context.writtenBytes = 0;
  context.isCut = false;
}

function sizeOf(data: JsonObject): number {
  let characters = 0;
  for (const value of Object.values(data)) {
    characters += typeof value === "string" ? value.length : (JSON.stringify(value, bigintAsText)?.length ?? 0);
  }
  return characters;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function commContent({ type, commId, targetName, data }: CommEvent): JsonObject {
  return type === "comm_open" ? { comm_id: commId, target_name: targetName ?? "", data } : { comm_id: commId, data };
}
