// The answer is the text after the last "#", and counts only as exactly two digits before an EOS. There is no fallback
// to the last number or to the empty string: an extractor with one gives malformed responses a common vote.
import { MICRO_WORLD, type WorldSettings } from "./world.ts";

/** The answer of a response (without its stop token), or null if it was cut, has no `#` or no exact-width number. */
export function extractAnswer(text: string, ended: boolean, world: WorldSettings = MICRO_WORLD): string | null {
  const mark = text.lastIndexOf("#");
  if (!ended || mark < 0) return null;
  const answer = text.slice(mark + 1);
  return answer.length === world.answerWidth && /^[0-9]+$/.test(answer) ? answer : null;
}

/** Whether a response states an answer at all, right or wrong. */
export function hasFormat(text: string, ended: boolean, world: WorldSettings = MICRO_WORLD): boolean {
  return extractAnswer(text, ended, world) !== null;
}
