// Base checkpoints against the list of their hashes and their own sealed notes, and what runs started from against both.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../core/canonical-json.ts";
import { readJsonFile } from "../core/atomic-file.ts";
import { hashJson } from "../core/hash.ts";
import { loadCheckpoint } from "../model/checkpoint.ts";
import type { BaseSettings } from "../rl/settings.ts";
import { loadBase } from "../runs/base-checkpoint.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { readSealedJson } from "../runs/sealed-json.ts";
import { tierConfig } from "../runs/tier-config.ts";
import type { TierRecord } from "../runs/tier-store.ts";
import { type Check, compared, errorText, failed, notChecked } from "./check.ts";

const SECTION = "base checkpoints";
const INDEX_FILE = "index.json";
const TIER_FILE = "tier.json";

const indexSchema = z.object({
  tiers: z.array(z.looseObject({ tier: z.string(), seed: z.int(), sha256: z.string(), weightsHash: z.string() })),
});

/** Checks every checkpoint in a folder and in its list. */
export function checkCheckpoints(folder: string): Check[] {
  const folders = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
  const path = join(folder, INDEX_FILE);
  if (!existsSync(path) && folders.length === 0) {
    return [notChecked({ section: SECTION, what: folder }, "there are none; labelfree pretrain makes them")];
  }
  const about = { section: SECTION, what: path } as const;
  try {
    const { tiers } = indexSchema.parse(readJsonFile(path));
    const listed = new Set(tiers.map(({ tier, seed }) => `${tier}-${seed}`));
    const others = folders.filter((name) => !listed.has(name)).sort();
    return [
      ...tiers.flatMap((entry) => checkTier(folder, entry)),
      ...others.map((name) =>
        failed({ section: SECTION, what: join(folder, name) }, `listed in ${INDEX_FILE}`, "not listed"),
      ),
    ];
  } catch (error) {
    return [failed(about, "a list of checkpoints with their hashes", errorText(error))];
  }
}

function checkTier(folder: string, entry: z.infer<typeof indexSchema>["tiers"][number]): Check[] {
  const directory = join(folder, `${entry.tier}-${entry.seed}`);
  return [checkWeights(directory, entry.sha256), checkNote(directory, entry)];
}

function checkWeights(directory: string, sha256: string): Check {
  const about = { section: SECTION, what: `${directory}: weights` } as const;
  const expected = `sha256 ${sha256}`;
  try {
    return compared(about, expected, `sha256 ${loadCheckpoint(directory).sha256}`, "not the weights that are listed");
  } catch (error) {
    return failed(about, expected, errorText(error));
  }
}

/** The sealed note says what the list says, and the configuration is that of its settings. */
function checkNote(directory: string, entry: Readonly<Record<string, unknown>>): Check {
  const about = { section: SECTION, what: join(directory, TIER_FILE) } as const;
  const note = readSealedJson<TierRecord>(join(directory, TIER_FILE));
  if (note === undefined) return failed(about, "as it was sealed", "missing, or changed since");
  const said = Object.fromEntries(Object.keys(entry).map((name) => [name, note[name as keyof TierRecord]]));
  if (canonicalJson(said) !== canonicalJson(entry)) return failed(about, canonicalJson(entry), canonicalJson(said));
  try {
    const { config } = loadCheckpoint(directory);
    const why = "config.json is not that of the settings";
    return compared(
      about,
      `configuration ${hashJson(tierConfig(note.settings))}`,
      `configuration ${hashJson(config)}`,
      why,
    );
  } catch (error) {
    return failed(about, "a configuration", errorText(error));
  }
}

/** What the runs started from against what is there now. */
export function checkBases(records: readonly RecordedRun[]): Check[] {
  const recorded = new Map<string, { base: BaseSettings; hashes: Set<string> }>();
  for (const { result } of records) {
    const { base } = result.run;
    const name = "tier" in base ? `${base.tier}-${base.baseSeed}` : base.checkpoint;
    const known = recorded.get(name) ?? { base, hashes: new Set<string>() };
    known.hashes.add(result.base);
    recorded.set(name, known);
  }
  return [...recorded].map(([name, { base, hashes }]) => {
    const about = { section: SECTION, what: `${name}, as runs started from it` } as const;
    const expected = [...hashes].sort().join(" and ");
    try {
      return compared(about, expected, loadBase(base).sha256, "recorded runs started from other weights");
    } catch (error) {
      return failed(about, expected, errorText(error));
    }
  });
}
