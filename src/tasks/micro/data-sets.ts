// The training sets of a seed. Natural: skewed to hard problems, as MATH is. Full: the natural problems of each level
// first, then generated ones up to 200 a level. The paper asks a 72B model for problems at a stated level; here the
// world itself draws them. Sets come in level order; training without a curriculum has to shuffle them.
import { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { drawProblems } from "./draw-problems.ts";
import { heldOutPrompts } from "./evaluation-sets.ts";
import { LEVELS, MICRO_WORLD, ofLevel, type PerLevel, type WorldSettings } from "./world.ts";

/** The natural training set of a seed: `world.naturalCounts` problems by level, in level order. */
export function naturalSet(seed: number, world: WorldSettings = MICRO_WORLD): Problem[] {
  return drawNatural(seed, world.naturalCounts, world);
}

/** A natural set of equal size that stops at a level: levels 1 to `lastLevel` in their natural proportions. */
export function naturalSetUpTo(lastLevel: number, seed: number, world: WorldSettings = MICRO_WORLD): Problem[] {
  return drawNatural(seed, countsUpTo(lastLevel, world.naturalCounts), world);
}

/** The problems that top the natural set up to `world.fullCounts` by level, in level order, marked `generated`. */
export function generatedSet(seed: number, world: WorldSettings = MICRO_WORLD): Problem[] {
  const natural = naturalSet(seed, world);
  const random = Random.fromSeed(seed).fork("micro/generated");
  const taken = new Set(natural.map((problem) => problem.prompt));
  const heldOut = heldOutPrompts(world);
  return LEVELS.flatMap((level) => {
    const missing = Math.max(0, ofLevel(world.fullCounts, level) - ofLevel(world.naturalCounts, level));
    const problems = drawProblems(level, missing, random.fork(`level-${level}`), world, { heldOut, taken });
    return problems.map((problem) => ({ ...problem, generated: true }));
  });
}

/** The full training set: by level, the natural problems first and then the generated ones, `world.fullCounts` each. */
export function fullSet(seed: number, world: WorldSettings = MICRO_WORLD): Problem[] {
  const candidates = [...naturalSet(seed, world), ...generatedSet(seed, world)];
  return LEVELS.flatMap((level) => {
    return candidates.filter((problem) => problem.level === level).slice(0, ofLevel(world.fullCounts, level));
  });
}

function drawNatural(seed: number, counts: PerLevel, world: WorldSettings): Problem[] {
  const random = Random.fromSeed(seed).fork("micro/natural");
  const heldOut = heldOutPrompts(world);
  const taken = new Set<string>();
  return LEVELS.flatMap((level) => {
    return drawProblems(level, ofLevel(counts, level), random.fork(`level-${level}`), world, { heldOut, taken });
  });
}

/** Counts with the same sum, spread over the levels up to `lastLevel` by largest remainder. */
function countsUpTo(lastLevel: number, counts: PerLevel): PerLevel {
  ofLevel(counts, lastLevel);
  const total = sum(counts);
  const kept = sum(counts.slice(0, lastLevel));
  if (kept === 0) return [0, 0, 0, 0, 0];
  const exact = counts.map((count, index) => (index < lastLevel ? (count * total) / kept : 0));
  const rounded = exact.map(Math.floor);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, total - sum(rounded))) rounded[index] += 1;
  return [rounded[0], rounded[1], rounded[2], rounded[3], rounded[4]];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
