// The finished tiers, `<out>/<tier>-<seed>/`: a checkpoint in Hugging Face layout and tier.json, which is written last and
// says what the weights are and how they came to be. `<out>/index.json` lists the whole ones; its bytes depend on them only.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../core/atomic-file.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { formatError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { loadCheckpoint, saveCheckpoint } from "../model/checkpoint.ts";
import { readSealedJson, sealJson } from "./sealed-json.ts";
import { tierConfig } from "./tier-config.ts";
import { nameTier, type TierIngredients, type TierRequest, toTierKey } from "./tier-key.ts";

/** The content of tier.json. */
export interface TierRecord extends TierRequest, TierIngredients {
  /** Steps done; fewer than the settings' where the placement was reached earlier. */
  readonly steps: number;
  /** Last measured accuracy of the averaged weights on the placement set, 0-1. */
  readonly placementAccuracy: number | null;
  /** Of model.safetensors. */
  readonly sha256: string;
  readonly weightsHash: string;
}

/** What lies in a tier's folder: nothing, a whole tier, or one that is not as it should be. */
export interface FoundTier {
  readonly record?: TierRecord | undefined;
  readonly problem?: string;
}

const TIER_FILE = "tier.json";
const INDEX_FILE = "index.json";

export function tierDirectory(out: string, tier: Pick<TierRequest, "tier" | "seed">): string {
  return join(out, nameTier(tier));
}

/** Looks for the tier of a request; it is whole if there is a record and no problem. */
export function findTier(out: string, request: TierRequest): FoundTier {
  const directory = tierDirectory(out, request);
  if (!existsSync(directory)) return {};
  const found = readTier(directory);
  const { record } = found;
  if (record === undefined || found.problem !== undefined) return found;
  const madeFor = ({ tier, seed, settings }: TierRequest) => hashJson({ tier, seed, settings });
  if (madeFor(record) !== madeFor(request)) return { record, problem: "made with other settings" };
  if (record.world !== toTierKey(request).world) return { record, problem: "made in another world" };
  return found;
}

function readTier(directory: string): FoundTier {
  const record = readSealedJson<TierRecord>(join(directory, TIER_FILE));
  if (record === undefined) return { problem: `${TIER_FILE} is missing or not as it was written` };
  try {
    const { config, sha256 } = loadCheckpoint(directory);
    if (sha256 !== record.sha256) return { record, problem: "model.safetensors is not as it was written" };
    if (hashJson(config) !== hashJson(tierConfig(record.settings))) {
      return { record, problem: "config.json is not as it was written" };
    }
    return { record };
  } catch (error) {
    return { record, problem: formatError(error) };
  }
}

/** Writes a tier's folder. Throws LabelfreeError `file/no-space` or `file/not-writable`; tier.json does not fit then. */
export function saveTier(
  out: string,
  facts: Omit<TierRecord, "sha256">,
  weights: ReadonlyMap<string, Float32Array>,
): TierRecord {
  const directory = tierDirectory(out, facts);
  const { sha256 } = saveCheckpoint(directory, tierConfig(facts.settings), weights);
  const record = { ...facts, sha256 };
  writeFileAtomic(join(directory, TIER_FILE), sealJson(sorted(record)));
  return record;
}

/** Rewrites the list of all whole tiers under `out`, by name and seed; returns its path. */
export function writeTierIndex(out: string): string {
  const names = existsSync(out) ? readdirSync(out).sort() : [];
  const tiers = names.flatMap((name) => {
    const { record, problem } = existsSync(join(out, name, TIER_FILE)) ? readTier(join(out, name)) : {};
    if (record === undefined || problem !== undefined || name !== nameTier(record)) return [];
    const { tier, seed, steps, placementAccuracy, sha256, weightsHash } = record;
    return [{ tier, seed, steps, placementAccuracy, sha256, weightsHash }];
  });
  tiers.sort((a, b) => (a.tier === b.tier ? a.seed - b.seed : a.tier < b.tier ? -1 : 1));
  const path = join(out, INDEX_FILE);
  if (existsSync(out)) writeFileAtomic(path, `${JSON.stringify(sorted({ tiers }), null, 2)}\n`);
  return path;
}

/** The same value with the members of its objects in canonical order. */
function sorted(value: object): object {
  return JSON.parse(canonicalJson(value));
}
