// The state of a pre-training as files: those of a training run, and the averaged weights in a file of their own.

import { join } from "node:path";
import { parameterShapes, type TransformerConfig } from "../model/config.ts";
import { readSafetensors, type TensorToWrite, writeSafetensors } from "../model/safetensors.ts";
import type { PretrainingState } from "./assemble-pretraining.ts";
import { fromFiles, type StoredNumbers, toFiles } from "./training-files.ts";

const AVERAGE = "average.safetensors";

/** File contents by name, and the numbers that go beside them. */
export function toPretrainingFiles(
  config: TransformerConfig,
  { step, weights, average, optimizer }: PretrainingState,
): { readonly files: ReadonlyMap<string, Uint8Array>; readonly numbers: StoredNumbers } {
  const { files, numbers } = toFiles(config, { weights, optimizer, trainer: { step } });
  const tensors = parameterShapes(config).flatMap(({ name, shape }): [string, TensorToWrite][] => {
    const data = average.get(name);
    return data === undefined ? [] : [[name, { shape, data }]];
  });
  return { files: new Map([...files, [AVERAGE, writeSafetensors(new Map(tensors))]]), numbers };
}

/** The state that `toPretrainingFiles` wrote into a directory. */
export function fromPretrainingFiles(directory: string, numbers: StoredNumbers): PretrainingState {
  const { weights, optimizer, trainer } = fromFiles(directory, numbers);
  const average = Array.from(readSafetensors(join(directory, AVERAGE)), ([name, { data }]) => [name, data] as const);
  return { step: trainer.step, weights, optimizer, average: new Map(average) };
}
