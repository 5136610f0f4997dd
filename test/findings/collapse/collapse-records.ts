// Synthetic records with what policies say, which the shared ones lack.
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { AnswerCount, EvaluationMetrics, EvaluationSample } from "../../../src/rl/metrics.ts";
import { chainOfThought } from "../../../src/tasks/micro/chain-of-thought.ts";
import { evaluationSets } from "../../../src/tasks/micro/evaluation-sets.ts";
import { plausibleSweep, type SweepShape } from "../synthetic-records.ts";

const RESPONSES = 500;

export interface Said {
  readonly top: readonly AnswerCount[];
  readonly empty: number;
  readonly samples?: readonly EvaluationSample[];
}

/** The record with what its base and its final policy say. */
export function saying(record: RunRecord, before: Said, after: Said): RunRecord {
  const last = record.evaluations.length - 1;
  const evaluations = record.evaluations.map((row, index): EvaluationMetrics => {
    const { top, empty, samples = null } = index === 0 ? before : after;
    return {
      ...row,
      "eval/math-like/answers/top": top,
      "eval/math-like/empty_answer_share": empty,
      "eval/math-like/correct": "0".repeat(RESPONSES),
      "eval/math-like/samples": index === 0 || index === last ? samples : null,
    };
  });
  return { ...record, evaluations };
}

/** Counts of these answers, in their order. */
export function counts(...pairs: readonly (readonly [string | null, number])[]): AnswerCount[] {
  return pairs.map(([answer, count]) => ({ answer, count }));
}

/** The first held-out problem of each level, answered right or with a guess. */
export function samplesOf(isRight: (level: number) => boolean, guess = "10"): EvaluationSample[] {
  const problems = evaluationSets()["math-like"];
  return [1, 2, 3, 4, 5].map((level) => {
    const { prompt, answer } = problems.find((problem) => problem.level === level)!;
    const correct = isRight(level);
    const response = correct ? chainOfThought(prompt) : `#${guess}`;
    return { level, prompt, response, answer: correct ? answer : guess, correct };
  });
}

/** Tiers x methods x seeds with plausible curves and answers: those that fall end in one answer. */
export function plausibleCollapse(shape: SweepShape): RunRecord[] {
  return plausibleSweep(shape).map((record) => {
    const base = record.evaluations[0]["eval/math-like/accuracy"] ?? 0;
    const final = record.evaluations.at(-1)?.["eval/math-like/accuracy"] ?? 0;
    const hasFallen = final < base;
    const before = counts(["10", 130 + record.seed], ["00", 50], ["50", 20], [null, 18], ["99", 12]);
    const after = hasFallen
      ? counts(["10", 480 - record.seed], ["00", 6], [null, 2])
      : counts(["70", 12], ["55", 11], ["57", 10], ["13", 9], ["08", 9]);
    return saying(
      record,
      { top: before, empty: 0.036, samples: samplesOf((level) => level <= 2) },
      { top: after, empty: hasFallen ? 0.004 : 0, samples: samplesOf(() => !hasFallen) },
    );
  });
}
