import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = process.env.LABELFREE_SHARED ?? fileURLToPath(new URL("../../shared", import.meta.url));

/** Absolute path of a reference file kept beside the repository, undefined when it is not there. */
export function sharedPath(path: string): string | undefined {
  const full = `${ROOT}/${path}`;
  return existsSync(full) ? full : undefined;
}
