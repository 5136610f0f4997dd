import type { EvaluationColumn } from "../run-record.ts";

/** A benchmark of the micro world, in the place of one of the paper's. */
export interface Benchmark {
  /** Name of its evaluation set. */
  readonly set: string;
  readonly label: string;
  /** What its problems look like. */
  readonly form: string;
  /** The paper's benchmark whose place it takes. */
  readonly paper: string;
  /** Accuracy of guessing among given options; null where an answer is free. */
  readonly chance: number | null;
}

/** The five benchmarks in the order of the paper's table. */
export const BENCHMARKS = [
  { set: "math-like", label: "MATH-like", form: "sums of all levels", paper: "MATH-500", chance: null },
  { set: "gsm-like", label: "GSM-like", form: "stories, levels 1–3", paper: "GSM8K", chance: null },
  { set: "gpqa-like", label: "GPQA-like", form: "four choices, levels 3–5", paper: "GPQA", chance: 0.25 },
  { set: "aime-like", label: "AIME-like", form: "sums of level 5", paper: "AIME24", chance: null },
  { set: "lcb-like", label: "LCB-like", form: "programs, all levels", paper: "LCB", chance: null },
] as const satisfies readonly Benchmark[];

export type BenchmarkSet = (typeof BENCHMARKS)[number]["set"];

export const BENCHMARK_SETS = BENCHMARKS.map(({ set }) => set);

/** The benchmark of that evaluation set. */
export function benchmarkOf(set: BenchmarkSet): Benchmark {
  return BENCHMARKS[BENCHMARK_SETS.indexOf(set)];
}

/** Column of the evaluation rows with the accuracy on a benchmark. */
export function accuracyColumn(set: BenchmarkSet): EvaluationColumn {
  return `eval/${set}/accuracy`;
}
