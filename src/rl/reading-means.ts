import { meanOf } from "./averages.ts";
import type { Reading } from "./judge.ts";
import { isVote } from "./votes.ts";

/** Share of responses that are correct; null, here as below, for no responses. */
export function accuracyOf(readings: readonly Reading[]): number | null {
  return meanOf(readings.map(({ correct }) => correct));
}

/** Mean length in tokens, with the stop token. */
export function meanLength(readings: readonly Reading[]): number | null {
  return meanOf(readings.map(({ lengthTokens }) => lengthTokens));
}

/** Share of responses without an answer that could vote. */
export function emptyAnswerShare(readings: readonly Reading[]): number | null {
  return meanOf(readings.map(({ answer }) => !isVote(answer)));
}

/** Share of responses that go back over earlier steps; null where the task cannot tell. */
export function reflectionShare(readings: readonly Reading[]): number | null {
  return meanOf(readings.flatMap(({ reflects }) => (reflects === null ? [] : [reflects])));
}
