import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";

const method = z.enum(["grpo", "ttrl", "intuitor", "cuma", "random", "format"]);

const abilityRule = ruleSchema.extend({
  name: z.literal("gain-grows-with-ability"),
  methods: z.tuple([method], method),
  weakestTier: z.string(),
  strongestTier: z.string(),
});

const fallRule = ruleSchema.extend({
  name: z.literal("weakest-falls-below-base"),
  methods: z.tuple([method], method),
  weakestTier: z.string(),
});

const improvementRule = ruleSchema.extend({
  name: z.literal("improves-everywhere-and-close-to-labels"),
  method,
  labelledMethod: method,
  tiers: z.tuple([z.string()], z.string()),
  strongestTier: z.string(),
  /** How far CuMa may lie from labelled GRPO, in accuracy 0-1. */
  margin: z.number().positive(),
});

export interface CollapseClaims {
  readonly ability: Claim<z.infer<typeof abilityRule>>;
  readonly fall: Claim<z.infer<typeof fallRule>>;
  readonly improvement: Claim<z.infer<typeof improvementRule>>;
}

/** Claims 1, 2 and 6 from `data/claims/`. */
export function loadCollapseClaims(): CollapseClaims {
  return {
    ability: loadClaim("claim-1", abilityRule),
    fall: loadClaim("claim-2", fallRule),
    improvement: loadClaim("claim-6", improvementRule),
  };
}
