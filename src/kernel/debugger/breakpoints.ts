// Breakpoints are asked for by source and line, mostly before the code has run. V8 sets them in scripts, so each script
// is held before its first statement until its breakpoints are set (see CellDebugger).

import type { InspectedThread } from "./inspected-thread.ts";
import type { Source, Sources } from "./sources.ts";

export interface Breakpoint {
  readonly line: number; // from 1
  readonly condition?: string;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

const NO_CODE = /^\s*(?:\/\/.*|\/\*.*|\*.*|[\]})]*[;,]?)\s*$/;

export class Breakpoints {
  readonly #thread: InspectedThread;
  readonly #sources: Sources;
  readonly #wanted = new Map<string, readonly Breakpoint[]>(); // by path
  readonly #set = new Map<string, string[]>(); // V8's ids, by path

  constructor(thread: InspectedThread, sources: Sources) {
    this.#thread = thread;
    this.#sources = sources;
  }

  /** Replaces the breakpoints of a source; those on a line without code move to the next that has some. */
  async replace(path: string, asked: readonly Breakpoint[]): Promise<readonly Breakpoint[]> {
    const lines = this.#sources.codeOf(path)?.split("\n") ?? [];
    const wanted = asked.map(({ line, ...rest }) => {
      const next = lines.findIndex((text, index) => index >= line - 1 && !NO_CODE.test(text));
      return { ...rest, line: next < 0 ? line : next + 1 };
    });
    await this.#unset(path);
    this.#wanted.set(path, wanted);
    for (const scriptId of await this.#sources.scriptsOf(path)) await this.place(scriptId);
    return wanted;
  }

  /** Sets what is wanted in a script that has just been compiled, or was long ago. */
  async place(scriptId: string): Promise<void> {
    const source = await this.#sources.of(scriptId);
    const wanted = source && this.#wanted.get(source.path);
    if (source === undefined || wanted === undefined || wanted.length === 0) return;
    const places = await this.#placesIn(scriptId, source);
    for (const { line, condition } of wanted) {
      const place = places.find((candidate) => candidate.line === line);
      if (place === undefined) continue;
      const options = { location: place.location, ...(condition === undefined ? {} : { condition }) };
      const { breakpointId } = await this.#thread.call<{ breakpointId: string }>("Debugger.setBreakpoint", options);
      this.#set.set(source.path, [...(this.#set.get(source.path) ?? []), breakpointId]);
    }
  }

  list(): readonly { readonly source: string; readonly breakpoints: readonly Breakpoint[] }[] {
    return [...this.#wanted].map(([source, breakpoints]) => ({ source, breakpoints }));
  }

  async #placesIn(scriptId: string, source: Source): Promise<readonly { line: number; location: Location }[]> {
    const start = { scriptId, lineNumber: 0, columnNumber: 0 };
    const found = await this.#thread.call<{ locations: Location[] }>("Debugger.getPossibleBreakpoints", { start });
    const locations = found.locations.map(({ lineNumber, columnNumber }) => ({ scriptId, lineNumber, columnNumber }));
    const compiled = locations.map(({ lineNumber, columnNumber }) => ({
      line: lineNumber + 1,
      column: columnNumber + 1,
    }));
    const positions = await this.#sources.toSource(source, compiled);
    return locations.map((location, index) => ({ location, line: positions[index].line }));
  }

  async #unset(path: string): Promise<void> {
    const ids = this.#set.get(path) ?? [];
    this.#set.delete(path);
    for (const breakpointId of ids) await this.#thread.call("Debugger.removeBreakpoint", { breakpointId });
  }
}
