// The columns of one held-out set in an evaluation row, the same and in the same order whether it was evaluated or not.

import type { Problem } from "../tasks/task.ts";
import type { Reading } from "./judge.ts";
import type { AnswerCount, EvaluationMetrics, EvaluationSample } from "./metrics.ts";
import { accuracyOf, emptyAnswerShare, meanLength, reflectionShare } from "./reading-means.ts";
import { isVote } from "./votes.ts";

const TOP_ANSWERS = 5;

/** A set's columns, from its responses problem by problem; all null without responses, where the set was not evaluated. */
export function columnsOfSet(
  name: string,
  problems: readonly Problem[],
  readings: readonly Reading[] | null,
): Partial<EvaluationMetrics> {
  const row: { -readonly [column in keyof EvaluationMetrics]?: EvaluationMetrics[column] } = {};
  const measure = <T>(from: (readings: readonly Reading[]) => T): T | null =>
    readings === null ? null : from(readings);
  row[`eval/${name}/accuracy` as const] = measure(accuracyOf);
  for (const level of new Set(problems.map((problem) => problem.level))) {
    row[`eval/${name}/level_${level}` as const] = measure((all) =>
      accuracyOf(all.filter((_, index) => problemOf(index, problems, all).level === level)),
    );
  }
  row[`eval/${name}/mean_length` as const] = measure(meanLength);
  row[`eval/${name}/empty_answer_share` as const] = measure(emptyAnswerShare);
  row[`eval/${name}/reflection_share` as const] = measure(reflectionShare);
  row[`eval/${name}/answers/top` as const] = measure(topAnswers);
  row[`eval/${name}/correct` as const] = measure((all) => all.map(({ correct }) => (correct ? "1" : "0")).join(""));
  return row;
}

/** The first response to the first problem of each level, easiest first, the same problems at every evaluation. */
export function samplesOfSet(problems: readonly Problem[], readings: readonly Reading[]): EvaluationSample[] {
  const levels = [...new Set(problems.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.map((level) => {
    const index = problems.findIndex((problem) => problem.level === level);
    const { text, answer, correct } = readings[(index * readings.length) / problems.length];
    return { level, prompt: problems[index].prompt, response: text, answer, correct };
  });
}

function problemOf(index: number, problems: readonly Problem[], readings: readonly Reading[]): Problem {
  return problems[Math.floor((index * problems.length) / readings.length)];
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
