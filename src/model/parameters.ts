// All parameters of a transformer in one flat array, so that the optimiser and the gradient norm are one operation each.
// Within a layer q, k and v lie side by side, as do gate and up: each trio or pair then acts as one larger matrix.
import { LabelfreeError } from "../core/errors.ts";
import type { Tensor } from "../device/device.ts";
import { parameterShapes, type TransformerConfig } from "./config.ts";

export interface LayerParameters {
  readonly inputNorm: Tensor; // [hidden]
  readonly qkv: Tensor; // [(heads + 2 kvHeads) headSize, hidden]
  readonly qkvBias: Tensor | undefined;
  readonly output: Tensor; // [hidden, heads headSize]
  readonly mlpNorm: Tensor; // [hidden]
  readonly gateUp: Tensor; // [2 intermediate, hidden]
  readonly down: Tensor; // [hidden, intermediate]
}

/** Views of a flat array: the weights, or their gradients. */
export interface Parameters {
  readonly embedding: Tensor; // [vocabulary, hidden]
  readonly layers: readonly LayerParameters[];
  readonly norm: Tensor; // [hidden]
  readonly head: Tensor; // [vocabulary, hidden]; the embedding itself if tied
}

export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

export interface ParameterLayout {
  readonly size: number;
  /** By Hugging Face name, in the canonical order of parameterShapes. */
  readonly places: ReadonlyMap<string, ParameterPlace>;
}

/** Where each parameter lies in the flat array. Throws "model/shape" for sizes that the kernels cannot take. */
export function parameterLayout(config: TransformerConfig): ParameterLayout {
  for (const name of ["hiddenSize", "intermediateSize", "headSize"] as const) {
    if (config[name] % 4 !== 0) {
      throw new LabelfreeError("model/shape", `model: ${name}, got ${config[name]}, expected a multiple of 4`);
    }
  }
  const shapes = parameterShapes(config);
  const weightsFirst = [...shapes].sort((a, b) => layerOf(a.name) - layerOf(b.name) || rank(a.name) - rank(b.name));
  let offset = 0;
  const offsets = new Map<string, number>();
  for (const { name, shape } of weightsFirst) {
    offsets.set(name, offset);
    offset += product(shape);
  }
  const places = shapes.map(({ name, shape }) => {
    return [name, { name, shape, offset: offsets.get(name) ?? 0, size: product(shape) }] as const;
  });
  return { size: offset, places: new Map(places) };
}

export function parameterViews(flat: Tensor, config: TransformerConfig, layout: ParameterLayout): Parameters {
  const { hiddenSize, intermediateSize, heads, kvHeads, headSize } = config;
  const at = (name: string, shape: readonly number[]): Tensor => {
    const place = layout.places.get(name);
    if (!place) throw new LabelfreeError("model/parameter", `model: no parameter ${name}`);
    return flat.view(place.offset, shape);
  };
  const qkvSize = (heads + 2 * kvHeads) * headSize;
  const layers = Array.from({ length: config.layers }, (_, index): LayerParameters => {
    const layer = (name: string, ...shape: number[]) => at(`model.layers.${index}.${name}`, shape);
    return {
      inputNorm: layer("input_layernorm.weight", hiddenSize),
      qkv: layer("self_attn.q_proj.weight", qkvSize, hiddenSize),
      qkvBias: config.qkvBias ? layer("self_attn.q_proj.bias", qkvSize) : undefined,
      output: layer("self_attn.o_proj.weight", hiddenSize, heads * headSize),
      mlpNorm: layer("post_attention_layernorm.weight", hiddenSize),
      gateUp: layer("mlp.gate_proj.weight", 2 * intermediateSize, hiddenSize),
      down: layer("mlp.down_proj.weight", hiddenSize, intermediateSize),
    };
  });
  const embedding = at("model.embed_tokens.weight", [config.vocabularySize, hiddenSize]);
  const head = config.tiedEmbeddings ? embedding : at("lm_head.weight", [config.vocabularySize, hiddenSize]);
  return { embedding, layers, norm: at("model.norm.weight", [hiddenSize]), head };
}

function layerOf(name: string): number {
  const layer = /^model\.layers\.(\d+)\./.exec(name)?.[1];
  return layer === undefined ? (name === "model.embed_tokens.weight" ? -1 : Number.POSITIVE_INFINITY) : Number(layer);
}

/** Biases after all matrices of their layer; the rest keeps its order, as sort is stable. */
function rank(name: string): number {
  return name.endsWith(".bias") ? 1 : 0;
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
