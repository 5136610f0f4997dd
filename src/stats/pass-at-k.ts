// Unbiased pass@k (Chen et al., "Evaluating Large Language Models Trained on Code", 2021): the chance that k of n
// samples, drawn without replacement, hold at least one of the c correct ones, 1 - C(n - c, k) / C(n, k).

import { checkInteger } from "./check.ts";

/** Unbiased pass@k from n samples of which c are correct. Throws `stats/invalid`. */
export function passAtK(n: number, c: number, k: number): number {
  checkInteger("pass@k n", n, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("pass@k c", c, 0, n);
  checkInteger("pass@k k", k, 1, n);
  if (c === 0) return 0;
  if (k === 1) return c / n;
  let allWrong = 1; // C(n - c, k) / C(n, k), factor by factor
  for (let i = n - c + 1; i <= n; i++) allWrong *= Math.max(0, 1 - k / i);
  return 1 - allWrong;
}
