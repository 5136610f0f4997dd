// The right answers to the held-out problems, which are the same for every run: what an able policy would say.
import { evaluationSets } from "../../tasks/micro/evaluation-sets.ts";
import { ANSWER_RANKS } from "./answers.ts";

/** The right answer to a held-out prompt; null for another prompt. */
export function rightAnswerTo(prompt: string): string | null {
  return evaluationSets()["math-like"].find((problem) => problem.prompt === prompt)?.answer ?? null;
}

/** Shares of the four most frequent right answers. */
export function rightAnswerShares(): number[] {
  const problems = evaluationSets()["math-like"];
  const counts = new Map<string, number>();
  for (const { answer } of problems) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const descending = [...counts.values()].sort((a, b) => b - a);
  return ANSWER_RANKS.map((rank) => (descending[rank - 1] ?? 0) / problems.length);
}
