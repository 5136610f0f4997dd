// What a notebook's outputs were drawn from, and whether that has changed since: the hash of the code behind the runs
// against that of the code that is here, and the hash of each rule against the claim's present one.

import { z } from "zod";
import { hashJson } from "../../core/hash.ts";
import { isCode, type Notebook } from "../notebook.ts";

/** Under this type a cell shows what it was made from, as data. */
export const PROVENANCE_TYPE = "application/vnd.labelfree.provenance+json";

const sourcesSchema = z.object({
  scale: z.string(),
  runKeys: z.array(z.string()),
  codeHash: z.string(),
  ruleHashes: z.record(z.string(), z.string()),
});

/** As in the provenance of a figure. */
export interface Sources {
  readonly scale: string;
  readonly runKeys: readonly string[];
  readonly codeHash: string;
  /** By claim. */
  readonly ruleHashes: Readonly<Record<string, string>>;
}

/** The sources that are here now. */
export interface PresentSources {
  readonly codeHash: string;
  /** By claim. */
  readonly ruleHashes: Readonly<Record<string, string>>;
}

export interface Freshness {
  /** One sentence without its stop. */
  readonly text: string;
  readonly isStale: boolean;
}

const SHORT = 8;

/** What the last cell that says so was made from; null where none does. */
export function sourcesOf({ cells }: Notebook): Sources | null {
  const outputs = cells.filter(isCode).flatMap((cell) => cell.outputs);
  for (const output of outputs.reverse()) {
    if (output.output_type !== "display_data" && output.output_type !== "execute_result") continue;
    const parsed = sourcesSchema.safeParse(output.data[PROVENANCE_TYPE]);
    if (parsed.success) return parsed.data;
  }
  return null;
}

/** Whether what was drawn from these sources would be drawn so now. */
export function freshnessOf({ runKeys, codeHash, ruleHashes }: Sources, present: PresentSources): Freshness {
  const from =
    runKeys.length === 1
      ? `run ${runKeys[0].slice(0, SHORT)}`
      : `${runKeys.length} runs, together ${hashJson([...runKeys].sort()).slice(0, SHORT)}`;
  const rules = Object.entries(ruleHashes)
    .filter(([claim, hash]) => present.ruleHashes[claim] !== hash)
    .map(([claim]) => claim);
  const isOther = codeHash !== present.codeHash;
  const changes = [
    ...(isOther ? ["source changed since"] : []),
    ...(rules.length > 0 ? [`rule of ${rules.join(", ")} changed since`] : []),
  ];
  return {
    text: `Drawn from ${from}; ${changes.join("; ") || "source unchanged since"}`,
    isStale: changes.length > 0,
  };
}
