// Rows as rollouts leave them: prompts end to end, then at each step one row for every response that still goes on. All
// responses to a prompt attend to the same prompt rows, and a response's own rows lie scattered.
import type { AttentionGroups, AttentionRows, Device } from "../../src/device/device.ts";
import { putInts } from "./devices.ts";

export interface AttentionLayout {
  readonly rows: number;
  readonly promptRows: number;
  /** By row: the rows that it attends to, itself last. */
  readonly keys: readonly (readonly number[])[];
  /** The rows of a prompt and its responses. */
  readonly groups: readonly (readonly number[])[];
}

export interface LayoutOptions {
  readonly promptLengths: readonly number[];
  readonly responsesPerPrompt?: number;
  /** Rows of response i: responseLengths[i % responseLengths.length]. */
  readonly responseLengths?: readonly number[];
  readonly window?: number;
}

export function attentionLayout({
  promptLengths,
  responsesPerPrompt = 0,
  responseLengths = [0],
  window = Number.POSITIVE_INFINITY,
}: LayoutOptions): AttentionLayout {
  let rows = 0;
  const prompts = promptLengths.map((length) => Array.from({ length }, () => rows++));
  const promptRows = rows;
  const responses = prompts.flatMap((_, prompt) =>
    Array.from({ length: responsesPerPrompt }, () => ({ prompt, own: [] as number[] })),
  );
  for (let step = 0; step < Math.max(...responseLengths); step++) {
    for (const [index, { own }] of responses.entries()) {
      if (step < responseLengths[index % responseLengths.length]) own.push(rows++);
    }
  }
  const keys: number[][] = [];
  for (const sequence of [...prompts, ...responses.map(({ prompt, own }) => [...prompts[prompt], ...own])]) {
    for (const [at, row] of sequence.entries()) keys[row] = sequence.slice(Math.max(0, at + 1 - window), at + 1);
  }
  const groups = prompts.map((own, prompt) => [
    ...own,
    ...responses.filter((response) => response.prompt === prompt).flatMap((response) => response.own),
  ]);
  return { rows, promptRows, keys, groups };
}

export function layoutTensors(device: Device, { keys, groups }: AttentionLayout): AttentionRows & AttentionGroups {
  const starts = (lists: readonly (readonly number[])[]) => {
    const ends = [0];
    for (const { length } of lists) ends.push(ends[ends.length - 1] + length);
    return ends;
  };
  return {
    keyStarts: putInts(device, starts(keys).slice(0, -1)),
    keyCounts: putInts(
      device,
      keys.map(({ length }) => length),
    ),
    keyLists: putInts(device, keys.flat()),
    longestList: Math.max(...keys.map(({ length }) => length)),
    groupStarts: putInts(device, starts(groups)),
    groupRows: putInts(device, groups.flat()),
    groups: groups.length,
  };
}
