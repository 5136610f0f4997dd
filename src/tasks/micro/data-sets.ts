// The training sets of a seed, all problems in one form. Natural: skewed to hard problems, as MATH is. Full: the natural
// problems of each level first, then generated ones up to 200 a level. Sets come in level order; training without a
// curriculum has to shuffle them.
import { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { type Chain, formatChain } from "./chain.ts";
import { drawProblems } from "./draw-problems.ts";
import { heldOutChains } from "./evaluation-sets.ts";
import { readPrompt } from "./forms.ts";
import { type Form, LEVELS, MICRO_WORLD, ofLevel, type WorldSettings } from "./world.ts";

/** The natural training set of a seed: `world.naturalCounts` problems by level, in level order. */
export function naturalSet(seed: number, world: WorldSettings = MICRO_WORLD, form: Form = "sum"): Problem[] {
  const random = Random.fromSeed(seed).fork("micro/natural");
  const heldOut = heldOutChains(world);
  const taken = new Map<string, Chain>();
  return LEVELS.flatMap((level) => {
    const count = ofLevel(world.naturalCounts, level);
    return drawProblems(level, count, random.fork(`level-${level}`), world, { form, heldOut, taken });
  });
}

/** The problems that top the natural set up to `world.fullCounts` by level, in level order, marked `generated`. */
export function generatedSet(seed: number, world: WorldSettings = MICRO_WORLD, form: Form = "sum"): Problem[] {
  const random = Random.fromSeed(seed).fork("micro/generated");
  const taken = chainsOf(naturalSet(seed, world, form), world);
  const heldOut = heldOutChains(world);
  return LEVELS.flatMap((level) => {
    const missing = Math.max(0, ofLevel(world.fullCounts, level) - ofLevel(world.naturalCounts, level));
    const problems = drawProblems(level, missing, random.fork(`level-${level}`), world, { form, heldOut, taken });
    return problems.map((problem) => ({ ...problem, generated: true }));
  });
}

/** The full training set: by level, the natural problems first and then the generated ones, `world.fullCounts` each. */
export function fullSet(seed: number, world: WorldSettings = MICRO_WORLD, form: Form = "sum"): Problem[] {
  const candidates = [...naturalSet(seed, world, form), ...generatedSet(seed, world, form)];
  return LEVELS.flatMap((level) => {
    return candidates.filter((problem) => problem.level === level).slice(0, ofLevel(world.fullCounts, level));
  });
}

function chainsOf(problems: readonly Problem[], world: WorldSettings): Map<string, Chain> {
  const chains = problems.map(({ prompt }) => readPrompt(prompt, world).chain);
  return new Map(chains.map((chain) => [formatChain(chain, world), chain]));
}
