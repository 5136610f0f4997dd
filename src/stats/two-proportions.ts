// Unpaired z of two shares, (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)) with p the pooled share: the usual test of equal
// shares in two independent samples. Two systems on the same items are not independent; where both are right and wrong
// on much the same items the paired test (mcnemar.ts) sees smaller differences, but it needs every answer.

import { checkInteger, invalid } from "./check.ts";

/** z of the first share minus the second; null where both are 0 or both are 1. Throws `stats/invalid`. */
export function twoProportionZ(
  [firstShare, firstItems]: readonly [number, number],
  [secondShare, secondItems]: readonly [number, number],
): number | null {
  for (const share of [firstShare, secondShare]) {
    if (!(share >= 0 && share <= 1)) throw invalid("two proportions: share", String(share), "a number from 0 to 1");
  }
  checkInteger("two proportions: first items", firstItems, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("two proportions: second items", secondItems, 1, Number.MAX_SAFE_INTEGER);
  const pooled = (firstShare * firstItems + secondShare * secondItems) / (firstItems + secondItems);
  const variance = pooled * (1 - pooled) * (1 / firstItems + 1 / secondItems);
  return variance === 0 ? null : (firstShare - secondShare) / Math.sqrt(variance);
}
