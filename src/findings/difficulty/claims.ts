import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";

const method = z.enum(["grpo", "ttrl", "intuitor", "cuma", "random", "format"]);

const difficultyRule = ruleSchema.extend({
  name: z.literal("easy-data-succeeds-hard-data-fails"),
  method,
  /** The control with labels, which does not decide. */
  labelledMethod: method,
  weakestTier: z.string(),
  /** Hardest level of the easiest and of the hardest training set. */
  easiest: z.int(),
  hardest: z.int(),
});

export type DifficultyClaim = Claim<z.infer<typeof difficultyRule>>;

/** Claim 4 from `data/claims/`. */
export function loadDifficultyClaim(): DifficultyClaim {
  return loadClaim("claim-4", difficultyRule);
}
