import type { TransformerConfig } from "../model/config.ts";
import type { TierSettings } from "../tasks/micro/tiers.ts";
import { VOCABULARY } from "../tasks/micro/vocabulary.ts";

/** The transformer of a tier's family and size over the micro world's vocabulary. */
export function tierConfig({
  family,
  hiddenSize,
  layers,
  heads,
  kvHeads,
  intermediateSize,
  slidingWindow,
}: TierSettings): TransformerConfig {
  return {
    family,
    vocabularySize: VOCABULARY.length,
    hiddenSize,
    intermediateSize,
    layers,
    heads,
    kvHeads,
    headSize: hiddenSize / heads,
    ropeTheta: 10000,
    rmsNormEps: 1e-6,
    slidingWindow,
    tiedEmbeddings: true,
    qkvBias: family === "qwen2",
    maxPositions: 128,
  };
}
