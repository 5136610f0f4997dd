// Comms: channels between a cell's code and its picture in the browser.

import { randomUUID } from "node:crypto";
import type { CommEvent, MimeBundle, OutputEvent } from "../types.ts";
import { toErrorReport } from "./error-report.ts";

export interface CommMessage {
  readonly data: unknown;
  readonly metadata: MimeBundle;
  readonly buffers: readonly Uint8Array[];
}

type CommExtras = Partial<Omit<CommMessage, "data">>;

export class Comm {
  readonly id: string;
  readonly targetName: string;
  onMessage: ((message: CommMessage) => void) | undefined;
  onClose: ((message: CommMessage) => void) | undefined;
  readonly #emit: (type: CommEvent["type"], data: unknown, extras?: CommExtras) => void;

  constructor(id: string, targetName: string, emit: (event: CommEvent) => void) {
    this.id = id;
    this.targetName = targetName;
    this.#emit = (type, data, extras) => emit({ type, commId: id, targetName, data, ...extras });
  }

  send(data: unknown, extras?: CommExtras): void {
    this.#emit("comm_msg", data, extras);
  }

  close(data: unknown = {}, extras?: CommExtras): void {
    this.#emit("comm_close", data, extras);
  }

  /** Tells the other side that this one has opened the comm. */
  announce(data: unknown, extras?: CommExtras): void {
    this.#emit("comm_open", data, extras);
  }
}

type Target = (comm: Comm, opening: CommMessage) => void;

/** The comms of this kernel; cells reach it as `comms`. */
export class Comms {
  readonly #emit: (event: OutputEvent) => void;
  readonly #targets = new Map<string, Target>();
  readonly #open = new Map<string, Comm>();

  constructor(emit: (event: OutputEvent) => void) {
    this.#emit = emit;
  }

  /** Names what happens when the browser opens a comm. */
  registerTarget(name: string, target: Target): void {
    this.#targets.set(name, target);
  }

  unregisterTarget(name: string): void {
    this.#targets.delete(name);
  }

  /** Opens a comm to a target in the browser. */
  open(targetName: string, data: unknown = {}, extras?: CommExtras): Comm {
    const comm = this.#create(randomUUID(), targetName);
    comm.announce(data, extras);
    return comm;
  }

  /** Takes what the browser has sent. */
  take(event: CommEvent): void {
    const message: CommMessage = { data: event.data, metadata: event.metadata ?? {}, buffers: event.buffers ?? [] };
    try {
      if (event.type === "comm_open") this.#opened(event, message);
      else if (event.type === "comm_msg") this.#open.get(event.commId)?.onMessage?.(message);
      else {
        const comm = this.#open.get(event.commId);
        this.#open.delete(event.commId);
        comm?.onClose?.(message);
      }
    } catch (error) {
      this.#emit({ type: "error", error: toErrorReport(error) });
    }
  }

  #opened(event: CommEvent, message: CommMessage): void {
    const target = this.#targets.get(event.targetName ?? "");
    const comm = this.#create(event.commId, event.targetName ?? "");
    if (target === undefined) return comm.close();
    target(comm, message);
  }

  #create(id: string, targetName: string): Comm {
    const comm = new Comm(id, targetName, (event) => {
      if (event.type === "comm_close") this.#open.delete(id);
      this.#emit(event);
    });
    this.#open.set(id, comm);
    return comm;
  }
}
