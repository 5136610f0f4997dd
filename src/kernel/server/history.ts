import { globTest } from "./glob.ts";
import { appendEntry, claimSession, type HistoryEntry, readEntries, storedSessions } from "./history-files.ts";

/** A cell of the history as a reply has it: session, line, and input or [input, output]. */
export type HistoryRow = readonly [session: number, line: number, source: string | readonly [string, string | null]];

const LONGEST_INPUT = 1_000_000; // characters; longer cells are run, not remembered
const LONGEST_OUTPUT = 10_000;

/** The cells of this session and of earlier ones of the same user; in memory alone without a directory. */
export class History {
  readonly #directory: string | undefined;
  readonly #report: (error: unknown) => void;
  readonly #entries: HistoryEntry[] = [];
  #session: number | undefined; // claimed by the first cell: kernels that run none leave no file
  #isStored: boolean;

  constructor(directory: string | undefined, report: (error: unknown) => void = () => undefined) {
    this.#directory = directory;
    this.#report = report;
    this.#isStored = directory !== undefined;
  }

  add(line: number, input: string, output: string | undefined): void {
    if (input.length > LONGEST_INPUT) return;
    const entry = { line, input, output: output?.slice(0, LONGEST_OUTPUT) ?? null };
    this.#entries.push(entry);
    if (!this.#isStored || this.#directory === undefined) return;
    try {
      this.#session ??= claimSession(this.#directory);
      appendEntry(this.#directory, this.#session, entry);
    } catch (error) {
      this.#isStored = false; // once is enough to tell
      this.#report(error);
    }
  }

  /** Answers the content of a history_request. */
  request(content: Readonly<Record<string, unknown>>): readonly HistoryRow[] {
    const withOutput = content.output === true;
    const toRow = ([session, { line, input, output }]: readonly [number, HistoryEntry]): HistoryRow =>
      withOutput ? [session, line, [input, output]] : [session, line, input];
    const count = (name: string) => (typeof content[name] === "number" ? content[name] : undefined);
    switch (content.hist_access_type) {
      case "tail":
        return [...take(this.#newestFirst(), count("n"))].reverse().map(toRow);
      case "range":
        return this.#range(count("session") ?? 0, count("start") ?? 0, count("stop")).map(toRow);
      case "search": {
        const pattern = typeof content.pattern === "string" ? content.pattern : "*";
        return [...take(this.#search(pattern, content.unique === true), count("n"))].reverse().map(toRow);
      }
      default:
        return [];
    }
  }

  #number(): number {
    if (this.#session !== undefined) return this.#session;
    return (this.#directory === undefined ? 0 : (storedSessions(this.#directory).at(-1) ?? 0)) + 1;
  }

  // session 0 is this one, -1 the one before it
  #range(session: number, start: number, stop: number | undefined): readonly (readonly [number, HistoryEntry])[] {
    const current = this.#number();
    const number = session <= 0 ? current + session : session;
    const entries =
      number === current || this.#directory === undefined ? this.#entries : readEntries(this.#directory, number);
    if (number !== current && this.#directory === undefined) return [];
    return entries
      .filter(({ line }) => line >= start && (stop === undefined || line < stop))
      .map((entry) => [number, entry] as const);
  }

  *#newestFirst(): Generator<readonly [number, HistoryEntry]> {
    const current = this.#number();
    for (const entry of this.#entries.toReversed()) yield [current, entry];
    if (this.#directory === undefined) return;
    for (const session of storedSessions(this.#directory).toReversed()) {
      if (session === current) continue;
      for (const entry of readEntries(this.#directory, session).toReversed()) yield [session, entry];
    }
  }

  *#search(pattern: string, isUnique: boolean): Generator<readonly [number, HistoryEntry]> {
    const isMatch = globTest(pattern);
    const seen = new Set<string>();
    for (const found of this.#newestFirst()) {
      const { input } = found[1];
      if (!isMatch(input) || (isUnique && seen.has(input))) continue;
      seen.add(input);
      yield found;
    }
  }
}

function* take<T>(items: Iterable<T>, count: number | undefined): Generator<T> {
  let left = count ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}
