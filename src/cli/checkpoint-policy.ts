// What `logits` and `sample` share: the checkpoint behind --model as a policy, and the token ids of --ids.

import { existsSync } from "node:fs";
import { LabelfreeError } from "../core/errors.ts";
import { createWasmDevice } from "../device/wasm/wasm-device.ts";
import { loadCheckpoint, readConfig } from "../model/checkpoint.ts";
import type { TransformerConfig } from "../model/config.ts";
import { Policy } from "../model/policy.ts";
import { Transformer } from "../model/transformer.ts";

/** Reads the configuration of the checkpoint folder `dir`; throws "cli/no-model" if there is no such folder. */
export function modelConfig(dir: string): TransformerConfig {
  if (existsSync(dir)) return readConfig(dir);
  throw new LabelfreeError("cli/no-model", `--model: there is no folder ${dir}, expected a Hugging Face checkpoint`);
}

/** Loads the checkpoint folder `dir`, hands it to `work` as a policy, and closes the device whatever happens. */
export async function withPolicy<T>(dir: string, threads: number, work: (policy: Policy) => Promise<T>): Promise<T> {
  const { config, weights } = loadCheckpoint(dir);
  const device = await createWasmDevice({ threads });
  try {
    return await work(new Policy(Transformer.create(device, config, weights)));
  } finally {
    await device.close();
  }
}

/** Reads "1,2,3"; throws "cli/ids" unless it is a list of tokens of the model that leaves room for `newTokens` more. */
export function parseIds(text: string, config: TransformerConfig, newTokens = 0): number[] {
  const { vocabularySize, maxPositions } = config;
  const fail = (problem: string) => new LabelfreeError("cli/ids", `--ids: ${problem}`, { fields: { ids: text } });
  if (text.trim() === "") throw fail("got no tokens, expected a list such as 1,2,3");
  const ids = text.split(",").map((part, index) => {
    const id = /^\s*\d+\s*$/.test(part) ? Number(part) : -1;
    if (id >= 0 && id < vocabularySize) return id;
    throw fail(`token ${index + 1}, got ${JSON.stringify(part)}, expected an integer from 0 to ${vocabularySize - 1}`);
  });
  if (ids.length + newTokens > maxPositions) {
    const more = newTokens > 0 ? ` and ${newTokens} new ones (--max-new)` : "";
    throw fail(`got ${ids.length} tokens${more}, expected at most ${maxPositions} positions, the model's maximum`);
  }
  return ids;
}
