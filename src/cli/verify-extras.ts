// The same for what findings keep beside their runs: made again, it is the same text.
import { canonicalJson } from "../core/canonical-json.ts";
import type { Finding } from "../findings/finding.ts";
import { type FindingExtra, readExtra } from "../findings/finding-extra.ts";
import type { Scale } from "../findings/scale.ts";

export interface VerifiedExtra {
  readonly finding: string;
  readonly file: string;
  /** Whether other sources, kernels, problems or base checkpoints than the present ones made what is kept. */
  readonly isStale: boolean;
  readonly ok: boolean;
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
    const ok = contentOf(extra, made) === contentOf(extra, kept);
    verified.push({ finding: name, file: extra.file, isStale, ok });
  }
  return verified;
}

/** Without keys: like a run from other sources, data from other sources may have the same bits. */
function contentOf(extra: FindingExtra, data: unknown): string {
  const keys = extra.keys?.(data) ?? [];
  return keys.reduce((text, key) => text.replaceAll(key, ""), canonicalJson(extra.toJson(data)));
}
