// Accuracy on held-out problems. Each evaluation draws from a stream of its own (seed, step, set), so that it disturbs
// neither training nor the other sets, and two methods with the same seed are compared under the same draws. Some sets are
// measured at the ends of a run only; their columns are there in every row.

import { LabelfreeError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem, Task } from "../tasks/task.ts";
import { columnsOfSet, samplesOfSet } from "./evaluated-set.ts";
import { type Reading, readResponse } from "./judge.ts";
import type { EvaluationMetrics, EvaluationSample } from "./metrics.ts";
import { emptyAnswerShare, meanLength } from "./reading-means.ts";
import type { RunSettings } from "./settings.ts";

const PROMPTS_PER_BATCH = 128;

export type EvaluationSets = Readonly<Record<string, readonly Problem[]>>;

export interface Evaluated {
  /** 0 is the base policy. */
  readonly step: number;
  /** Whether it is the first or the last step, so that `endSets` are evaluated too. */
  readonly isEnd: boolean;
  readonly policy: Policy;
}

type EvaluateSettings = Pick<RunSettings, "seed" | "evaluation" | "rollouts">;

/** Evaluates a policy on the named sets. Throws "evaluation/unknown-set". */
export async function evaluate(
  { step, isEnd, policy }: Evaluated,
  task: Task,
  sets: EvaluationSets,
  settings: EvaluateSettings,
): Promise<EvaluationMetrics> {
  const { seed, evaluation } = settings;
  const all: Reading[] = [];
  const columns: Partial<EvaluationMetrics>[] = [];
  const samples: Record<`eval/${string}/samples`, readonly EvaluationSample[] | null> = {};
  const read = (name: string, problems: readonly Problem[]) =>
    readAnswers(policy, task, problems, settings, Random.fromSeed(seed).fork(`evaluation/${step}/${name}`));

  for (const [index, name] of evaluation.sets.entries()) {
    const problems = setNamed(name, sets);
    const readings = await read(name, problems);
    columns.push(columnsOfSet(name, problems, readings));
    if (index === 0) samples[`eval/${name}/samples` as const] = isEnd ? samplesOfSet(problems, readings) : null;
    all.push(...readings);
  }
  for (const name of evaluation.endSets) {
    const problems = setNamed(name, sets);
    columns.push(columnsOfSet(name, problems, isEnd ? await read(name, problems) : null));
  }
  const means = { "eval/mean_length": meanLength(all), "eval/empty_answer_share": emptyAnswerShare(all) };
  return Object.assign({ step, ...means }, ...columns, samples);
}

async function readAnswers(
  policy: Policy,
  task: Task,
  problems: readonly Problem[],
  { evaluation, rollouts }: EvaluateSettings,
  random: Random,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let start = 0; start < problems.length; start += PROMPTS_PER_BATCH) {
    const batch = problems.slice(start, start + PROMPTS_PER_BATCH);
    const answered = await policy.generate(
      batch.map((problem) => task.encodePrompt(problem)),
      {
        samplesPerPrompt: evaluation.samplesPerProblem,
        maxNewTokens: rollouts.maxNewTokens,
        temperature: evaluation.temperature,
        stopIds: task.stopIds,
        random,
        train: false,
      },
    );
    for (const [index, { prompt }] of answered.responses.entries()) {
      readings.push(readResponse(answered, index, batch[prompt], task));
    }
  }
  return readings;
}

function setNamed(name: string, sets: EvaluationSets): readonly Problem[] {
  const problems = sets[name];
  if (problems !== undefined) return problems;
  const known = Object.keys(sets);
  throw new LabelfreeError(
    "evaluation/unknown-set",
    `evaluation: unknown set, got "${name}", expected one of ${known.map((known) => `"${known}"`).join(", ")}`,
    { fields: { name, known } },
  );
}
