// Progress on one line: redrawn in place on a terminal, a plain line now and then elsewhere (a log file, a notebook).
// No timers, so nothing keeps the process alive and the display moves only when the work does.

export interface ProgressUpdate {
  readonly done: number;
  readonly total: number;
  readonly note?: string;
  /** Units per second, where known better than by the time since the first update. */
  readonly ratePerSecond?: number;
}

export interface ProgressDisplay {
  update(update: ProgressUpdate): void;
  /** Prints a line above the progress line. */
  log(line: string): void;
  /** Prints the last state for good; later calls of any kind print nothing more of the progress line. */
  finish(note?: string): void;
}

export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly label: string;
  /** Print nothing at all. */
  readonly quiet?: boolean;
  /** Milliseconds from any fixed moment. */
  readonly now?: () => number;
}

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5000;
const CLEAR_TO_END = "\x1b[K";
const DEFAULT_COLUMNS = 80;

/** A progress line on a stream; nothing when `quiet`. */
export function createProgress(options: ProgressOptions): ProgressDisplay {
  if (options.quiet) return { update() {}, log() {}, finish() {} };
  const { stream, label, now = () => performance.now() } = options;
  const canRedraw = stream.isTTY === true && process.env.TERM !== "dumb";
  const intervalMs = canRedraw ? REDRAW_MS : PLAIN_LINE_MS;
  let first: { readonly done: number; readonly atMs: number } | undefined;
  let last: ProgressUpdate | undefined;
  let shownAtMs = -Infinity;
  let shown = "";
  let hasFinished = false;

  const show = (text: string) => {
    if (canRedraw) stream.write(`\r${fit(text, (stream.columns || DEFAULT_COLUMNS) - 1)}${CLEAR_TO_END}`);
    else if (text !== shown) stream.write(`${text}\n`);
    shown = text;
    shownAtMs = now();
  };
  const describeLast = () => describe(label, last, last === undefined ? undefined : rateOf(last, first, now()));

  return {
    update(update) {
      if (hasFinished) return;
      first ??= { done: update.done, atMs: now() };
      last = update;
      if (now() - shownAtMs >= intervalMs) show(describeLast());
    },
    log(line) {
      const isRedrawn = canRedraw && shown !== "" && !hasFinished;
      stream.write(isRedrawn ? `\r${CLEAR_TO_END}${line}\n` : `${line}\n`);
      if (isRedrawn) show(shown);
    },
    finish(note) {
      if (hasFinished) return;
      if (note !== undefined) last = { done: 0, total: 0, ...last, note };
      if (last !== undefined) {
        show(describeLast());
        if (canRedraw) stream.write("\n");
      }
      hasFinished = true;
    },
  };
}

// counted from the first update, so that a resumed run's earlier work does not inflate it
function rateOf(update: ProgressUpdate, first: { done: number; atMs: number } | undefined, nowMs: number) {
  if (update.ratePerSecond !== undefined) return update.ratePerSecond;
  if (first === undefined || nowMs <= first.atMs || update.done <= first.done) return undefined;
  return ((update.done - first.done) / (nowMs - first.atMs)) * 1000;
}

function describe(label: string, update: ProgressUpdate | undefined, ratePerSecond: number | undefined): string {
  const parts = [label];
  if (update !== undefined && update.total > 0) {
    const percent = Math.floor((100 * update.done) / update.total);
    parts.push(`${formatCount(update.done)}/${formatCount(update.total)} (${percent} %)`);
    const left = update.total - update.done;
    if (left > 0 && ratePerSecond) parts.push(`${formatDuration((left / ratePerSecond) * 1000)} left`);
  }
  if (update?.note) parts.push(update.note);
  return parts.join("  ");
}

function fit(text: string, columns: number): string {
  const characters = [...text.replaceAll(/[\r\n]+/g, " ")];
  return characters.length <= columns ? characters.join("") : `${characters.slice(0, columns - 1).join("")}…`;
}

/** A duration in its two largest units: "850 ms", "4.2 s", "42 s", "1 m 04 s", "3 h 05 m", "2 d 07 h". */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "unknown";
  if (ms < 999.5) return `${Math.round(Math.max(ms, 0))} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return inTwoUnits(seconds, 60, "m", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return inTwoUnits(minutes, 60, "h", "m");
  return inTwoUnits(Math.round(minutes / 60), 24, "d", "h");
}

function inTwoUnits(amount: number, perLarge: number, large: string, small: string): string {
  return `${Math.floor(amount / perLarge)} ${large} ${String(amount % perLarge).padStart(2, "0")} ${small}`;
}

/** A count with its thousands set apart: "1,234,567". */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");
}
