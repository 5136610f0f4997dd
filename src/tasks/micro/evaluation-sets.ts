// The evaluation problems are fixed before anything else, from one seed of the world, and every training draw (corpus,
// natural, generated) avoids their chains in whatever form, so that no model has seen a held-out problem in other words.
// Level 1 has only 600 chains, so a draw that ignored this would soon meet them.
import { LabelfreeError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { type Chain, chainSpace } from "./chain.ts";
import { type ChainSet, countOfLevel, drawProblems } from "./draw-problems.ts";
import { type EvaluationName, LEVELS, MICRO_WORLD, ofLevel, type WorldSettings } from "./world.ts";

export type EvaluationSets = { readonly [name in EvaluationName]: readonly Problem[] };

interface Evaluation {
  readonly sets: EvaluationSets;
  readonly chains: ChainSet;
}

const EVALUATIONS = new WeakMap<WorldSettings, Evaluation>();

/** The held-out sets, in level order, all chains distinct; throws `tasks/too-few-problems` or `tasks/no-problems-left`. */
export function evaluationSets(world: WorldSettings = MICRO_WORLD): EvaluationSets {
  return evaluationOf(world).sets;
}

/** The chains of all evaluation sets, by their text: those that no training draw may use. */
export function heldOutChains(world: WorldSettings = MICRO_WORLD): ChainSet {
  return evaluationOf(world).chains;
}

function evaluationOf(world: WorldSettings): Evaluation {
  const known = EVALUATIONS.get(world);
  if (known !== undefined) return known;
  const chains = new Map<string, Chain>();
  const sets = {
    "math-like": drawSet("math-like", world, chains),
    "gsm-like": drawSet("gsm-like", world, chains),
    "aime-like": drawSet("aime-like", world, chains),
    "gpqa-like": drawSet("gpqa-like", world, chains),
    "lcb-like": drawSet("lcb-like", world, chains),
    placement: drawSet("placement", world, chains),
  };
  for (const level of LEVELS) checkLevelIsOpen(level, world, chains);
  const evaluation = { sets, chains };
  EVALUATIONS.set(world, evaluation);
  return evaluation;
}

function drawSet(name: EvaluationName, world: WorldSettings, taken: Map<string, Chain>): Problem[] {
  const random = Random.fromSeed(world.evaluationSeed).fork(`micro/evaluation/${name}`);
  const { form, counts } = world.evaluations[name];
  const sizeBefore = taken.size;
  const problems = LEVELS.flatMap((level) => {
    const options = { form, heldOut: new Map(), taken };
    return drawProblems(level, ofLevel(counts, level), random.fork(`level-${level}`), world, options);
  });
  const distinct = taken.size - sizeBefore;
  if (distinct < problems.length) {
    throw new LabelfreeError(
      "tasks/too-few-problems",
      `evaluationSets: ${name} has too few distinct problems, got ${distinct}, expected ${problems.length}: ` +
        `lower evaluations.${name}.counts or widen operandRanges`,
      { fields: { name, distinct, expected: problems.length } },
    );
  }
  return problems;
}

function checkLevelIsOpen(level: number, world: WorldSettings, chains: ChainSet): void {
  const space = chainSpace(level, world);
  if (countOfLevel(chains, level, world) < space) return;
  throw new LabelfreeError(
    "tasks/no-problems-left",
    `evaluationSets: all ${space} problems of level ${level} are evaluation problems, expected some left to train on: ` +
      "lower the counts of evaluations or widen operandRanges",
    { fields: { level, space } },
  );
}
