// What a notebook keeps of the messages that a cell causes: neighbouring pieces of a stream are one output, a display
// that is updated changes wherever it stands, and clear_output may wait for what comes next.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-socket

import type { IncomingMessage, JsonObject } from "../kernel/wire/message.ts";
import type { Output } from "./notebook.ts";

/** Outputs that can be updated, by the display id under which a kernel knows them; one for a whole notebook. */
export class Displays {
  readonly #shown = new Map<string, Set<Output>>();

  register(displayId: string, output: Output): void {
    const outputs = this.#shown.get(displayId);
    if (outputs === undefined) this.#shown.set(displayId, new Set([output]));
    else outputs.add(output);
  }

  update(displayId: string, { data, metadata }: JsonObject): void {
    for (const output of this.#shown.get(displayId) ?? []) Object.assign(output, { data, metadata });
  }

  /** Makes updates of `from` reach `to` too. */
  alias(from: Output, to: Output): void {
    for (const outputs of this.#shown.values()) if (outputs.has(from)) outputs.add(to);
  }
}

/** The outputs of one cell, which grow with the messages that it hears. */
export class CellOutputs {
  readonly #displays: Displays;
  #outputs: Output[] = [];
  #clearsNext = false;
  executionCount: number | null = null;

  constructor(displays: Displays) {
    this.#displays = displays;
  }

  get outputs(): readonly Output[] {
    return this.#outputs;
  }

  hear({ header, content }: IncomingMessage): void {
    switch (header.msg_type) {
      case "execute_input":
        this.executionCount = toCount(content.execution_count);
        return;
      case "clear_output":
        if (content.wait === true) this.#clearsNext = true;
        else this.#clear();
        return;
      case "update_display_data": {
        const id = displayIdOf(content);
        if (id !== undefined) this.#displays.update(id, toBundle(content));
        return;
      }
      case "stream":
        return this.#addText(String(content.name), String(content.text));
      case "display_data":
        return this.#add({ output_type: "display_data", ...toBundle(content) }, displayIdOf(content));
      case "execute_result": {
        const counted = { execution_count: toCount(content.execution_count), ...toBundle(content) };
        return this.#add({ output_type: "execute_result", ...counted }, displayIdOf(content));
      }
      case "error":
        return this.#add({ output_type: "error", ...toError(content) });
    }
  }

  #addText(name: string, text: string): void {
    if (this.#clearsNext) this.#clear();
    const last = this.#outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else if (text !== "") this.#add({ output_type: "stream", name, text });
  }

  #add(output: Output, displayId?: string): void {
    if (this.#clearsNext) this.#clear();
    this.#outputs.push(output);
    if (displayId !== undefined) this.#displays.register(displayId, output);
  }

  #clear(): void {
    this.#outputs = [];
    this.#clearsNext = false;
  }
}

export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** The error in the content of a reply or an error message. */
export function toError({ ename, evalue, traceback }: JsonObject): CellError {
  return {
    ename: String(ename),
    evalue: String(evalue),
    traceback: Array.isArray(traceback) ? traceback.map(String) : [],
  };
}

function toBundle({ data, metadata }: JsonObject): {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
} {
  return { data: toRecord(data), metadata: toRecord(metadata) };
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function displayIdOf({ transient }: JsonObject): string | undefined {
  const { display_id: id } = toRecord(transient);
  return typeof id === "string" ? id : undefined;
}

function toCount(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
