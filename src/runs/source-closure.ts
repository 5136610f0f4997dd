// Which of our own source files can change a run's bits: everything that the run's entry files reach by imports that
// survive compilation (type-only imports are erased and do not count). The files are read as TypeScript even when the
// build runs, so that a checkout, a build and a test give one run the same key; a build that does not come from these
// sources is refused, for its key would name code that did not run. The kernels count as compiled bytes.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { LabelfreeError } from "../core/errors.ts";
import { hashBytes, hashJson } from "../core/hash.ts";
import { packageFacts } from "./package-root.ts";

export interface SourceFile {
  readonly path: string; // relative to the package root, with forward slashes
  readonly sha256: string; // of the text with LF line ends
}

export interface SourceClosure {
  readonly sha256: string; // of the list of files
  readonly files: readonly SourceFile[]; // in order of path
}

/** What a training run executes: base weights, data, the trainer as it is put together, and all of the wasm device. */
const ENTRIES = [
  "src/runs/base-checkpoint.ts",
  "src/runs/training-data.ts",
  "src/runs/assemble-training.ts",
  "src/runs/training-files.ts",
  "src/rl/trainer.ts",
  "src/device/wasm/",
];

let closure: SourceClosure | undefined;

/**
 * The sources behind a training run of this package, hashed; computed once per process.
 * @throws LabelfreeError `source/missing` or `source/stale-build`.
 */
export function sourceClosure(): SourceClosure {
  if (closure === undefined) {
    const { root, isBuilt } = packageFacts();
    closure = closureOf(root, ENTRIES);
    if (isBuilt) checkBuild(root, closure);
  }
  return closure;
}

/**
 * The source files under `root` reached from the entries; an entry that ends in `/` stands for all code files in it.
 * @throws LabelfreeError `source/missing`.
 */
export function closureOf(root: string, entries: readonly string[]): SourceClosure {
  const hashes = new Map<string, string>();
  const waiting = entries.flatMap((entry) => (entry.endsWith("/") ? sourcesIn(root, entry) : [entry]));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (hashes.has(path)) continue;
    const text = readSource(root, path);
    hashes.set(path, hashBytes(text));
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith(".")) waiting.push(posix.join(posix.dirname(path), specifier));
    }
  }
  const files = [...hashes].map(([path, sha256]) => ({ path, sha256 })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { sha256: hashJson(files), files };
}

const STATIC = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s*)?"([^"]+)"/gm;
const WHEN_CALLED = /(?:\bimport\(|\bnew URL\()\s*"(\.[^"]+\.ts)"/g; // workers and devices that load on demand

/** Specifiers that a source file imports at run time, in order; type-only imports are left out. */
export function importsOf(text: string): string[] {
  return [STATIC, WHEN_CALLED].flatMap((pattern) => Array.from(text.matchAll(pattern), (match) => match[1]));
}

const IS_CODE = /\.[jt]s$/;

function sourcesIn(root: string, directory: string): string[] {
  return readdirSync(join(root, directory))
    .filter((name) => IS_CODE.test(name) && !name.endsWith(".d.ts"))
    .map((name) => posix.join(directory, name));
}

function readSource(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
  } catch (cause) {
    const message = `source closure: got no ${path}, expected it beside package.json; install the package again`;
    throw new LabelfreeError("source/missing", message, { cause, fields: { path } });
  }
}

/** Compares the sources with those that the build's source maps carry. Throws LabelfreeError `source/stale-build`. */
export function checkBuild(root: string, { files }: SourceClosure): void {
  const stale = files.filter(({ path, sha256 }) => IS_CODE.test(path) && !isBuiltFrom(root, path, sha256));
  if (stale.length === 0) return;
  const message = `build: dist/ does not come from src/, got another version of ${stale[0].path}; run npm run build`;
  throw new LabelfreeError("source/stale-build", message, { fields: { paths: stale.map(({ path }) => path) } });
}

function isBuiltFrom(root: string, path: string, sha256: string): boolean {
  const map = join(root, path.replace(/^src\//, "dist/").replace(IS_CODE, ".js.map"));
  if (!existsSync(map)) return false;
  const { sourcesContent }: { sourcesContent?: readonly string[] } = JSON.parse(readFileSync(map, "utf8"));
  return sourcesContent === undefined || hashBytes(sourcesContent[0].replaceAll("\r\n", "\n")) === sha256;
}
