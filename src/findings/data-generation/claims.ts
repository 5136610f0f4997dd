import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";
import { ARMS } from "./problem-sets.ts";

const arm = z.enum(ARMS);

const difficultyRule = ruleSchema.extend({
  name: z.literal("failures-rise-with-level-asked"),
  arm,
  tiers: z.array(z.string()).min(1),
});

const refreshRule = ruleSchema.extend({
  name: z.literal("refreshing-lowers-duplicates"),
  first: arm,
  second: arm,
});

export interface DataGenerationClaims {
  readonly difficulty: Claim<z.infer<typeof difficultyRule>>;
  readonly refresh: Claim<z.infer<typeof refreshRule>>;
}

/** Claims 29 and 30 from `data/claims/`. */
export function loadDataGenerationClaims(): DataGenerationClaims {
  return { difficulty: loadClaim("claim-29", difficultyRule), refresh: loadClaim("claim-30", refreshRule) };
}
