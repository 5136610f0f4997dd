// A bar in the notebook: one display that is updated at most ten times a second, and a last time when it ends.

import { emitOutput, newDisplayId } from "./display.ts";
import { escapeHtml } from "./table.ts";

export interface ProgressOptions {
  readonly label?: string;
  /** Clock in milliseconds, for tests. */
  readonly now?: () => number;
}

export interface Progress {
  readonly value: number;
  readonly total: number;
  /** Moves the bar on by `count` steps. */
  advance(count?: number): void;
  /** Moves the bar to `value`, optionally with another label. */
  set(value: number, label?: string): void;
  /** Shows the last state; done by itself at `total` and at the end of an iteration. */
  finish(): void;
  [Symbol.dispose](): void;
}

/** An array, typed array, set or map. */
type Counted<T> = Iterable<T> & ({ readonly length: number } | { readonly size: number });

const UPDATE_EVERY_MS = 100;
const BAR_CELLS = 30;

/** Shows a bar of `total` steps. */
export function progress(total: number, options?: ProgressOptions): Progress;
/** Shows a bar while the items are iterated over. */
export function progress<T>(items: Counted<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(target: number | Counted<T>, options: ProgressOptions = {}): Progress | Iterable<T> {
  if (typeof target === "number") return new Bar(target, options);
  return iterate(target, new Bar("size" in target ? target.size : target.length, options));
}

function* iterate<T>(items: Iterable<T>, bar: Bar): Generator<T> {
  try {
    for (const item of items) {
      yield item;
      bar.advance();
    }
  } finally {
    bar.finish();
  }
}

class Bar implements Progress {
  readonly total: number;
  readonly #now: () => number;
  readonly #startMs: number;
  readonly #displayId = newDisplayId();
  #label: string;
  #value = 0;
  #shownMs: number;
  #isWhole = false;

  constructor(total: number, options: ProgressOptions) {
    if (!(total >= 0)) throw new RangeError(`progress total: got ${total}, expected a number of at least 0`);
    this.total = total;
    this.#label = options.label ?? "";
    this.#now = options.now ?? (() => performance.now());
    this.#startMs = this.#now();
    this.#shownMs = this.#startMs;
    this.#show(false);
  }

  get value(): number {
    return this.#value;
  }

  advance(count = 1): void {
    this.set(this.#value + count);
  }

  set(value: number, label?: string): void {
    this.#value = Math.min(Math.max(Number.isNaN(value) ? 0 : value, 0), this.total);
    if (label !== undefined) this.#label = label;
    const isEnd = this.#value >= this.total;
    if (isEnd ? !this.#isWhole || label !== undefined : this.#now() - this.#shownMs >= UPDATE_EVERY_MS)
      this.#show(true);
    this.#isWhole = isEnd;
  }

  finish(): void {
    if (!this.#isWhole) this.#show(true);
  }

  [Symbol.dispose](): void {
    this.finish();
  }

  #show(update: boolean): void {
    this.#shownMs = this.#now();
    const state = {
      value: this.#value,
      total: this.total,
      label: this.#label,
      elapsedMs: this.#shownMs - this.#startMs,
    };
    const data = { "text/plain": progressText(state), "text/html": progressHtml(state) };
    emitOutput({ type: "display", data, metadata: {}, displayId: this.#displayId, update });
  }
}

interface ProgressState {
  readonly value: number;
  readonly total: number;
  readonly label: string;
  readonly elapsedMs: number;
}

function progressText(state: ProgressState): string {
  const share = state.total === 0 ? 1 : state.value / state.total;
  const full = Math.floor(share * BAR_CELLS);
  const bar = "█".repeat(full) + "░".repeat(BAR_CELLS - full);
  return `${state.label === "" ? "" : `${state.label} `}${bar} ${stateText(state)}`;
}

function progressHtml(state: ProgressState): string {
  const label = escapeHtml(state.label);
  const name = label === "" ? "progress" : label;
  const [value, max] = state.total === 0 ? [1, 1] : [state.value, state.total];
  return (
    `<div>${label === "" ? "" : `${label} `}<progress value="${value}" max="${max}" aria-label="${name}"></progress> ` +
    `${escapeHtml(stateText(state))}</div>`
  );
}

function stateText({ value, total, elapsedMs }: ProgressState): string {
  const percent = total === 0 ? 100 : Math.floor((100 * value) / total);
  const rest = value > 0 && value < total ? `, ${seconds((elapsedMs * (total - value)) / value)} left` : "";
  return `${value.toLocaleString("en-US")}/${total.toLocaleString("en-US")} ${percent} % ${seconds(elapsedMs)}${rest}`;
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 60
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
}
