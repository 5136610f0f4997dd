// What the user sees as source of a script: a cell by its code, a local module by its file. V8 knows scripts by the
// names that they were run under, and their positions as they were compiled.

import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Position } from "../evaluation/transform/position.ts";
import type { InspectedThread } from "./inspected-thread.ts";
import { murmur2 } from "./murmur2.ts";

/** How clients make a cell's path of its code; no such file needs to exist. */
export const CELL_PATHS = {
  hashMethod: "Murmur2",
  hashSeed: 0x6c667265,
  tmpFilePrefix: join(tmpdir(), `labelfree-${process.pid}`) + sep,
  tmpFileSuffix: ".ts",
} as const;

export interface Source {
  readonly path: string;
  readonly name: string; // of the script
}

function cellPath(code: string): string {
  return `${CELL_PATHS.tmpFilePrefix}${murmur2(code, CELL_PATHS.hashSeed)}${CELL_PATHS.tmpFileSuffix}`;
}

const CELL = /^cell\[\d+\]\.ts$/;
const VIEW = "__labelfree.debug"; // see evaluation/child/debug-view.ts

export class Sources {
  readonly #thread: InspectedThread;
  readonly #names = new Map<string, string>(); // of scripts, by V8's id
  readonly #known = new Map<string, Source | undefined>(); // by V8's id
  readonly #codes = new Map<string, string>(); // by path

  constructor(thread: InspectedThread) {
    this.#thread = thread;
  }

  /** Takes a cell's code; returns the path under which it is known from now on. */
  add(code: string): string {
    const path = cellPath(code);
    this.#codes.set(path, code);
    return path;
  }

  codeOf(path: string): string | undefined {
    return this.#codes.get(path);
  }

  parsed(scriptId: string, name: string): void {
    if (CELL.test(name) || name.startsWith("file:")) this.#names.set(scriptId, name);
  }

  /** The source of a script of V8's; undefined for all that is not the user's own. */
  async of(scriptId: string): Promise<Source | undefined> {
    const name = this.#names.get(scriptId);
    if (name === undefined) return undefined;
    if (this.#known.has(scriptId)) return this.#known.get(scriptId);
    const code = await this.#thread.valueOf<string | null>(`${VIEW}.code(${JSON.stringify(name)})`);
    const source =
      code === null ? undefined : { name, path: CELL.test(name) ? this.add(code) : this.#addFile(name, code) };
    this.#known.set(scriptId, source);
    return source;
  }

  /** The scripts that have run and show this source, in their order. */
  async scriptsOf(path: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const scriptId of this.#names.keys()) if ((await this.of(scriptId))?.path === path) ids.push(scriptId);
    return ids;
  }

  /** Where compiled positions lie in the source. */
  toSource({ name }: Source, positions: readonly Position[]): Promise<readonly Position[]> {
    if (positions.length === 0) return Promise.resolve([]);
    return this.#thread.valueOf(`${VIEW}.toSource(${JSON.stringify(name)}, ${JSON.stringify(positions)})`);
  }

  /** The local modules that were loaded. */
  async modules(): Promise<readonly Source[]> {
    const found = await Promise.all([...this.#names.keys()].map((scriptId) => this.of(scriptId)));
    return found.filter((source) => source !== undefined && !CELL.test(source.name)) as Source[];
  }

  #addFile(url: string, code: string): string {
    const path = fileURLToPath(url);
    this.#codes.set(path, code);
    return path;
  }
}
