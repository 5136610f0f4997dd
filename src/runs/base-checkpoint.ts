import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { LabelfreeError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { type Checkpoint, loadCheckpoint } from "../model/checkpoint.ts";
import type { BaseSettings } from "../rl/settings.ts";
import { packagePath } from "./package-root.ts";

/** Weights that a run starts from. */
export interface BaseCheckpoint extends Pick<Checkpoint, "config" | "weights"> {
  readonly sha256: string; // of the configuration and the weights' file
}

/**
 * Loads the checkpoint of a tier of this package, or of any directory in Hugging Face layout.
 * @throws LabelfreeError `base/missing`, or what the checkpoint's reader throws.
 */
export function loadBase(base: BaseSettings): BaseCheckpoint {
  const directory = "checkpoint" in base ? resolve(base.checkpoint) : tierDirectory(base.tier, base.baseSeed);
  const { config, weights, sha256 } = loadCheckpoint(directory);
  return { config, weights, sha256: hashJson({ config, weights: sha256 }) };
}

function tierDirectory(tier: string, seed: number): string {
  const all = packagePath("data", "checkpoints");
  const name = `${tier}-${seed}`;
  const directory = join(all, name);
  if (existsSync(directory)) return directory;
  const known = existsSync(all) ? readdirSync(all).sort().join(", ") : "none at all";
  const message = `base: no checkpoint of tier ${tier} with seed ${seed}, got no data/checkpoints/${name}, there is ${known}`;
  throw new LabelfreeError("base/missing", `${message}; make it with labelfree pretrain`, { fields: { tier, seed } });
}
