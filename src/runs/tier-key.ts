import { hashBytes, hashJson } from "../core/hash.ts";
import { kernelBytes } from "../device/wasm/wasm-device.ts";
import { dataHash } from "../tasks/micro/data-hash.ts";
import { evaluationSets } from "../tasks/micro/evaluation-sets.ts";
import type { TierSettings } from "../tasks/micro/tiers.ts";
import { toWorld } from "../tasks/micro/world.ts";
import { packageFacts } from "./package-root.ts";
import { checkBuild, closureOf } from "./source-closure.ts";

/** A tier to pre-train: a name, a seed, and all settings. */
export interface TierRequest {
  readonly tier: string;
  readonly seed: number;
  readonly settings: TierSettings;
}

/** What a tier's bits depend on beside seed and settings, each as SHA-256 (hex). */
export interface TierIngredients {
  /** Of the world, its vocabulary and its held-out problems. */
  readonly world: string;
  /** Of the compiled kernels. */
  readonly kernels: string;
  /** Of the source files that pre-training reaches. */
  readonly source: string;
}

export interface TierKey extends TierIngredients {
  readonly key: string;
}

const ENTRIES = ["src/runs/assemble-pretraining.ts", "src/rl/pretraining.ts", "src/device/wasm/"];

let code: Omit<TierIngredients, "world"> | undefined;

/** The key of a pre-training. Throws LabelfreeError `source/stale-build`, `source/missing` or `device/kernels-missing`. */
export function toTierKey({ tier, seed, settings }: TierRequest): TierKey {
  code ??= { kernels: hashBytes(kernelBytes()), source: pretrainingSource() };
  const ingredients = { world: worldHash(settings), ...code };
  return { ...ingredients, key: hashJson({ tier, seed, settings, ...ingredients }) };
}

/** What a tier and its folder are called, e.g. "xs-1". */
export function nameTier({ tier, seed }: Pick<TierRequest, "tier" | "seed">): string {
  return `${tier}-${seed}`;
}

function worldHash({ world }: TierSettings): string {
  return dataHash(toWorld(world), { ...evaluationSets() });
}

function pretrainingSource(): string {
  const { root, isBuilt } = packageFacts();
  const closure = closureOf(root, ENTRIES);
  if (isBuilt) checkBuild(root, closure);
  return closure.sha256;
}
