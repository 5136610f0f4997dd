import { Random } from "../../../src/core/random.ts";
import { requestOf } from "../../../src/findings/data-generation/generated-problems.ts";
import type { GeneratedProblems, MeasuredSet } from "../../../src/findings/data-generation/make-generated-problems.ts";
import { ARMS, type ArmName } from "../../../src/findings/data-generation/problem-sets.ts";
import { generateProblem } from "../../../src/tasks/micro/problem.ts";
import { LEVELS } from "../../../src/tasks/micro/world.ts";

export interface SetWishes {
  readonly draws?: number;
  /** Wrong answers of 8 to each answered problem. */
  readonly failuresOf?: (level: number, arm: ArmName) => number;
  /** Problems of a call that repeat its first example. */
  readonly copiesOf?: (arm: ArmName) => number;
}

/** Sets drawn by the rule in two calls of 25, some problems replaced by copies; no model is asked. */
export function plausibleSets({
  draws = 6,
  failuresOf = (level) => level + 2,
  copiesOf = () => 0,
}: SetWishes = {}): GeneratedProblems {
  const micro = requestOf("micro");
  const request = { ...micro, generation: { ...micro.generation, draws, callsPerSet: 2 } };
  const sets: MeasuredSet[] = [];
  for (let draw = 1; draw <= draws; draw++) {
    for (const level of LEVELS) {
      for (const arm of ARMS) {
        const random = Random.fromSeed(`${draw}/${level}/${arm}`);
        const write = (count: number) => Array.from({ length: count }, () => generateProblem(level, random).prompt);
        const calls = [1, 2].map(() => {
          const examples = write(5);
          const copies = copiesOf(arm);
          return {
            examples: examples.join(""),
            text: [...write(25 - copies), ...Array(copies).fill(examples[0])].join(""),
          };
        });
        const counts = Array.from({ length: 10 }, (_, index) => Math.min(8, failuresOf(level, arm) + (index % 2)));
        const failures = Object.fromEntries(request.bases.tiers.map((tier) => [tier, counts]));
        sets.push({ arm, draw, level, calls, failures });
      }
    }
  }
  return { key: "k", request, generatorLoss: 1.3, sets };
}
