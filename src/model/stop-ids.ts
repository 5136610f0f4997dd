import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";

/**
 * The tokens that end a response: `eos_token_id`, a number or a list, of a checkpoint folder's generation_config.json, or
 * where that is silent of its config.json; none if both are. Throws "config/invalid" for anything else.
 */
export function readStopIds(dir: string): number[] {
  for (const name of ["generation_config.json", "config.json"]) {
    const path = join(dir, name);
    if (!existsSync(path)) continue;
    const stop = (readJsonFile(path) as { readonly eos_token_id?: unknown } | null)?.eos_token_id ?? undefined;
    if (stop === undefined) continue;
    const ids: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
    if (ids.every((id): id is number => Number.isSafeInteger(id))) return [...ids];
    const got = JSON.stringify(stop);
    throw new LabelfreeError(
      "config/invalid",
      `${path}: wrong eos_token_id, got ${got}, expected a token id or a list of them`,
    );
  }
  return [];
}
