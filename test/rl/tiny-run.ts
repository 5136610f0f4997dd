import { Random } from "../../src/core/random.ts";
import type { WasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { AdamW } from "../../src/model/adamw.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { Policy } from "../../src/model/policy.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { METHODS } from "../../src/rl/methods.ts";
import type { EvaluationMetrics, StepMetrics } from "../../src/rl/metrics.ts";
import type { RunSettings } from "../../src/rl/settings.ts";
import type { TrainerHooks, TrainerOptions } from "../../src/rl/trainer.ts";
import { Trainer } from "../../src/rl/trainer.ts";
import type { Problem, Task } from "../../src/tasks/task.ts";
import { tinyConfig } from "../model/tiny-config.ts";

const STOP = 10;

/** Tokens are the digits and a stop. The prompt is a digit; its answer the same digit, alone before the stop. */
export const digitTask: Task = {
  name: "digits",
  stopIds: [STOP],
  encodePrompt: ({ prompt }) => [STOP, Number(prompt)],
  decode: (ids) => ids.join(""),
  extractAnswer: (text, ended) => (ended && text.length === 1 ? text : null),
  isCorrect: (answer, problem) => answer === problem.answer,
  hasFormat: (text, ended) => ended && text.length === 1,
};

export const digitProblems: readonly Problem[] = Array.from({ length: 80 }, (_, index) => {
  const digit = String(index % 10);
  return { id: `digits/${index}`, level: 1 + (index % 5), prompt: digit, answer: digit, generated: false };
});

/** Tiny settings of a method: 20 steps of 4 prompts, responses of at most 3 tokens. */
export function tinySettings(method: keyof typeof METHODS, changes: Partial<RunSettings> = {}): RunSettings {
  const preset = METHODS[method];
  return {
    ...preset,
    task: "digits",
    data: { ...preset.data, size: digitProblems.length },
    rollouts: { promptsPerStep: 4, samplesPerPrompt: 8, temperature: 1, maxNewTokens: 3 },
    optimizer: { ...preset.optimizer, learningRate: 0.02 },
    evaluation: { ...preset.evaluation, everySteps: 8, temperature: 1, sets: ["held-out"], endSets: [] },
    checkpointEverySteps: 7,
    ...changes,
  };
}

export interface TinyRun {
  readonly trainer: Trainer;
  readonly policy: Policy;
  readonly optimizer: AdamW;
}

export const newPolicy = (device: WasmDevice): Policy => {
  const config = tinyConfig({ hiddenSize: 16, headSize: 4, intermediateSize: 32 });
  return new Policy(Transformer.create(device, config, initialWeights(config, Random.fromSeed("tiny run"))));
};

export function tinyRun(device: WasmDevice, settings: RunSettings, changes: Partial<TrainerOptions> = {}): TinyRun {
  const policy = changes.policy ?? newPolicy(device);
  const { beta1, beta2, epsilon, weightDecay } = settings.optimizer;
  const optimizer = changes.optimizer ?? new AdamW(policy.transformer, { beta1, beta2, eps: epsilon, weightDecay });
  const trainer = Trainer.create({
    settings,
    task: digitTask,
    problems: digitProblems,
    evaluationSets: { "held-out": digitProblems.slice(0, 30) },
    ...changes,
    policy,
    optimizer,
  });
  return { trainer, policy, optimizer };
}

export interface Recording extends TrainerHooks {
  readonly steps: StepMetrics[];
  readonly evaluations: EvaluationMetrics[];
}

export function recording(more: Pick<TrainerHooks, "shouldStop" | "checkpoint"> = {}): Recording {
  const steps: StepMetrics[] = [];
  const evaluations: EvaluationMetrics[] = [];
  return {
    steps,
    evaluations,
    onStep: (row) => steps.push(row),
    onEvaluation: (row) => evaluations.push(row),
    ...more,
  };
}
