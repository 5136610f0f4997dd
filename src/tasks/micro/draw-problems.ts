import type { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { belongsToLevel, generateProblem, problemSpace } from "./problem.ts";
import type { WorldSettings } from "./world.ts";

interface DrawOptions {
  /** Prompts that must not be drawn at all; never a whole level, which would leave nothing to draw. */
  readonly heldOut: ReadonlySet<string>;
  /** Prompts of the set so far; the drawn ones are added. */
  readonly taken: Set<string>;
}

/**
 * `count` problems of one level whose prompts are not held out and, until the level has no other prompt left, not
 * taken.
 */
export function drawProblems(
  level: number,
  count: number,
  random: Random,
  world: WorldSettings,
  { heldOut, taken }: DrawOptions,
): Problem[] {
  let fresh = problemSpace(level, world) - countOfLevel(heldOut, level, world) - countOfLevel(taken, level, world);
  const problems: Problem[] = [];
  while (problems.length < count) {
    const problem = generateProblem(level, random, world);
    const isTaken = taken.has(problem.prompt);
    if (heldOut.has(problem.prompt) || (isTaken && fresh > 0)) continue;
    if (!isTaken) {
      taken.add(problem.prompt);
      fresh -= 1;
    }
    problems.push(problem);
  }
  return problems;
}

/** How many of these prompts a level can draw. */
export function countOfLevel(prompts: ReadonlySet<string>, level: number, world: WorldSettings): number {
  let count = 0;
  for (const prompt of prompts) if (belongsToLevel(prompt, level, world)) count += 1;
  return count;
}
