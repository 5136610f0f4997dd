// The transformer once more, in double precision, one whole sequence at a time: no cache, no shared prompts, no batches.
import type { TransformerConfig } from "../../src/model/config.ts";
import { parameterShapes } from "../../src/model/config.ts";
import type { SequenceBatch } from "../../src/model/sequence-batch.ts";
import {
  attention,
  linear,
  plus,
  randomValues,
  rmsNorm,
  rope,
  scoreRow,
  swiGlu,
  type Values,
} from "../device/reference.ts";

export type Weights = ReadonlyMap<string, Values>;

/** Weights large enough that every part of the model matters; norms near 1, biases too. */
export function livelyWeights(config: TransformerConfig, seed = "weights"): Map<string, Float32Array> {
  return new Map(
    parameterShapes(config).map(({ name, shape }) => {
      const centre = name.endsWith("norm.weight") ? 1 : 0;
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, randomValues(size, `${seed} ${name}`, centre - 0.5, centre + 0.5)];
    }),
  );
}

/** Logits at every position of a sequence, [tokens, vocabulary]. */
export function referenceLogits(config: TransformerConfig, weights: Weights, ids: readonly number[]): Float64Array {
  const { hiddenSize, intermediateSize, heads, kvHeads, headSize, rmsNormEps } = config;
  const of = (name: string): Values => weights.get(name) ?? [];
  const speeds = Array.from({ length: headSize / 2 }, (_, pair) => config.ropeTheta ** ((-2 * pair) / headSize));
  const positions = ids.map((_, position) => position);
  const window = config.slidingWindow ?? ids.length;
  const keys = positions.map((position) => positions.slice(Math.max(0, position + 1 - window), position + 1));
  let stream: Float64Array = Float64Array.from(
    ids.flatMap((id) => row(of("model.embed_tokens.weight"), id, hiddenSize)),
  );
  for (let layer = 0; layer < config.layers; layer++) {
    const at = (name: string) => of(`model.layers.${layer}.${name}`);
    const normed = rmsNorm(stream, at("input_layernorm.weight"), rmsNormEps);
    const projected = ["q", "k", "v"].map((which) => {
      const bias = config.qkvBias ? at(`self_attn.${which}_proj.bias`) : undefined;
      return linear(normed, at(`self_attn.${which}_proj.weight`), hiddenSize, bias);
    });
    const columns = (heads + 2 * kvHeads) * headSize;
    const qkv = rope(sideBySide(projected, ids.length), columns, positions, speeds, heads + kvHeads);
    const { out } = attention(qkv, keys, config);
    const middle = plus(stream, linear(out, at("self_attn.o_proj.weight"), heads * headSize));
    const mlpNormed = rmsNorm(middle, at("post_attention_layernorm.weight"), rmsNormEps);
    const gateUp = ["gate", "up"].map((which) => linear(mlpNormed, at(`mlp.${which}_proj.weight`), hiddenSize));
    const activated = swiGlu(sideBySide(gateUp, ids.length), intermediateSize);
    stream = plus(middle, linear(activated, at("mlp.down_proj.weight"), intermediateSize));
  }
  const head = of(config.tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight");
  return linear(rmsNorm(stream, of("model.norm.weight"), rmsNormEps), head, hiddenSize);
}

/** logp, entropy and certainty of every response token, responses end to end. */
export function referenceScores(
  config: TransformerConfig,
  weights: Weights,
  { prompts, responses }: SequenceBatch,
  temperature: number,
): ReturnType<typeof scoreRow>[] {
  return responses.flatMap(({ prompt, tokens }) => {
    const logits = referenceLogits(config, weights, [...prompts[prompt], ...tokens]);
    return tokens.map((token, at) => {
      const position = prompts[prompt].length + at - 1;
      return scoreRow(row(logits, position, config.vocabularySize), token, temperature);
    });
  });
}

function row(matrix: Values, index: number, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => matrix[index * columns + column]);
}

function sideBySide(matrices: readonly Float64Array[], rows: number): Float64Array {
  return Float64Array.from(
    Array.from({ length: rows }, (_, index) =>
      matrices.flatMap((matrix) => row(matrix, index, matrix.length / rows)),
    ).flat(),
  );
}
