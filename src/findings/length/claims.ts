import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";

const method = z.enum(["grpo", "ttrl", "intuitor", "cuma", "random", "format"]);

const growthRule = ruleSchema.extend({
  name: z.literal("length-grows-with-ability"),
  methods: z.tuple([method], method),
  weakestTier: z.string(),
  strongestTier: z.string(),
  /** Smallest difference in growth that counts, in tokens: what one worked step costs in the micro world. */
  smallestEffect: z.number().min(0),
});

const signRule = ruleSchema.extend({
  name: z.literal("length-does-not-order-runs"),
  methods: z.tuple([method], method),
  tiers: z.tuple([z.string()], z.string()),
  /** Column of the evaluation rows that is correlated with the claim's metric. */
  lengthMetric: z.literal("eval/math-like/mean_length"),
  /** A rank correlation from here on is strong. */
  strongCorrelation: z.number().gt(0).lt(1),
  /** A tier counts only if its methods' mean accuracies, 0-1, lie at least this far apart. */
  smallestEffect: z.number().min(0),
});

export interface LengthClaims {
  readonly growth: Claim<z.infer<typeof growthRule>>;
  readonly sign: Claim<z.infer<typeof signRule>>;
}

/** Claims 3 and 5 from `data/claims/`. */
export function loadLengthClaims(): LengthClaims {
  return { growth: loadClaim("claim-3", growthRule), sign: loadClaim("claim-5", signRule) };
}
