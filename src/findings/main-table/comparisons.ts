import type { ShownMethod } from "../../figures/theme.ts";

/** Rows of the table, in the order of the paper's. */
export const TABLE_METHODS = ["base", "grpo", "intuitor", "ttrl", "cuma"] as const satisfies readonly ShownMethod[];

export const TRAINED_METHODS = ["grpo", "intuitor", "ttrl", "cuma"] as const satisfies readonly ShownMethod[];

export type TableMethod = (typeof TABLE_METHODS)[number];

export interface Comparison {
  readonly first: TableMethod;
  readonly second: TableMethod;
}

/** The differences that matter: every method against the base, and CuMa against its baseline and against labels. */
export const COMPARISONS: readonly Comparison[] = [
  ...TRAINED_METHODS.map((first) => ({ first, second: "base" as const })),
  { first: "cuma", second: "ttrl" },
  { first: "cuma", second: "grpo" },
];
