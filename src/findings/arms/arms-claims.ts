import { z } from "zod";
import type { Claim } from "../claim.ts";
import { loadClaim, ruleSchema } from "../claim.ts";

const unit = z.enum(["accuracy", "tokens", "share of responses"]);

const measure = z.strictObject({
  label: z.string(),
  /** Cells whose values are added or subtracted seed by seed. */
  terms: z
    .array(z.strictObject({ sign: z.literal([1, -1]), comparison: z.string(), tier: z.string(), arm: z.string() }))
    .min(1),
  /** At the end of training, or minus that of the base. */
  value: z.enum(["final", "change"]),
  /** Column of the evaluation rows; default the claim's metric. */
  column: z.string().optional(),
  /** Default "accuracy". */
  unit: unit.optional(),
});

const part = measure.extend({
  /** "greater" and "less" than 0; "no less" than 0 by more than the margin; "close" to 0 within it. */
  expect: z.enum(["greater", "less", "no less", "close"]),
  /** Default the rule's smallest effect. */
  smallestEffect: z.number().min(0).optional(),
});

const armsRule = ruleSchema.extend({
  name: z.literal("arms-compared"),
  parts: z.tuple([part], part),
  /** Shown beside the verdict, without a say in it. */
  beside: z.array(measure),
  /** What "no less" and "close" leave open, in the unit of the parts. */
  margin: z.number().positive(),
  /** Cells of which the verdict also says what share of seeds collapsed. */
  collapses: z.array(z.strictObject({ comparison: z.string(), tier: z.string(), arm: z.string() })),
});

export type ArmsRule = z.infer<typeof armsRule>;
export type ArmsClaim = Claim<ArmsRule>;
export type ArmsMeasure = z.infer<typeof measure>;
export type ArmsPart = z.infer<typeof part>;

/** A claim about arms from `data/claims/`. */
export function loadArmsClaim(id: string): ArmsClaim {
  return loadClaim(id, armsRule);
}
