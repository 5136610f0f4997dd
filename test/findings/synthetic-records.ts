// Records without training: single runs with stated numbers, and a sweep with the shapes that real runs have (logistic
// curves from base to end, noise of a few prompts per step), for looking at figures.

import { exp } from "../../src/core/exact-math.ts";
import { Random } from "../../src/core/random.ts";
import type { RunRecord } from "../../src/findings/run-record.ts";
import type { MethodName } from "../../src/rl/methods.ts";
import type { EvaluationMetrics, StepMetrics } from "../../src/rl/metrics.ts";
import { toRun } from "../../src/runs/spec.ts";

export interface RunShape {
  readonly tier: string;
  readonly method: MethodName;
  readonly seed: number;
  readonly base: number;
  readonly final: number;
  readonly hasCollapsed?: boolean;
  readonly hasDiverged?: boolean;
}

/** A run of four steps and three evaluations that goes straight from base to final. */
export function recordOf(shape: RunShape): RunRecord {
  const { tier, method, seed, base, final, hasCollapsed = false, hasDiverged = false } = shape;
  return {
    key: `${tier}-${method}-${seed}`,
    tier,
    method,
    seed,
    baseSeed: ((seed - 1) % 3) + 1,
    run: toRun({ method, seed, base: { tier, baseSeed: ((seed - 1) % 3) + 1 } }),
    steps: [1, 2, 3, 4].map((step) => stepRow(step, {})),
    evaluations: [
      evaluationRow(0, base, base),
      evaluationRow(2, (base + final) / 2, base),
      evaluationRow(4, final, base),
    ],
    hasCollapsed,
    hasDiverged,
  };
}

export function stepRow(step: number, values: Partial<StepMetrics>): StepMetrics {
  return {
    step,
    reward: 0.5,
    reward_std: 0.5,
    frac_reward_zero_std: 0,
    entropy: 0.4,
    kl: null,
    loss: 0,
    grad_norm: 1,
    learning_rate: 1e-4,
    "completions/mean_length": 12,
    "completions/clipped_ratio": 0,
    "clip_ratio/region_mean": 0,
    "labelfree/label_accuracy": 0.25,
    "labelfree/reward_accuracy": 0.5,
    "labelfree/majority_share": 0.5,
    "labelfree/masked_fraction": 0,
    "labelfree/empty_answer_share": 0,
    "labelfree/reflection_share": null,
    "labelfree/accuracy": 0.25,
    "labelfree/level": 3,
    "labelfree/diverged": false,
    ...values,
  };
}

/** Accuracy by level falls with the level around the total. */
export function evaluationRow(step: number, accuracy: number, base: number): EvaluationMetrics {
  const byLevel = [1, 2, 3, 4, 5].map((level): [`eval/math-like/level_${number}`, number] => {
    const spread = 1.9 - 0.35 * level + (accuracy > base ? 0.1 * level : 0);
    return [`eval/math-like/level_${level}`, Math.min(1, Math.round(accuracy * spread * 1000) / 1000)];
  });
  return {
    step,
    "eval/mean_length": 14,
    "eval/empty_answer_share": 0.05,
    "eval/math-like/accuracy": accuracy,
    ...Object.fromEntries(byLevel),
  };
}

const BASES: Readonly<Record<string, number>> = { xs: 0.134, s: 0.19, m: 0.27, l: 0.48 };

const ENDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  xs: { grpo: 0.3, ttrl: 0.014, intuitor: 0.09, cuma: 0.19 },
  s: { grpo: 0.38, ttrl: 0.05, intuitor: 0.16, cuma: 0.29 },
  m: { grpo: 0.48, ttrl: 0.3, intuitor: 0.31, cuma: 0.42 },
  l: { grpo: 0.93, ttrl: 0.85, intuitor: 0.76, cuma: 0.9 },
};

export interface SweepShape {
  readonly seeds: number;
  readonly steps?: number;
  readonly everySteps?: number;
  readonly tiers?: readonly string[];
}

/** Tiers x methods x seeds with plausible curves; the same numbers at every call. */
export function plausibleSweep({
  seeds,
  steps = 125,
  everySteps = 25,
  tiers = Object.keys(BASES),
}: SweepShape): RunRecord[] {
  return tiers.flatMap((tier) =>
    (["grpo", "ttrl", "intuitor", "cuma"] as const).flatMap((method) =>
      Array.from({ length: seeds }, (_, index) => plausibleRun(tier, method, index + 1, steps, everySteps)),
    ),
  );
}

function plausibleRun(tier: string, method: MethodName, seed: number, steps: number, everySteps: number): RunRecord {
  const random = Random.fromSeed(`${tier}/${method}/${seed}`);
  const baseSeed = ((seed - 1) % 3) + 1;
  const base = BASES[tier] + 0.012 * (baseSeed - 2);
  const end = Math.max(0.01, ENDS[tier][method] + 0.025 * random.normal());
  const isFalling = end < base;
  const course = (step: number): number => (step === 0 ? 0 : 1 / (1 + exp(-(step - steps * 0.35) / (steps * 0.1))));
  const between = (from: number, to: number, step: number): number => from + (to - from) * course(step);
  const noisy = (value: number, size: number): number => Math.min(1, Math.max(0, value + size * random.normal()));
  const stepRows = Array.from({ length: steps }, (_, index) => {
    const step = index + 1;
    const labelAccuracy = noisy(between(base * 1.2, Math.min(1, end * 1.05), step), 0.1);
    const majorityShare = noisy(between(0.45, isFalling ? 0.99 : 0.85, step), 0.04);
    return stepRow(step, {
      reward:
        method === "intuitor"
          ? between(2.1, 2.9, step)
          : method === "grpo"
            ? noisy(between(base, end, step), 0.06)
            : majorityShare,
      entropy: noisy(between(0.55, isFalling ? 0.03 : 0.12, step), 0.03),
      "completions/mean_length": between(13, isFalling ? 4 : 24, step) + 0.8 * random.normal(),
      "labelfree/label_accuracy": Math.round(labelAccuracy * 8) / 8,
      "labelfree/majority_share": majorityShare,
      "labelfree/masked_fraction": method === "cuma" ? noisy(between(0.08, 0, step), 0.02) : 0,
      "labelfree/accuracy": noisy(between(base, end, step), 0.05),
    });
  });
  const evaluationSteps = Array.from({ length: Math.ceil(steps / everySteps) }, (_, index) => index * everySteps);
  return {
    key: `${tier}-${method}-${seed}`,
    tier,
    method,
    seed,
    baseSeed,
    run: toRun({ method, seed, base: { tier, baseSeed } }),
    steps: stepRows,
    evaluations: [...evaluationSteps, steps].map((step) =>
      evaluationRow(step, step === 0 ? base : noisy(between(base, end, step), 0.01), base),
    ),
    hasCollapsed: end < base / 2,
    hasDiverged: false,
  };
}
