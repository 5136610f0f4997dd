import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";

const labelFree = z.enum(["ttrl", "intuitor", "cuma"]);

const thresholdRule = ruleSchema.extend({
  name: z.literal("threshold-of-ability"),
  method: labelFree,
  /** With fewer base checkpoints nothing is concluded. */
  fewestSeeds: z.int().min(2),
  /** The same for the bases on one side of the boundary. */
  fewestBasesAside: z.int().min(2),
});

const lowerRule = ruleSchema.extend({
  name: z.literal("threshold-lies-lower"),
  method: labelFree,
  comparedMethods: z.tuple([labelFree], labelFree),
  /** Smallest distance of two boundaries that counts, in base accuracy 0-1. */
  smallestEffect: z.number().min(0),
  /** With fewer base checkpoints nothing is concluded. */
  fewestSeeds: z.int().min(2),
});

export interface ThresholdClaims {
  readonly threshold: Claim<z.infer<typeof thresholdRule>>;
  readonly lower: Claim<z.infer<typeof lowerRule>>;
}

/** Claims 25 and 26 from `data/claims/`. */
export function loadThresholdClaims(): ThresholdClaims {
  return { threshold: loadClaim("claim-25", thresholdRule), lower: loadClaim("claim-26", lowerRule) };
}
