import type { GeneratedProblemsRequest } from "./make-generated-problems.ts";

/** What the arms are. */
export function describeSets({ generator: { corpus }, generation }: GeneratedProblemsRequest): string {
  const { callsPerSet } = generation;
  const calls = `${callsPerSet} call${callsPerSet === 1 ? "" : "s"} for ${corpus.problemsPerCall} problems`;
  return (
    `Rule: the world's own draw. Model: a transformer asked in ${calls} a level, with ${corpus.examples} examples of it ` +
    "in each call, new ones (refreshed) or always the same (fixed). Nothing is filtered."
  );
}

/** What the intervals are. */
export function describeIntervals({ generation: { draws } }: GeneratedProblemsRequest): string {
  if (draws === 1) return "No intervals, for want of draws.";
  const range = draws <= 3 ? ` (of ${draws} draws: their range)` : "";
  return `Bars: 95 % bootstrap interval over ${draws} draws of examples and samples${range}; one generator.`;
}
