// The evaluation problems are fixed before anything else, from one seed of the world, and every training draw (corpus,
// natural, generated) avoids them. Level 1 has only 600 prompts, so a draw that ignored this would soon meet them.
import { LabelfreeError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { countOfLevel, drawProblems } from "./draw-problems.ts";
import { problemSpace } from "./problem.ts";
import { LEVELS, MICRO_WORLD, ofLevel, type WorldSettings } from "./world.ts";

export type EvaluationName = keyof WorldSettings["evaluationCounts"];
export type EvaluationSets = { readonly [name in EvaluationName]: readonly Problem[] };

interface Evaluation {
  readonly sets: EvaluationSets;
  readonly prompts: ReadonlySet<string>;
}

const EVALUATIONS = new WeakMap<WorldSettings, Evaluation>();

/** The held-out sets, in level order, all prompts distinct; throws `tasks/too-few-problems` or `tasks/no-problems-left`. */
export function evaluationSets(world: WorldSettings = MICRO_WORLD): EvaluationSets {
  return evaluationOf(world).sets;
}

/** The prompts of all evaluation sets: those that no training draw may use. */
export function heldOutPrompts(world: WorldSettings = MICRO_WORLD): ReadonlySet<string> {
  return evaluationOf(world).prompts;
}

function evaluationOf(world: WorldSettings): Evaluation {
  const known = EVALUATIONS.get(world);
  if (known !== undefined) return known;
  const prompts = new Set<string>();
  const sets = {
    "math-like": drawSet("math-like", world, prompts),
    "gsm-like": drawSet("gsm-like", world, prompts),
    placement: drawSet("placement", world, prompts),
  };
  for (const level of LEVELS) checkLevelIsOpen(level, world, prompts);
  const evaluation = { sets, prompts };
  EVALUATIONS.set(world, evaluation);
  return evaluation;
}

function drawSet(name: EvaluationName, world: WorldSettings, taken: Set<string>): Problem[] {
  const random = Random.fromSeed(world.evaluationSeed).fork(`micro/evaluation/${name}`);
  const counts = world.evaluationCounts[name];
  const sizeBefore = taken.size;
  const problems = LEVELS.flatMap((level) => {
    return drawProblems(level, ofLevel(counts, level), random.fork(`level-${level}`), world, {
      heldOut: new Set(),
      taken,
    });
  });
  const distinct = taken.size - sizeBefore;
  if (distinct < problems.length) {
    throw new LabelfreeError(
      "tasks/too-few-problems",
      `evaluationSets: ${name} has too few distinct prompts, got ${distinct}, expected ${problems.length}: ` +
        "lower evaluationCounts or widen operandRanges",
      { fields: { name, distinct, expected: problems.length } },
    );
  }
  return problems;
}

function checkLevelIsOpen(level: number, world: WorldSettings, prompts: ReadonlySet<string>): void {
  const space = problemSpace(level, world);
  if (countOfLevel(prompts, level, world) < space) return;
  throw new LabelfreeError(
    "tasks/no-problems-left",
    `evaluationSets: all ${space} prompts of level ${level} are evaluation prompts, expected some left to train on: ` +
      "lower evaluationCounts or widen operandRanges",
    { fields: { level, space } },
  );
}
