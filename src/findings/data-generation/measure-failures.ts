// How hard generated problems are in fact: base checkpoints answer some of each set, sampled as training samples its
// rollouts, and are judged by the right answer. Those problems lie evenly over the set's readable ones, whatever their level.
import type { Random } from "../../core/random.ts";
import type { Policy } from "../../model/policy.ts";
import { readResponse } from "../../rl/judge.ts";
import { DEFAULT_SETTINGS } from "../../rl/settings.ts";
import { microTask } from "../../tasks/micro/micro-task.ts";
import { solve } from "../../tasks/micro/problem.ts";
import type { Problem } from "../../tasks/task.ts";
import type { ProblemSet } from "./problem-sets.ts";
import { readProblems, type WrittenProblem } from "./read-problems.ts";

/** The problems of a set that the bases answer. */
export function answeredProblems({ calls }: Pick<ProblemSet, "calls">, count: number): WrittenProblem[] {
  const readable = calls.flatMap(({ text }) => readProblems(text));
  if (readable.length <= count) return readable;
  return Array.from({ length: count }, (_, index) => readable[Math.floor((index * readable.length) / count)]);
}

/** Wrong answers to each of the problems, of `samples`; none at all is a wrong one. */
export async function countFailures(
  base: Policy,
  problems: readonly WrittenProblem[],
  { samples, random }: { readonly samples: number; readonly random: Random },
): Promise<number[]> {
  if (problems.length === 0) return [];
  const { temperature, maxNewTokens } = DEFAULT_SETTINGS.rollouts;
  const asked = problems.map(toTaskProblem);
  const rollouts = await base.generate(
    asked.map((problem) => microTask.encodePrompt(problem)),
    { samplesPerPrompt: samples, maxNewTokens, temperature, stopIds: microTask.stopIds, random, train: false },
  );
  const failures = problems.map(() => 0);
  for (const [index, { prompt }] of rollouts.responses.entries()) {
    if (!readResponse(rollouts, index, asked[prompt], microTask).correct) failures[prompt] += 1;
  }
  return failures;
}

function toTaskProblem({ prompt, level }: WrittenProblem): Problem {
  return { id: prompt, level: level ?? 5, prompt, answer: solve(prompt), generated: true };
}
