// A run's state as files: the weights in Hugging Face layout (so that a checkpoint is a model), the optimiser's moments as
// `first.<parameter>` and `second.<parameter>`, and a few numbers that the checkpoint's state.json keeps.

import { join } from "node:path";
import { parameterShapes, type TransformerConfig, toHuggingFaceConfig } from "../model/config.ts";
import { readSafetensors, type TensorToWrite, writeSafetensors } from "../model/safetensors.ts";
import type { TrainerState } from "../rl/trainer.ts";
import type { TrainingState } from "./assemble-training.ts";

const MODEL = "model.safetensors";
const OPTIMIZER = "optimizer.safetensors";

export interface StoredNumbers {
  readonly trainer: TrainerState;
  readonly optimizerStep: number;
}

/** File contents by name, and the numbers that go beside them. */
export function toFiles(
  config: TransformerConfig,
  { weights, optimizer, trainer }: TrainingState,
): { readonly files: ReadonlyMap<string, Uint8Array>; readonly numbers: StoredNumbers } {
  const configText = `${JSON.stringify(toHuggingFaceConfig(config), null, 2)}\n`;
  const moments = new Map([
    ...withShapes(config, optimizer.m, "first."),
    ...withShapes(config, optimizer.v, "second."),
  ]);
  const files = new Map<string, Uint8Array>([
    ["config.json", Buffer.from(configText)],
    [MODEL, writeSafetensors(withShapes(config, weights), { format: "pt" })],
    [OPTIMIZER, writeSafetensors(moments)],
  ]);
  return { files, numbers: { trainer, optimizerStep: optimizer.step } };
}

/** The state that `toFiles` wrote into a directory. */
export function fromFiles(directory: string, { trainer, optimizerStep }: StoredNumbers): TrainingState {
  const moments = readValues(join(directory, OPTIMIZER));
  return {
    weights: readValues(join(directory, MODEL)),
    optimizer: { step: optimizerStep, m: withPrefix(moments, "first."), v: withPrefix(moments, "second.") },
    trainer,
  };
}

function withShapes(
  config: TransformerConfig,
  values: ReadonlyMap<string, Float32Array>,
  prefix = "",
): Map<string, TensorToWrite> {
  const tensors = new Map<string, TensorToWrite>();
  for (const { name, shape } of parameterShapes(config)) {
    const data = values.get(name);
    if (data !== undefined) tensors.set(`${prefix}${name}`, { shape, data });
  }
  return tensors;
}

function readValues(path: string): Map<string, Float32Array> {
  return new Map(Array.from(readSafetensors(path), ([name, { data }]) => [name, data]));
}

function withPrefix(values: ReadonlyMap<string, Float32Array>, prefix: string): Map<string, Float32Array> {
  const chosen = [...values].filter(([name]) => name.startsWith(prefix));
  return new Map(chosen.map(([name, data]) => [name.slice(prefix.length), data]));
}
