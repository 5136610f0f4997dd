// The rules for claims 3 and 5, fixed before any run of this finding was looked at. Both measure length on the held-out
// problems, which are the same for every run and step: the length of training rollouts follows the level of the step's
// problems, so a curriculum alone would make it grow. Length is in tokens with the stop token; the words are those of
// ../verdict.ts; bounds, tiers and methods come from the claim's file.
//
// Claim 3, length-grows-with-ability. Growth = final length - length of the base checkpoint (mean over the runs that start
//   from it), paired by seed. One part for each of TTRL and CuMa: growth on the strongest tier - growth on the weakest.
//   Reproduced: estimate > smallest effect, interval above 0. The claim is as good as its weakest part. The smallest effect
//   is one worked step of the micro world (";42-5=37", 8 tokens), the least that going back over an answer can cost.
//   This tests "long enough" only: neither reflection nor diversity enters the rule, and the verdict's notes say so. Beside
//   it stands reflection where runs recorded it: the share of responses of each cell, and by seed how much more of the
//   strongest tier's reflect than of the weakest's.
// Claim 5, length-does-not-order-runs. If length were a direct sign of ability, longer would mean better among the policies
//   of each tier. One part per tier: Spearman's correlation of final length and final accuracy over all methods and
//   seeds, seeds resampled within (tier, method). Reproduced: the interval lies below "strong"; not reproduced: from
//   "strong" on; same direction: only the estimate lies below. The claim denies a general rule, so one tier that clearly
//   breaks the rule is enough, and it is refuted where length orders the runs strongly in every tier that counts. Against
//   cheap counterexamples: (a) a tier counts only if its methods' mean accuracies lie apart by the smallest effect, for
//   where all methods are equally good any correlation is low; (b) the tiers share the error, each having an interval at
//   1 - (1 - level) / tiers. 0.5 is Cohen's "large": below it, length explains less than a quarter of the ranks' variance.
//   A strongly negative correlation speaks for the claim too: longer is then not better. An interval is over seeds, so a
//   verdict speaks about these methods. Tiers are not pooled in the rule, since they differ in skill before training;
//   beside the parts stands the correlation over all of them, with and without the (tier, method) cells in which a run
//   collapsed or diverged, whose short wrong answers alone can make a correlation.

import type { Verdict } from "../verdict.ts";
import type { LengthClaims } from "./claims.ts";
import { loadLengthClaims } from "./claims.ts";
import { judgeGrowth } from "./growth-verdict.ts";
import type { LengthOutcomes } from "./outcomes.ts";
import { judgeSign } from "./sign-verdict.ts";

/** Verdicts on claims 3 and 5. */
export function judgeLength(outcomes: LengthOutcomes, claims: LengthClaims = loadLengthClaims()): Verdict[] {
  return [judgeGrowth(outcomes, claims.growth), judgeSign(outcomes, claims.sign)];
}
