// Stack traces in the cell's own lines and columns, without the kernel's frames.

import { fileURLToPath } from "node:url";
import type { Position } from "../transform/edits.ts";

/** What was run under a script's name. */
export interface ScriptSource {
  readonly name: string;
  readonly code: string;
  toCell(position: Position): Position;
}

export interface ErrorPlace extends Position {
  readonly source: ScriptSource;
}

/** Name of the file as which packages are imported. */
export const IMPORTER_FILE = "notebook.mjs";

const sources = new Map<string, ScriptSource>();
const ownFolder = fileURLToPath(new URL("../..", import.meta.url));
const HIDDEN = /^node:(?:internal|inspector|async_hooks|vm)|^internal\//;
const BOOKKEEPING = /^node:(?:internal\/(?:async_hooks|process|timers)|timers$|async_hooks)/;
const STACK_FRAMES = 20;

export function rememberSource(source: ScriptSource): void {
  sources.set(source.name, source);
}

/** Makes every error of this process tell its stack in this way. */
export function installStackTraces(): void {
  Error.stackTraceLimit = STACK_FRAMES;
  Error.prepareStackTrace = (error, frames) => {
    const lines = shownFrames(frames).map((frame) => `\n    at ${frameText(frame)}`);
    return `${errorHeader(error)}${lines.join("")}`;
  };
}

/** Whether code of cells or packages runs now, and not at a moment at which Node keeps its async ids. */
export function isInForeignCode(): boolean {
  const frames = currentFrames();
  const own = frames.findIndex((frame) => !isKernelFile(frame.getScriptNameOrSourceURL() ?? ""));
  const innermost = frames[own]?.getScriptNameOrSourceURL() ?? "";
  if (BOOKKEEPING.test(innermost)) return false;
  return frames.some((frame) => {
    const file = frame.getScriptNameOrSourceURL();
    return file !== null && file !== "" && file !== undefined && !file.startsWith("node:") && !isKernelFile(file);
  });
}

function currentFrames(): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    Error.prepareStackTrace = (_error, frames) => frames;
    return new Error().stack as unknown as NodeJS.CallSite[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The innermost place of a stack that lies in a cell or a local module. */
export function placeOf(stack: string): ErrorPlace | undefined {
  for (const match of stack.matchAll(/\n {4}at .*?([^\s()]+):(\d+):(\d+)\)?(?=\n|$)/g)) {
    const source = sources.get(match[1]);
    if (source !== undefined) return { source, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

export function sourceOf(name: string): ScriptSource | undefined {
  return sources.get(name);
}

/** Without the kernel's frames, and without what stands between them and the cell's. */
function shownFrames(frames: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  const outermost = frames.findLastIndex((frame) => frame.getScriptNameOrSourceURL() && !isHidden(frame));
  const shown = frames.slice(0, outermost + 1).filter((frame) => !isHidden(frame));
  return outermost < 0 && !frames.some(isHidden) ? frames : shown;
}

function isHidden(frame: NodeJS.CallSite): boolean {
  const file = frame.getScriptNameOrSourceURL();
  if (file === null || file === undefined) return false;
  if (HIDDEN.test(file)) return true;
  return isKernelFile(file);
}

function isKernelFile(file: string): boolean {
  const path = file.startsWith("file://") ? fileURLToPath(file) : file;
  return path.startsWith(ownFolder) || path.endsWith(`/${IMPORTER_FILE}`);
}

function frameText(frame: NodeJS.CallSite): string {
  const text = `${frame as { toString(): string }}`;
  const name = frame.getScriptNameOrSourceURL();
  const source = name ? sources.get(name) : undefined;
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (source === undefined || line === null || column === null) return text;
  const place = source.toCell({ line, column });
  return text.replace(`${name}:${line}:${column}`, `${name}:${place.line}:${place.column}`);
}

function errorHeader(error: Error): string {
  try {
    const text: string = Error.prototype.toString.call(error);
    const { code } = error as { code?: unknown };
    if (typeof code !== "string" || !code.startsWith("ERR_") || text.includes(`[${code}]`)) return text;
    return text.replace(error.name, `${error.name} [${code}]`);
  } catch {
    return "Error";
  }
}
