import { checkValues } from "./check.ts";

/**
 * Chance that a random value of `a` exceeds a random value of `b`, ties counted half (Mann-Whitney U / nm; the
 * "probability of improvement" of Agarwal et al., 2021). Throws `stats/too-few` or `stats/invalid`.
 */
export function probabilityOfImprovement(a: readonly number[], b: readonly number[]): number {
  checkValues("probability of improvement, first", a);
  checkValues("probability of improvement, second", b);
  let halves = 0;
  for (const x of a) {
    for (const y of b) halves += x > y ? 2 : x === y ? 1 : 0;
  }
  return halves / (2 * a.length * b.length);
}
