// Stack traces in the cell's own lines and columns, without the kernel's frames.

import { fileURLToPath } from "node:url";
import type { Position } from "../transform/position.ts";

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
const ASYNC_HOOKS = /^node:internal\/async_hooks$/;
const TASK_QUEUES = /^node:internal\/process\/task_queues$/;
const MICROTASKS = /^node:internal\/(?:process\/task_queues|async_hooks)$/;
const BOOKKEEPING = /^node:(?:async_hooks|timers|internal\/(?:process\/promises|timers))$/;
const STACK_FRAMES = 20;

export function rememberSource(source: ScriptSource): void {
  sources.set(source.name, source);
}

/** Makes every error of this process tell its stack in this way. */
export function installStackTraces(): void {
  learnMicrotasksLine();
  Error.stackTraceLimit = STACK_FRAMES;
  Error.prepareStackTrace = (error, frames) => {
    const lines = shownFrames(frames).map((frame) => `\n    at ${frameText(frame)}`);
    return `${errorHeader(error)}${lines.join("")}`;
  };
}

/**
 * Where this thread is: in code of cells or packages, where it may be cut; between promise callbacks or in no JavaScript,
 * where it is to be cut only when that never ends; or in code of Node or the kernel that must not be cut.
 */
export function whereInterrupted(): "foreign" | "between" | "nowhere" | "internal" {
  const frames = currentFrames().filter((frame) => !isKernelFile(fileOf(frame)));
  const innermost = frames.find((frame) => fileOf(frame) !== "");
  if (innermost !== undefined && isEnteringCallback(innermost)) return "internal";
  const files = frames.map(fileOf).filter((file) => file !== "");
  if (files.length === 0) return "nowhere";
  if (files.every((file) => MICROTASKS.test(file))) return "between";
  return files.some((file) => !file.startsWith("node:")) ? "foreign" : "internal";
}

/** Node is about to note the async id of a callback, which nothing would take away if the callback were cut. */
function isEnteringCallback(frame: NodeJS.CallSite): boolean {
  const file = fileOf(frame);
  if (ASYNC_HOOKS.test(file)) return /before|push/i.test(frame.getFunctionName() ?? "");
  if (TASK_QUEUES.test(file)) return frame.getLineNumber() !== microtasksLine;
  return BOOKKEEPING.test(file);
}

/** Where Node runs promise callbacks, in its own file. */
let microtasksLine: number | null = null;

function learnMicrotasksLine(): void {
  process.nextTick(() =>
    Promise.resolve().then(() => {
      microtasksLine =
        currentFrames()
          .find((frame) => TASK_QUEUES.test(fileOf(frame)))
          ?.getLineNumber() ?? null;
    }),
  );
}

function fileOf(frame: NodeJS.CallSite): string {
  return frame.getScriptNameOrSourceURL() || "";
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
