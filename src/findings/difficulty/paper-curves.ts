import { z } from "zod";
import { parseClaimFile } from "../claim.ts";

const paperCurvesSchema = z.strictObject({
  source: z.string(),
  unit: z.string(),
  size: z.string(),
  /** By rank of ability only. */
  tierInItsPlace: z.string(),
  curves: z.array(
    z.strictObject({
      benchmark: z.string(),
      /** By hardest level trained on, in the words of the source; null: not known. */
      byHardestLevel: z.record(z.string(), z.string().nullable()),
    }),
  ),
});

/** What is known of the paper's curves of accuracy by difficulty. */
export type PaperCurves = z.infer<typeof paperCurvesSchema>;

/** Reads `data/claims/paper-difficulty.json`. */
export function loadPaperCurves(): PaperCurves {
  return parseClaimFile("paper-difficulty.json", paperCurvesSchema);
}
