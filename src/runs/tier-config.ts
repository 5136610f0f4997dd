import type { TransformerConfig } from "../model/config.ts";
import type { TierSettings } from "../tasks/micro/tiers.ts";
import { VOCABULARY } from "../tasks/micro/vocabulary.ts";

/** The Qwen2 of a tier's size over the micro world's vocabulary. */
export function tierConfig({ hiddenSize, layers, heads, kvHeads, intermediateSize }: TierSettings): TransformerConfig {
  return {
    family: "qwen2",
    vocabularySize: VOCABULARY.length,
    hiddenSize,
    intermediateSize,
    layers,
    heads,
    kvHeads,
    headSize: hiddenSize / heads,
    ropeTheta: 10000,
    rmsNormEps: 1e-6,
    slidingWindow: null,
    tiedEmbeddings: true,
    qkvBias: true,
    maxPositions: 128,
  };
}
