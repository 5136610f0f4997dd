import { z } from "zod";
import { parseClaimFile } from "../claim.ts";

const paperLengthsSchema = z.strictObject({
  source: z.string(),
  unit: z.string(),
  rows: z.array(z.strictObject({ size: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});

/** The paper's response lengths before and after training, as the review words them; unknown ones are null. */
export type PaperLengths = z.infer<typeof paperLengthsSchema>;

/** Reads `data/claims/paper-lengths.json`. */
function loadPaperLengths(): PaperLengths {
  return parseClaimFile("paper-lengths.json", paperLengthsSchema);
}

/** The paper's lengths as a sentence, an unknown one as "?". */
export function describePaperLengths({ rows }: PaperLengths = loadPaperLengths()): string {
  const sizes = rows.map(({ size, before, after }) => {
    if (before !== null && before === after) return `${size} stays at ${before}`;
    return before === null && after === null ? `${size} ?` : `${size} from ${before ?? "?"} to ${after ?? "?"}`;
  });
  return `the paper's figure (method and benchmark not known), in tokens: ${sizes.join(", ")}`;
}
