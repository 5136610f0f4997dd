// Records without training with answers on all five benchmarks: single runs with stated answers, and a sweep of plausible
// ones, in which an item is as hard for one run as for another.
import { Random } from "../../../src/core/random.ts";
import type { BenchmarkSet } from "../../../src/findings/main-table/benchmarks.ts";
import { BENCHMARK_SETS } from "../../../src/findings/main-table/benchmarks.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { MethodName } from "../../../src/rl/methods.ts";
import type { EvaluationMetrics } from "../../../src/rl/metrics.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { evaluationRow, stepRow } from "../synthetic-records.ts";

/** Right and wrong answers by benchmark, as in the evaluation rows. */
export type Answers = Readonly<Record<BenchmarkSet, string>>;

export interface AnsweredRun {
  readonly tier: string;
  readonly method: MethodName;
  readonly seed: number;
  readonly base: Answers;
  readonly final: Answers;
  readonly hasDiverged?: boolean;
}

/** The same answers on every benchmark. */
export function everywhere(answers: string): Answers {
  return Object.fromEntries(BENCHMARK_SETS.map((set) => [set, answers])) as unknown as Answers;
}

/** A run of two steps, evaluated on all five benchmarks at both ends and on the first in between. */
export function answeredRun({ tier, method, seed, base, final, hasDiverged = false }: AnsweredRun): RunRecord {
  const baseSeed = ((seed - 1) % 3) + 1;
  return {
    key: `${tier}-${method}-${seed}`,
    tier,
    method,
    seed,
    baseSeed,
    run: toRun({ method, seed, base: { tier, baseSeed } }),
    steps: [1, 2].map((step) => stepRow(step, {})),
    evaluations: [answeredRow(0, base), evaluationRow(1, 0.5, 0.5), answeredRow(2, final)],
    hasCollapsed: false,
    hasDiverged,
  };
}

export function answeredRow(step: number, answers: Answers): EvaluationMetrics {
  const columns = BENCHMARK_SETS.flatMap((set) => [
    [`eval/${set}/accuracy`, [...answers[set]].filter((answer) => answer === "1").length / answers[set].length],
    [`eval/${set}/correct`, answers[set]],
  ]);
  return { step, "eval/mean_length": 14, "eval/empty_answer_share": 0, ...Object.fromEntries(columns) };
}

const ITEMS: Readonly<Record<BenchmarkSet, number>> = {
  "math-like": 500,
  "gsm-like": 300,
  "gpqa-like": 200,
  "aime-like": 100,
  "lcb-like": 200,
};

const BASES: Readonly<Record<string, number>> = { xs: 0.134, s: 0.19, m: 0.27, l: 0.48 };

const ENDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  xs: { grpo: 0.3, ttrl: 0.014, intuitor: 0.09, cuma: 0.19 },
  s: { grpo: 0.38, ttrl: 0.05, intuitor: 0.16, cuma: 0.29 },
  m: { grpo: 0.48, ttrl: 0.3, intuitor: 0.31, cuma: 0.42 },
  l: { grpo: 0.93, ttrl: 0.85, intuitor: 0.76, cuma: 0.9 },
};

/** Share of a gain on sums that a benchmark gets, and its accuracy as a share of that on sums. */
const SETS: Readonly<Record<BenchmarkSet, { readonly transfer: number; readonly ease: number }>> = {
  "math-like": { transfer: 1, ease: 1 },
  "gsm-like": { transfer: 0.7, ease: 1.15 },
  "gpqa-like": { transfer: 0.1, ease: 0.8 },
  "aime-like": { transfer: 0.6, ease: 0.35 },
  "lcb-like": { transfer: 0.3, ease: 0.6 },
};

export interface AnsweredSweepShape {
  readonly seeds: number;
  readonly tiers?: readonly string[];
  /** Items as a share of the real benchmarks'. */
  readonly itemShare?: number;
}

/** Tiers x methods x seeds with plausible answers; the same ones at every call. */
export function answeredSweep({ seeds, tiers = Object.keys(BASES), itemShare = 0.1 }: AnsweredSweepShape): RunRecord[] {
  return tiers.flatMap((tier) =>
    (["grpo", "ttrl", "intuitor", "cuma"] as const).flatMap((method) =>
      Array.from({ length: seeds }, (_, index) => {
        const seed = index + 1;
        const random = Random.fromSeed(`${tier}/${method}/${seed}`);
        const base = BASES[tier] + 0.012 * ((index % 3) - 1);
        const end = Math.max(0.01, ENDS[tier][method] + 0.025 * random.normal());
        const atBase = Random.fromSeed(`${tier}/${seed}`); // all methods of a seed draw the same answers at step 0
        return answeredRun({
          tier,
          method,
          seed,
          base: drawAnswers(itemShare, atBase, ({ ease }) => base * ease),
          final: drawAnswers(itemShare, random, ({ ease, transfer }) => (base + (end - base) * transfer) * ease),
        });
      }),
    ),
  );
}

function drawAnswers(
  itemShare: number,
  random: Random,
  accuracyOn: (set: { readonly transfer: number; readonly ease: number }) => number,
): Answers {
  const drawn = BENCHMARK_SETS.map((set) => {
    const difficulty = Random.fromSeed(set);
    const accuracy = accuracyOn(SETS[set]);
    const answers = Array.from({ length: Math.round(ITEMS[set] * itemShare) }, () => {
      const spread = (difficulty.uniform() - 0.5) * Math.min(accuracy, 1 - accuracy);
      return random.uniform() < accuracy + spread ? "1" : "0";
    });
    return [set, answers.join("")];
  });
  return Object.fromEntries(drawn) as Answers;
}
