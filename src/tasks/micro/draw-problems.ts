import type { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { type Chain, chainSpace, drawChain, formatChain, isOfLevel } from "./chain.ts";
import { toProblem } from "./problem.ts";
import type { Form, WorldSettings } from "./world.ts";

/** Chains by their text. */
export type ChainSet = ReadonlyMap<string, Chain>;

interface DrawOptions {
  readonly form: Form;
  /** Chains that must not be drawn at all; never a whole level, which would leave nothing to draw. */
  readonly heldOut: ChainSet;
  /** Chains of the set so far; the drawn ones are added. */
  readonly taken: Map<string, Chain>;
}

/**
 * `count` problems of one level whose chains are not held out and, until the level has no other chain left, not taken.
 */
export function drawProblems(
  level: number,
  count: number,
  random: Random,
  world: WorldSettings,
  { form, heldOut, taken }: DrawOptions,
): Problem[] {
  let fresh = chainSpace(level, world) - countOfLevel(heldOut, level, world) - countOfLevel(taken, level, world);
  const problems: Problem[] = [];
  while (problems.length < count) {
    const chain = drawChain(level, random, world);
    const text = formatChain(chain, world);
    const isTaken = taken.has(text);
    if (heldOut.has(text) || (isTaken && fresh > 0)) continue;
    if (!isTaken) {
      taken.set(text, chain);
      fresh -= 1;
    }
    problems.push(toProblem(chain, level, form, random, world));
  }
  return problems;
}

/** How many of these chains a level can draw. */
export function countOfLevel(chains: ChainSet, level: number, world: WorldSettings): number {
  let count = 0;
  for (const chain of chains.values()) if (isOfLevel(chain, level, world)) count += 1;
  return count;
}
