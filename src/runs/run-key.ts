import { hashJson } from "../core/hash.ts";
import type { Run } from "./spec.ts";

/** What a run's bits depend on, each as SHA-256 (hex). */
export interface RunIngredients {
  /** Of the base checkpoint's weights. */
  readonly base: string;
  /** Of the training and evaluation problems and their vocabulary. */
  readonly data: string;
  /** Of the compiled kernels. */
  readonly kernels: string;
  /** Of the source files that the run reaches. */
  readonly source: string;
}

export interface RunKey extends RunIngredients {
  readonly key: string;
}

/** The key of a run; where its checkpoints are, and how often they are written, changes nothing and does not count. */
export function toRunKey({ checkpointEverySteps: _, base, ...run }: Run, ingredients: RunIngredients): RunKey {
  const origin = "checkpoint" in base ? null : base;
  return { ...ingredients, key: hashJson({ run: { ...run, base: origin }, ...ingredients }) };
}
