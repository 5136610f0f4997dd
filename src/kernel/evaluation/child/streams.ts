// console, process.stdout and process.stderr of the cells: text goes to the parent under the name of the cell that wrote
// it, also what is written to descriptors 1 and 2 through node:fs. The real ones are left to native code and programs.

import { Console } from "node:console";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Writable } from "node:stream";
import type { StreamName } from "../frames.ts";

export type WriteText = (stream: StreamName, text: string) => void;

/** Replaces the process's streams and the console's methods. */
export function installStreams(write: WriteText): void {
  const stdout = cellStream("stdout", 1, write);
  const stderr = cellStream("stderr", 2, write);
  const cells = new Console({ stdout, stderr, colorMode: true });
  for (const name of Object.keys(cells) as (keyof Console)[]) {
    if (typeof cells[name] === "function") Reflect.set(console, name, cells[name]);
  }
  installFileWrites((descriptor, chunk) => (descriptor === 1 ? stdout : stderr).write(chunk));
  Object.defineProperty(process, "stdout", { value: stdout, configurable: true, writable: true, enumerable: true });
  Object.defineProperty(process, "stderr", { value: stderr, configurable: true, writable: true, enumerable: true });
}

function cellStream(name: StreamName, descriptor: number, write: WriteText): Writable {
  const stream = new Writable({ decodeStrings: false });
  const decoder = new TextDecoder();
  const take = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof chunk === "string") {
      const isText = typeof encoding !== "string" || /^utf-?8$/i.test(encoding);
      write(name, isText ? chunk : decoder.decode(Buffer.from(chunk, encoding as BufferEncoding), { stream: true }));
    } else write(name, decoder.decode(chunk as Uint8Array, { stream: true }));
    if (typeof callback === "function") process.nextTick(callback);
    return true;
  };
  stream.write = take;
  stream._write = (chunk: unknown, encoding, done) => take(chunk, encoding, done);
  return Object.assign(stream, { fd: descriptor, columns: 120, _type: "pipe" });
}

type Write = (descriptor: 1 | 2, chunk: string | Uint8Array) => void;
type AnyFunction = (...values: unknown[]) => unknown;

/** fs.write and fs.writeSync to descriptors 1 and 2. */
function installFileWrites(write: Write): void {
  const { writeSync, write: writeLater } = fs as unknown as Readonly<Record<"writeSync" | "write", AnyFunction>>;
  const take = (descriptor: 1 | 2, data: unknown, rest: readonly unknown[]): number => {
    if (typeof data === "string") {
      write(descriptor, data);
      return Buffer.byteLength(data);
    }
    const { buffer, byteOffset, byteLength } = data as Uint8Array;
    const [offset, length] = rest.map((value) => (typeof value === "number" ? value : undefined));
    const bytes = new Uint8Array(buffer, byteOffset + (offset ?? 0), length ?? byteLength - (offset ?? 0));
    write(descriptor, bytes);
    return bytes.length;
  };
  const isTaken = (descriptor: unknown, data: unknown): descriptor is 1 | 2 =>
    (descriptor === 1 || descriptor === 2) && (typeof data === "string" || ArrayBuffer.isView(data));
  Reflect.set(fs, "writeSync", (descriptor: unknown, data: unknown, ...rest: unknown[]) =>
    isTaken(descriptor, data) ? take(descriptor, data, rest) : writeSync(descriptor, data, ...rest),
  );
  Reflect.set(fs, "write", (descriptor: unknown, data: unknown, ...rest: unknown[]) => {
    const done = rest.at(-1);
    if (!isTaken(descriptor, data) || typeof done !== "function") return writeLater(descriptor, data, ...rest);
    const written = take(descriptor, data, rest);
    process.nextTick(done, null, written, data);
  });
  syncBuiltinESMExports();
}
