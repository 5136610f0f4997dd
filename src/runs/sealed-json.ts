// JSON files that know whether they are as they were written: beside the content stands the hash of the content.

import { readFileSync } from "node:fs";
import { hashJson } from "../core/hash.ts";

/** Readable JSON text of an object, with its seal. */
export function sealJson(content: object): string {
  return `${JSON.stringify({ ...content, seal: hashJson(content) }, null, 2)}\n`;
}

/** The object in a sealed file, or undefined if the file is not as it was written or cannot be read. */
export function readSealedJson<T extends object>(path: string): T | undefined {
  try {
    const { seal, ...content }: { seal?: unknown } & T = JSON.parse(readFileSync(path, "utf8"));
    return seal === hashJson(content) ? (content as unknown as T) : undefined;
  } catch {
    return undefined;
  }
}
