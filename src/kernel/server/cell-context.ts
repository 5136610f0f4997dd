import type { IncomingMessage } from "../wire/message.ts";

/** The part of a request that its answers need; its content may be large and is let go. */
export type Origin = Pick<IncomingMessage, "identities" | "header" | "headerFrame">;

/** What the server remembers of a request whose code may still write: whom its output belongs to. */
export interface CellContext {
  readonly id: string;
  readonly origin: Origin;
  readonly isSilent: boolean;
  readonly allowsStdin: boolean;
  readonly executionCount: number;
  writtenBytes: number;
  isCut: boolean; // its output has reached the limit
  result: string | undefined; // text/plain of its value, for the history
}

const REMEMBERED = 10_000;

/** The contexts by the id that the evaluator gives back with each output; very old ones are forgotten. */
export class CellContexts {
  readonly #contexts = new Map<string, CellContext>();
  #latest: CellContext | undefined;
  #count = 0;

  add(request: IncomingMessage, facts: Pick<CellContext, "isSilent" | "allowsStdin" | "executionCount">): CellContext {
    this.#count += 1;
    const id = `request-${this.#count}`;
    const { identities, header, headerFrame } = request;
    const origin = { identities, header, headerFrame };
    const context = { id, origin, ...facts, writtenBytes: 0, isCut: false, result: undefined };
    this.#contexts.set(id, context);
    if (this.#contexts.size > REMEMBERED) {
      for (const oldest of this.#contexts.keys()) {
        this.#contexts.delete(oldest);
        break;
      }
    }
    this.#latest = context;
    return context;
  }

  /** The context of an output; that of the latest request for output which no known request caused. */
  find(id: string): CellContext | undefined {
    return this.#contexts.get(id) ?? this.#latest;
  }
}
