// Initial weights: matrices and embeddings from a normal distribution, of standard deviation 0.02 unless told, norms 1,
// biases 0, as transformers initialises these families. One difference, from GPT-2 (Radford et al. 2019, section 2.3): the two
// matrices that write to the residual stream (o_proj, down_proj) are scaled by 1 / sqrt(2 * layers), so that the
// stream's variance at the start does not grow with depth.

import type { Random } from "../core/random.ts";
import { parameterShapes, type TransformerConfig } from "./config.ts";

/** Draws all parameters from `random`, in canonical order, each row by row. */
export function initialWeights(
  config: TransformerConfig,
  random: Random,
  standardDeviation = 0.02,
): Map<string, Float32Array> {
  const residualScale = 1 / Math.sqrt(2 * config.layers);
  const weights = new Map<string, Float32Array>();
  for (const { name, shape } of parameterShapes(config)) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (name.endsWith("norm.weight")) values.fill(1);
    else if (!name.endsWith(".bias")) {
      const writesToStream = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      const deviation = standardDeviation * (writesToStream ? residualScale : 1);
      for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
    }
    weights.set(name, values);
  }
  return weights;
}
