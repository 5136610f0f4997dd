// CuMa's reward mask: a group whose majority is too weak gives no learning signal. With N = 8 and minVotes 2 it acts only
// where all answers differ; a group of eight equal wrong answers passes it (with zero advantage).

import type { MaskSettings } from "./settings.ts";
import type { Vote } from "./votes.ts";

/** Whether a group with this vote is dropped. */
export function isMasked(vote: Vote, { minVotes, minShare }: MaskSettings): boolean {
  return (minVotes !== null && vote.count < minVotes) || (minShare !== null && vote.share < minShare);
}
