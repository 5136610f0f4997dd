// Trains tiers again, from nothing and in a temporary folder, and compares the weights with those that are there.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabelfreeError } from "../core/errors.ts";
import { isInterruption } from "./interruption.ts";
import { type PretrainTiersOptions, pretrainTiers } from "./pretrain-tiers.ts";
import { nameTier, type TierRequest } from "./tier-key.ts";
import { findTier } from "./tier-store.ts";

export interface CheckedTier {
  readonly tier: string;
  readonly seed: number;
  /** SHA-256 of the recorded model.safetensors; null if there is no record. */
  readonly committed: string | null;
  /** SHA-256 of the newly trained one. */
  readonly trained: string;
  readonly isSame: boolean;
  /** What is wrong with the files that are there, e.g. that they were made with other settings. */
  readonly problem: string | null;
}

/** Throws what `pretrainTiers` throws; a tier with other bits is no error here. Writes nothing under `out`. */
export async function checkTiers(
  requests: readonly TierRequest[],
  { out, ...options }: Omit<PretrainTiersOptions, "work" | "force">,
): Promise<CheckedTier[]> {
  const temporary = mkdtempSync(join(tmpdir(), "labelfree-check-"));
  try {
    const folders = { out: join(temporary, "out"), work: join(temporary, "work") };
    const outcomes = await pretrainTiers(requests, { ...options, ...folders });
    return requests.map((request, index) => {
      const { tier, seed } = request;
      const { record, problem = record === undefined ? "it is not there" : null } = findTier(out, request);
      const trained = outcomes[index].record.sha256;
      const committed = record?.sha256 ?? null;
      return { tier, seed, committed, trained, isSame: problem === null && committed === trained, problem };
    });
  } catch (error) {
    if (!(error instanceof LabelfreeError && isInterruption(error))) throw error;
    throw new LabelfreeError(error.code, "check: stopped before its end; of a check nothing is kept");
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Throws LabelfreeError `pretrain/different-bits`, with both hashes of each tier that differs. */
export function assertSameBits(tiers: readonly CheckedTier[]): void {
  const different = tiers.filter(({ isSame }) => !isSame);
  if (different.length === 0) return;
  const list = different.map(({ committed, trained, problem, ...tier }) => {
    const reason = problem === null ? "" : ` (${problem})`;
    return `\n  ${nameTier(tier)}: got ${trained}, expected ${committed ?? "a record"}${reason}`;
  });
  const message = `check: ${different.length} of ${tiers.length} tiers are not the same bits:${list.join("")}`;
  throw new LabelfreeError("pretrain/different-bits", message, { fields: { different } });
}
