import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";
import { BENCHMARK_SETS } from "./benchmarks.ts";

const benchmark = z.enum(BENCHMARK_SETS);

const transferRule = ruleSchema.extend({
  name: z.literal("improves-on-untrained-forms"),
  method: z.enum(["grpo", "ttrl", "intuitor", "cuma"]),
  tier: z.string(),
  /** Whose problems have a form that RL does not train on. */
  benchmarks: z.tuple([benchmark], benchmark),
  /** How many of them must improve. */
  fewestBenchmarks: z.int().min(1),
});

export type TransferClaim = Claim<z.infer<typeof transferRule>>;

/** Claim 8 from `data/claims/`. */
export function loadTransferClaim(): TransferClaim {
  return loadClaim("claim-8", transferRule);
}
