// Exact McNemar test for two systems on the same items: of the items where they disagree, each side is as likely
// under the null hypothesis. Two-sided p = min(1, 2 P[Binomial(b + c, 1/2) <= min(b, c)]), 1 without disagreement.
// Small probabilities keep their relative accuracy: halvings are spread over the factors of the binomial coefficient.

import { checkInteger } from "./check.ts";

export interface PairedCounts {
  readonly bothRight: number;
  readonly onlyFirstRight: number;
  readonly onlySecondRight: number;
  readonly bothWrong: number;
}

/** Two-sided exact p value; items that both get right or wrong do not matter. Throws `stats/invalid`. */
export function mcNemarExact(counts: PairedCounts): number {
  for (const [name, count] of Object.entries(counts))
    checkInteger(`McNemar ${name}`, count, 0, Number.MAX_SAFE_INTEGER);
  const n = counts.onlyFirstRight + counts.onlySecondRight;
  const k = Math.min(counts.onlyFirstRight, counts.onlySecondRight);
  return Math.min(1, 2 * lowerTail(n, k));
}

/** The table of two lists of verdicts over the same items, in the same order. Throws `stats/invalid`. */
export function pairedCounts(first: readonly boolean[], second: readonly boolean[]): PairedCounts {
  checkInteger("paired counts: number of second verdicts", second.length, first.length, first.length);
  const count = (a: boolean, b: boolean) => first.filter((right, i) => right === a && second[i] === b).length;
  return {
    bothRight: count(true, true),
    onlyFirstRight: count(true, false),
    onlySecondRight: count(false, true),
    bothWrong: count(false, false),
  };
}

// P[Binomial(n, 1/2) <= k], k <= n / 2
function lowerTail(n: number, k: number): number {
  let term = 1; // becomes C(n, k) / 2^n
  let halvings = n;
  for (let i = 1; i <= k; i++) {
    term *= (n - k + i) / i;
    for (; term > 1 && halvings > 0; halvings--) term /= 2;
  }
  for (; halvings > 0 && term > 0; halvings--) term /= 2;
  let tail = 0;
  for (let i = k; i >= 0 && term > 0; i--) {
    tail += term;
    term *= i / (n - i + 1);
  }
  return tail;
}
