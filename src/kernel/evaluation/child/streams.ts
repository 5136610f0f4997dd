// console, process.stdout and process.stderr of the cells: text goes to the parent under the name of the cell that wrote
// it. The real descriptors are left to native code and to programs.

import { Console } from "node:console";
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
