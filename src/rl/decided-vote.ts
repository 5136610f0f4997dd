// How many of a prompt's N rollouts its vote needs: sampled in chunks, no more are taken once the rest cannot change the
// majority under the tie rule "first". The leader is decided when every other answer, seen or not, would stay behind it
// even with all the rollouts left; at equal counts the one seen first wins. Only the winner is decided: its share, and
// with it a mask or the rewards of the rollouts that were not taken, are those of fewer rollouts.

import { LabelfreeError } from "../core/errors.ts";
import { countVotes } from "./votes.ts";

/** Whether `remaining` more rollouts cannot change the winner; `counts` by answer, in the order first seen. */
export function isDecided(counts: ReadonlyMap<string, number>, remaining: number): boolean {
  if (remaining <= 0) return true;
  const most = Math.max(0, ...counts.values());
  if (most < remaining) return false; // an answer not seen yet, which would lose a tie
  let isLeaderSeen = false;
  for (const count of counts.values()) {
    if (!isLeaderSeen && count === most) {
      isLeaderSeen = true;
      continue;
    }
    const reach = count + remaining;
    if (reach > most || (reach === most && !isLeaderSeen)) return false;
  }
  return true;
}

/** Rollouts taken of these answers, in chunks and in order, until their vote is decided; throws "votes/chunk". */
export function rolloutsNeeded(answers: readonly (string | null)[], chunk: number): number {
  if (!Number.isInteger(chunk) || chunk < 1) {
    throw new LabelfreeError("votes/chunk", `votes: chunk of rollouts, got ${chunk}, expected a whole number from 1`, {
      fields: { chunk },
    });
  }
  let taken = 0;
  while (!isDecided(countVotes(answers.slice(0, taken)), answers.length - taken)) {
    taken = Math.min(taken + chunk, answers.length);
  }
  return taken;
}
