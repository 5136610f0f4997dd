// Rotary position embedding (Su et al. 2021, https://arxiv.org/abs/2104.09864): pair i of a head turns by
// position * theta^(-2i / headSize). LLaMA 3.1 stretches the slow pairs ("llama3" scaling, transformers'
// _compute_llama3_parameters): wavelengths shorter than a bound stay, longer than another are multiplied by `factor`, and
// between the two the frequencies are mixed linearly. transformers multiplies in float32; here everything is float64
// until the table is stored, with portable functions, so that the table has the same bits everywhere.

import { cos, pow, sin } from "../core/exact-math.ts";
import type { Llama3RopeScaling, TransformerConfig } from "./config.ts";

/** Cosines and sines, both [positions, headSize / 2] row-major. */
export interface RopeTable {
  readonly positions: number;
  readonly pairs: number;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Builds the table for positions 0 to `positions` - 1. */
export function ropeTable(
  config: Pick<TransformerConfig, "headSize" | "ropeTheta" | "ropeScaling">,
  positions: number,
): RopeTable {
  const frequencies = ropeFrequencies(config);
  const pairs = frequencies.length;
  const table = {
    positions,
    pairs,
    cos: new Float32Array(positions * pairs),
    sin: new Float32Array(positions * pairs),
  };
  for (let position = 0; position < positions; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * frequencies[pair];
      table.cos[position * pairs + pair] = cos(angle);
      table.sin[position * pairs + pair] = sin(angle);
    }
  }
  return table;
}

/** Angle per position of each of the headSize / 2 pairs, in radians. */
export function ropeFrequencies(
  config: Pick<TransformerConfig, "headSize" | "ropeTheta" | "ropeScaling">,
): Float64Array {
  const { headSize, ropeTheta, ropeScaling } = config;
  const frequencies = Float64Array.from({ length: headSize / 2 }, (_, pair) => pow(ropeTheta, (-2 * pair) / headSize));
  return ropeScaling === undefined ? frequencies : frequencies.map((frequency) => stretch(frequency, ropeScaling));
}

function stretch(frequency: number, scaling: Llama3RopeScaling): number {
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = scaling;
  const turns = (originalMaxPositions * frequency) / (2 * Math.PI); // full turns within the original context
  if (turns > highFreqFactor) return frequency;
  if (turns < lowFreqFactor) return frequency / factor;
  const smooth = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}
