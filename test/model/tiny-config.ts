import type { TransformerConfig } from "../../src/model/config.ts";

/** A Qwen2-like configuration of a few hundred weights, with the given changes. */
export function tinyConfig(changes: Partial<TransformerConfig> = {}): TransformerConfig {
  return {
    family: "qwen2",
    vocabularySize: 11,
    hiddenSize: 8,
    intermediateSize: 12,
    layers: 2,
    heads: 4,
    kvHeads: 2,
    headSize: 2,
    ropeTheta: 10000,
    rmsNormEps: 1e-6,
    slidingWindow: null,
    tiedEmbeddings: false,
    qkvBias: true,
    maxPositions: 32,
    ...changes,
  };
}
