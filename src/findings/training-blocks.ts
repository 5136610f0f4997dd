// Training curves are means over blocks of steps within each run, then over seeds, for a step has only a few prompts.
import { escape, from, op } from "arquero";
import type { RunRecord } from "./run-record.ts";

const BLOCKS = 25;

/** Steps in a block, so that the longest run has at most 25 of them. */
export function blockStepsOf(records: readonly RunRecord[]): number {
  return Math.max(1, Math.ceil(Math.max(...records.map(({ steps }) => steps.length)) / BLOCKS));
}

/** A number of one step of a run, under the keys of its run. */
interface StepValue {
  /** From 1 on. */
  readonly step: number;
  readonly value: number;
}

/** One row per block and combination of keys with the mean `value`; `step` is the block's middle. */
export function blockMeans(rows: readonly StepValue[], keys: readonly string[], blockSteps: number): object[] {
  if (rows.length === 0) return [];
  return from(rows as StepValue[])
    .derive({ step: escape(({ step }: StepValue) => blockMiddle(step - 1, blockSteps)) })
    .groupby(...keys)
    .rollup({ value: op.mean("value") })
    .objects();
}

/** "blocks of 10 steps" between two pieces of text; nothing where every step stands for itself. */
export function blockText(blockSteps: number, before: string, after: string): string {
  return blockSteps === 1 ? "" : `${before}blocks of ${blockSteps} steps${after}`;
}

/** Middle of the block in which the step with this index, from 0 on, lies. */
export function blockMiddle(index: number, blockSteps: number): number {
  return Math.floor(index / blockSteps) * blockSteps + (blockSteps + 1) / 2;
}
