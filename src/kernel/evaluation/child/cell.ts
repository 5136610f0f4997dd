import { AsyncLocalStorage } from "node:async_hooks";
import type { ExecuteOutcome, ExecuteRequest } from "../types.ts";

/** A cell that runs or has run, as long as something of it is alive. */
export class Cell {
  readonly request: ExecuteRequest;
  readonly #finish: (outcome: ExecuteOutcome) => void;
  /** The cell was interrupted while it awaited something, and its own course has not ended yet. */
  isAbandoned = false;
  /** Timers that were set while the cell ran and have not fired for good. */
  readonly timers = new Set<NodeJS.Timeout>();
  #isRunning = true;

  constructor(request: ExecuteRequest, finish: (outcome: ExecuteOutcome) => void) {
    this.request = request;
    this.#finish = finish;
  }

  get id(): string {
    return this.request.cell;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Hands over the outcome; only the first one counts. */
  finish(outcome: ExecuteOutcome): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.timers.clear();
    this.#finish(outcome);
  }
}

/** The cell that caused what runs now, through timers, promises and callbacks. */
export const currentCell = new AsyncLocalStorage<Cell>();
