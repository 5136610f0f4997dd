import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";

const size = z.int().min(2);

const repairRule = ruleSchema.extend({
  name: z.literal("more-rollouts-repair-votes"),
  weakestTier: z.string(),
  /** Rollouts per problem. */
  few: size,
  many: size,
  /** With fewer base checkpoints nothing is concluded from votes before training. */
  fewestBases: z.int().min(2),
});

const sufficeRule = ruleSchema.extend({
  name: z.literal("fewer-rollouts-suffice"),
  tiers: z.tuple([z.string()], z.string()),
  few: size,
  many: size,
  /** What fewer rollouts may cost, in accuracy 0-1. */
  margin: z.number().positive(),
});

export interface VoteClaims {
  readonly repair: Claim<z.infer<typeof repairRule>>;
  readonly suffice: Claim<z.infer<typeof sufficeRule>>;
}

/** Claims 27 and 28 from `data/claims/`. */
export function loadVoteClaims(): VoteClaims {
  return { repair: loadClaim("claim-27", repairRule), suffice: loadClaim("claim-28", sufficeRule) };
}
