// Sub-topics of problems, by rule: whether the steps only add, only subtract or do both; whether the values pass 0 or 99
// on the way; and the quarter of 00-99 that the start value lies in. Spread is the effective number of sub-topics,
// exp(-sum p log p) over the shares p: as many as a set evenly spread over so many would have.
import { exp, log } from "../../core/exact-math.ts";
import type { Chain } from "../../tasks/micro/chain.ts";
import { MICRO_WORLD } from "../../tasks/micro/world.ts";

/** The sub-topic of a chain, e.g. "only adds, passes, 75-99". */
export function topicOf({ start, steps }: Chain): string {
  const adds = steps.some(({ operator }) => operator === "+");
  const subtracts = steps.some(({ operator }) => operator === "-");
  const direction = adds && subtracts ? "both" : adds ? "only adds" : "only subtracts";
  const { modulus } = MICRO_WORLD;
  let value = start;
  let passes = false;
  for (const { operator, operand } of steps) {
    const next = value + (operator === "+" ? operand : -operand);
    passes ||= next < 0 || next >= modulus;
    value = (next + modulus) % modulus;
  }
  const quarter = Math.floor((4 * start) / modulus);
  return `${direction}, ${passes ? "passes" : "stays"}, quarter ${quarter + 1}`;
}

/** The effective number of sub-topics; null without problems. */
export function topicSpread(chains: readonly Chain[]): number | null {
  if (chains.length === 0) return null;
  const counts = new Map<string, number>();
  for (const topic of chains.map(topicOf)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / chains.length) * log(count / chains.length);
  return exp(entropy);
}
