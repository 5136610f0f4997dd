import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Random } from "../../src/core/random.ts";
import { saveCheckpoint } from "../../src/model/checkpoint.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import type { RunSpec } from "../../src/runs/spec.ts";
import { VOCABULARY } from "../../src/tasks/micro/vocabulary.ts";
import { tinyConfig } from "../model/tiny-config.ts";

/** A directory that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "labelfree-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Saves untrained weights for the micro world and returns their directory. */
export function saveTinyBase(directory: string, seed = 1): string {
  const config = tinyConfig({ vocabularySize: VOCABULARY.length, hiddenSize: 16, headSize: 4, maxPositions: 128 });
  const checkpoint = join(directory, `base-${seed}`);
  saveCheckpoint(checkpoint, config, initialWeights(config, Random.fromSeed(seed)));
  return checkpoint;
}

/** A run of 12 steps (or `steps`) of 4 prompts x 4 rollouts, some ten milliseconds each. */
export function tinySpec(checkpoint: string, { steps = 12, ...changes }: RunSpec & { steps?: number } = {}): RunSpec {
  return {
    method: "intuitor", // rewards untrained weights too
    base: { checkpoint },
    data: { size: 4 * steps },
    rollouts: { promptsPerStep: 4, samplesPerPrompt: 4, maxNewTokens: 8 },
    optimizer: { learningRate: 0.01 },
    evaluation: { everySteps: 5, sets: ["gsm-like"], endSets: [] },
    checkpointEverySteps: 3,
    ...changes,
  };
}
