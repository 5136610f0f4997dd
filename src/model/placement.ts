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

/** Each prompt's rows with those of its responses: nothing outside attends to them. */
export function groupsOf({ responses }: SequenceBatch, placement: Placement): number[][] {
  const groups = placement.prompts.map((rows) => [...rows]);
  for (const [index, { prompt }] of responses.entries()) groups[prompt].push(...placement.responses[index]);
  return groups;
}
