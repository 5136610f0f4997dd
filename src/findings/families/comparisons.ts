// The study beyond one family of models and one domain. The main tiers are Qwen2-like (biases on queries, keys and values);
// the same shapes without them are LLaMA-like, and with a sliding window Mistral-like. The second domain is the output of
// small programs: training on them, looked at on held-out programs and on sums.
import type { Arm, Comparison } from "../arms/arm.ts";
import { methodArm } from "../arms/arm.ts";

const METHODS = ["grpo", "ttrl", "intuitor", "cuma"] as const;

const ARMS: readonly [Arm, ...Arm[]] = [methodArm("grpo"), methodArm("ttrl"), methodArm("intuitor"), methodArm("cuma")];

const [firstProgram, ...otherPrograms] = METHODS.map((method): Arm => {
  return { ...methodArm(method), spec: { method, data: { form: "program" } } };
});

export const QWEN: Comparison = {
  name: "qwen",
  title: "Qwen2-like",
  tiers: ["xs", "m", "l"],
  reference: null,
  arms: ARMS,
};

export const LLAMA: Comparison = {
  ...QWEN,
  name: "llama",
  title: "LLaMA-like",
  tiers: ["xs-llama", "m-llama", "l-llama"],
};

export const MISTRAL: Comparison = {
  ...QWEN,
  name: "mistral",
  title: "Mistral-like",
  tiers: ["xs-mistral", "m-mistral", "l-mistral"],
};

export const PROGRAM: Comparison = {
  ...QWEN,
  name: "program",
  title: "Trained on programs",
  arms: [firstProgram, ...otherPrograms],
  smokeEndSets: ["lcb-like"],
};
