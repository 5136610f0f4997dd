import type { Finding } from "../findings/finding.ts";
import type { Scale } from "../findings/scale.ts";
import { type Check, failed, guarded, notChecked } from "./check.ts";
import { verifyExtras } from "./verify-extras.ts";

const SECTION = "kept data";

export interface KeptDataOptions {
  /** Folder of a scale's records. */
  readonly folder: string;
  readonly scale: Scale;
  /** Whether to make the data again. */
  readonly isMade: boolean;
  readonly onNotice: (text: string) => void;
  /** Throws where the review was told to stop. */
  readonly goOn: () => void;
}

/** What findings keep beside the runs (vote banks, generated problems), made again. */
export async function checkKeptData(
  findings: readonly Pick<Finding, "name" | "extra">[],
  { folder, scale, isMade, onNotice, goOn }: KeptDataOptions,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const finding of findings) {
    if (finding.extra === undefined) continue;
    goOn();
    const about = { section: SECTION, what: `${finding.name}: ${finding.extra.file}, made again` } as const;
    if (!isMade) {
      checks.push(notChecked(about, "nothing is made again: --sample 0"));
      continue;
    }
    const made = await guarded(about, "data as they were made", async () => {
      const [verified] = await verifyExtras([finding], { folder, scale, onNotice });
      if (verified === undefined) return [notChecked(about, "not run: it is not in the records")];
      const { difference, isStale } = verified;
      const why = isStale ? "stale: kept from other sources, kernels, problems or bases than are here now" : null;
      if (difference !== null) return [failed(about, difference.expected, difference.found, why)];
      return [{ ...about, expected: "the same text", found: "the same text", verdict: "passed", why }];
    });
    checks.push(...made);
  }
  return checks;
}
