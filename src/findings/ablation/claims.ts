import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";
import { COMPONENTS } from "./arms.ts";

const component = z.enum(COMPONENTS);

const orderRule = ruleSchema.extend({
  name: z.literal("importance-in-order"),
  /** From most to least important. */
  components: z.tuple([component, component], component),
  weakestTier: z.string(),
});

export type OrderClaim = Claim<z.infer<typeof orderRule>>;

/** Claim 7 from `data/claims/`. */
export function loadAblationClaim(): OrderClaim {
  return loadClaim("claim-7", orderRule);
}
