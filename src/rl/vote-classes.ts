// Votes over classes of answers: 0.5, 1/2 and \frac12 mean the same, but as strings they split the vote (a trap in public
// code, which then grades them as equal). Every answer is written as the first seen of its class, so that votes, rewards
// and masks go on comparing strings, and the winner is a written form that a policy really gave.

import type { Task } from "../tasks/task.ts";
import type { VoteSettings } from "./settings.ts";
import { isVote } from "./votes.ts";

/** One group's answers as they vote: as they are, or each as the first seen of its class; what does not vote stays. */
export function votingAnswers(
  answers: readonly (string | null)[],
  { equivalence }: VoteSettings,
  { answerClass }: Pick<Task, "answerClass">,
): (string | null)[] {
  if (equivalence === "string" || answerClass === undefined) return [...answers];
  const written = new Map<string, string>();
  return answers.map((answer) => {
    if (!isVote(answer)) return answer;
    const name = answerClass(answer);
    const first = written.get(name) ?? answer;
    written.set(name, first);
    return first;
  });
}
