import { hashJson } from "../../src/core/hash.ts";
import { Random } from "../../src/core/random.ts";
import type { EvaluationMetrics, StepMetrics } from "../../src/rl/metrics.ts";
import type { EvaluationSettings } from "../../src/rl/settings.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { toRunKey } from "../../src/runs/run-key.ts";
import { type RunSpec, toRun } from "../../src/runs/spec.ts";

export interface SyntheticRun extends RunSpec {
  readonly steps?: number;
  /** Stands for the sources that made it. */
  readonly source?: string;
}

/** A run that nobody trained, with numbers of all magnitudes, nulls and answers; the same at every call. */
export function syntheticRun({ steps: length = 3, source = "s", ...spec }: SyntheticRun): RecordedRun {
  const run = toRun(spec);
  const random = Random.fromSeed(hashJson(spec));
  const anyDouble = () => random.normal() * 2 ** (random.integer(1000) - 500) || 1;
  const steps = Array.from({ length }, (_, index) => stepRow(index + 1, anyDouble));
  const evaluations = [0, 1, length].map((step, index) => evaluationRow(step, index !== 1, run.evaluation, random));
  return {
    result: {
      ...toRunKey(run, { base: "b", data: "d", kernels: "k", source }),
      run,
      steps: length,
      totalSteps: length,
      hasDiverged: false,
      resumedFrom: null,
      weightsHash: hashJson([spec, "weights"]),
      collapse: null,
      metrics: steps.at(-1) ?? null,
      evaluations: { first: evaluations[0], last: evaluations[2] },
    },
    steps,
    evaluations,
  };
}

function stepRow(step: number, anyDouble: () => number): StepMetrics {
  return {
    step,
    reward: anyDouble(),
    reward_std: 0,
    frac_reward_zero_std: 1 / 3,
    entropy: 5e-324,
    kl: null,
    loss: -anyDouble(),
    grad_norm: Number.MAX_VALUE,
    learning_rate: 1e-4,
    "completions/mean_length": 12.5,
    "completions/clipped_ratio": 0,
    "clip_ratio/region_mean": 0,
    "labelfree/label_accuracy": 0.25,
    "labelfree/reward_accuracy": step % 2 === 0 ? null : 0.5,
    "labelfree/majority_share": 0.1 + 0.2,
    "labelfree/masked_fraction": 0,
    "labelfree/empty_answer_share": 0,
    "labelfree/reflection_share": step % 2 === 0 ? null : 0.125,
    "labelfree/accuracy": 0.25,
    "labelfree/level": 3,
    "labelfree/diverged": false,
  };
}

function evaluationRow(step: number, isEnd: boolean, { sets, endSets }: EvaluationSettings, random: Random) {
  const ofSet = (set: string, isMeasured: boolean) => ({
    [`eval/${set}/accuracy`]: isMeasured ? random.uniform() : null,
    [`eval/${set}/answers/top`]: isMeasured
      ? [
          { answer: null, count: 3 },
          { answer: "7", count: 1 },
        ]
      : null,
    [`eval/${set}/correct`]: isMeasured ? "0110" : null,
  });
  const sample = { level: 2, prompt: "37+5-2?", response: '37+5=42;"é\n#40', answer: null, correct: false };
  const samples = sets.slice(0, 1).map((set) => ({ [`eval/${set}/samples`]: isEnd ? [sample] : null }));
  const columns = [...sets.map((set) => ofSet(set, true)), ...endSets.map((set) => ofSet(set, isEnd)), ...samples];
  const row: EvaluationMetrics = { step, "eval/mean_length": 14, "eval/empty_answer_share": null };
  return Object.assign(row, ...columns);
}
