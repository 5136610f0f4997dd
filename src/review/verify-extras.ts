// What findings keep beside their runs put to the test: made again, it is the same text.
import { canonicalJson } from "../core/canonical-json.ts";
import type { Finding } from "../findings/finding.ts";
import { type FindingExtra, readExtra } from "../findings/finding-extra.ts";
import type { Scale } from "../findings/scale.ts";
import { firstDifference, type TextPair } from "./first-difference.ts";

export interface VerifiedExtra {
  readonly finding: string;
  readonly file: string;
  /** Whether other sources, kernels, problems or base checkpoints than the present ones made what is kept. */
  readonly isStale: boolean;
  readonly ok: boolean;
  /** Where they differ first: what is made now, and what is kept. */
  readonly difference: TextPair | null;
}

/** Makes the kept data of findings again, those that the folder has. */
export async function verifyExtras(
  findings: readonly Pick<Finding, "name" | "extra">[],
  { folder, scale, onNotice }: { folder: string; scale: Scale; onNotice: (text: string) => void },
): Promise<VerifiedExtra[]> {
  const verified: VerifiedExtra[] = [];
  for (const { name, extra } of findings) {
    const kept = extra === undefined ? undefined : readExtra(extra, folder);
    if (extra === undefined || kept === undefined) continue;
    const made = await extra.make(scale, (text) => onNotice(`${name}: ${text}`));
    const isStale = !extra.isCurrent(kept, scale);
    const difference = firstDifference(contentOf(extra, made), contentOf(extra, kept));
    verified.push({ finding: name, file: extra.file, isStale, ok: difference === null, difference });
  }
  return verified;
}

/** Without keys: like a run from other sources, data from other sources may have the same bits. */
function contentOf(extra: FindingExtra, data: unknown): string {
  const keys = extra.keys?.(data) ?? [];
  return keys.reduce((text, key) => text.replaceAll(key, ""), canonicalJson(extra.toJson(data)));
}
