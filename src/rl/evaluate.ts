// Accuracy on held-out problems. Each evaluation draws from a stream of its own (seed, step, set), so that it disturbs
// neither training nor the other sets, and two methods with the same seed are compared under the same draws.

import { LabelfreeError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem, Task } from "../tasks/task.ts";
import { meanOf } from "./averages.ts";
import type { Reading } from "./judge.ts";
import { readResponse } from "./judge.ts";
import type { AnswerCount, EvaluationMetrics } from "./metrics.ts";
import type { RunSettings } from "./settings.ts";
import { isVote } from "./votes.ts";

const PROMPTS_PER_BATCH = 128;
const TOP_ANSWERS = 5;

export type EvaluationSets = Readonly<Record<string, readonly Problem[]>>;

type EvaluateSettings = Pick<RunSettings, "seed" | "evaluation" | "rollouts">;

/** Evaluates a policy on the named sets; `step` 0 is the base. Throws "evaluation/unknown-set". */
export async function evaluate(
  step: number,
  policy: Policy,
  task: Task,
  sets: EvaluationSets,
  settings: EvaluateSettings,
): Promise<EvaluationMetrics> {
  const row: { -readonly [name in keyof EvaluationMetrics]: EvaluationMetrics[name] } = {
    step,
    "eval/mean_length": null,
    "eval/empty_answer_share": null,
  };
  const all: Reading[] = [];
  for (const name of settings.evaluation.sets) {
    const problems = setNamed(name, sets);
    const random = Random.fromSeed(settings.seed).fork(`evaluation/${step}/${name}`);
    const readings = await readAnswers(policy, task, problems, settings, random);
    const perProblem = settings.evaluation.samplesPerProblem;
    row[`eval/${name}/accuracy` as const] = meanOf(readings.map(({ correct }) => correct));
    for (const level of new Set(problems.map((problem) => problem.level))) {
      const ofLevel = readings.filter((_, index) => problems[Math.floor(index / perProblem)].level === level);
      row[`eval/${name}/level_${level}` as const] = meanOf(ofLevel.map(({ correct }) => correct));
    }
    row[`eval/${name}/mean_length` as const] = meanLength(readings);
    row[`eval/${name}/empty_answer_share` as const] = emptyAnswerShare(readings);
    row[`eval/${name}/answers/top` as const] = topAnswers(readings);
    row[`eval/${name}/correct` as const] = readings.map(({ correct }) => (correct ? "1" : "0")).join("");
    all.push(...readings);
  }
  row["eval/mean_length"] = meanLength(all);
  row["eval/empty_answer_share"] = emptyAnswerShare(all);
  return row;
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

function topAnswers(readings: readonly Reading[]): AnswerCount[] {
  const counts = new Map<string | null, number>();
  for (const { answer } of readings) {
    const key = isVote(answer) ? answer : null;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // a stable sort: answers of equal count in the order first seen
  return [...counts]
    .map(([answer, count]) => ({ answer, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, TOP_ANSWERS);
}

function meanLength(readings: readonly Reading[]): number | null {
  return meanOf(readings.map(({ lengthTokens }) => lengthTokens));
}

function emptyAnswerShare(readings: readonly Reading[]): number | null {
  return meanOf(readings.map(({ answer }) => !isVote(answer)));
}
