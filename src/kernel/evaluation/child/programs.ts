// Programs that cells start. What they write on inherited descriptors reaches the parent by pipe: around a call that
// waits for a program stand marks, so that its output keeps its place among the cell's; a program that runs beside the
// cell gets pipes of its own, read under the cell's name.

import childProcess, { ChildProcess, type SpawnOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { StringDecoder } from "node:string_decoder";
import type { StreamName } from "../frames.ts";
import { Interrupted } from "./error-report.ts";
import { isInterrupted, SYNC_CHILD } from "./shared-words.ts";

const TICKS_PER_SECOND = 100;

export interface ProgramHooks {
  readonly words: Int32Array;
  /** Puts a mark into all streams. */
  synchronize(): void;
  /** Where text goes that comes from what runs now. */
  writer(): (stream: StreamName, text: string) => void;
}

/** Wraps the functions of node:child_process. */
export function installPrograms(hooks: ProgramHooks): void {
  for (const name of ["spawnSync", "execSync", "execFileSync"] as const) {
    Reflect.set(childProcess, name, waiting(childProcess[name] as (...values: unknown[]) => unknown, hooks));
  }
  const prototype = ChildProcess.prototype as unknown as { spawn(options: SpawnOptions): unknown };
  const spawn = prototype.spawn;
  prototype.spawn = function (this: ChildProcess, options: SpawnOptions): unknown {
    const inherited = withOwnPipes(options);
    const outcome = Reflect.apply(spawn, this, [options]);
    for (const [descriptor, stream] of inherited) read(this, descriptor, hooks.writer(), stream);
    return outcome;
  };
  syncBuiltinESMExports();
}

function waiting(call: (...values: unknown[]) => unknown, hooks: ProgramHooks) {
  return (...values: unknown[]): unknown => {
    const { words } = hooks;
    const isOutermost = words[SYNC_CHILD] === 0; // execSync calls spawnSync
    if (!isOutermost) return call(...values);
    hooks.synchronize();
    Atomics.store(words, SYNC_CHILD, nowTicks());
    let result: unknown;
    let failure: { readonly thrown: unknown } | undefined;
    try {
      result = call(...values);
    } catch (thrown) {
      failure = { thrown };
    }
    Atomics.store(words, SYNC_CHILD, 0);
    hooks.synchronize();
    if (isInterrupted(words)) throw new Interrupted("the cell was interrupted");
    if (failure !== undefined) throw failure.thrown;
    return result;
  };
}

/** The system's clock in the unit in which /proc tells when a process started. */
function nowTicks(): number {
  try {
    return Math.max(1, Math.floor(Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]) * TICKS_PER_SECOND));
  } catch {
    return 1;
  }
}

/** Turns inherited stdout and stderr into pipes; says which. */
function withOwnPipes(options: SpawnOptions): readonly (readonly [number, StreamName])[] {
  const { stdio } = options;
  const list: unknown[] = Array.isArray(stdio) ? [...stdio] : [stdio ?? "pipe", stdio ?? "pipe", stdio ?? "pipe"];
  const inherited: [number, StreamName][] = [];
  for (const descriptor of [1, 2]) {
    const stream = inheritedStream(list[descriptor], descriptor);
    if (stream === undefined) continue;
    list[descriptor] = "pipe";
    inherited.push([descriptor, stream]);
  }
  if (inherited.length > 0) options.stdio = list as Exclude<SpawnOptions["stdio"], undefined>;
  return inherited;
}

function inheritedStream(entry: unknown, descriptor: number): StreamName | undefined {
  const number = entry === "inherit" ? descriptor : entry;
  if (number === 1 || entry === process.stdout) return "stdout";
  return number === 2 || entry === process.stderr ? "stderr" : undefined;
}

function read(
  program: ChildProcess,
  descriptor: number,
  write: (stream: StreamName, text: string) => void,
  stream: StreamName,
): void {
  const pipe = descriptor === 1 ? program.stdout : program.stderr;
  if (pipe == null) return; // it could not be started
  const decoder = new StringDecoder("utf8");
  pipe.on("data", (chunk: Buffer) => write(stream, decoder.write(chunk)));
  pipe.on("end", () => write(stream, decoder.end()));
  program.stdio[descriptor] = null as never;
  Reflect.set(program, descriptor === 1 ? "stdout" : "stderr", null);
}
