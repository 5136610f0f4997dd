// Where the tokens of prompts and responses lie among the rows of the activations. A prompt's rows are shared by all its
// responses. A response's last token has no row, since nothing attends to it: its row would predict what comes after.
import type { Targets } from "./output-head.ts";
import type { SequenceBatch } from "./sequence-batch.ts";

export interface Placement {
  readonly prompts: readonly (readonly number[])[]; // rows of each prompt
  readonly responses: number[][]; // rows of each response's tokens but the last
  rows: number; // in use
}

/** Prompts one after the other from row 0 on, no responses yet. */
export function placePrompts(prompts: readonly (readonly number[])[]): Placement {
  let rows = 0;
  const placed = prompts.map((prompt) => prompt.map(() => rows++));
  return { prompts: placed, responses: [], rows };
}

/** For every response token in order: the row whose state predicts it, and its id. */
export function targetsOf({ responses }: SequenceBatch, placement: Placement): Targets {
  const rows: number[] = [];
  const ids: number[] = [];
  for (const [index, { prompt, tokens }] of responses.entries()) {
    const own = placement.responses[index];
    const last = placement.prompts[prompt].at(-1) as number;
    for (const [at, id] of tokens.entries()) {
      rows.push(at === 0 ? last : own[at - 1]);
      ids.push(id);
    }
  }
  return { rows, ids };
}

/** Each prompt's rows with those of its responses, if one of their tokens has a gradient; no group attends to another. */
export function movedGroups(
  { responses }: SequenceBatch,
  placement: Placement,
  dLogp: ArrayLike<number>,
): (readonly number[])[] {
  const groups = placement.prompts.map((rows) => ({ rows: [...rows], hasMoved: false }));
  let token = 0;
  for (const [index, { prompt, tokens }] of responses.entries()) {
    const group = groups[prompt];
    group.rows.push(...placement.responses[index]);
    for (const end = token + tokens.length; token < end; token++) group.hasMoved ||= dLogp[token] !== 0;
  }
  return groups.flatMap(({ rows, hasMoved }) => (hasMoved ? [rows] : []));
}
