import { LabelfreeError } from "../core/errors.ts";

export type ModelFamily = "qwen2" | "llama" | "mistral";

/** The `llama3` stretching of rotary frequencies, as in LLaMA 3.1 and later. */
export interface Llama3RopeScaling {
  readonly factor: number;
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly originalMaxPositions: number;
}

/** Everything that fixes the shape and the arithmetic of a decoder-only transformer. */
export interface TransformerConfig {
  readonly family: ModelFamily;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly ropeTheta: number;
  readonly ropeScaling?: Llama3RopeScaling;
  readonly rmsNormEps: number;
  /** A token sees itself and the `slidingWindow - 1` tokens before it, in every layer; null: all tokens before it. */
  readonly slidingWindow: number | null;
  readonly tiedEmbeddings: boolean;
  readonly qkvBias: boolean;
  readonly maxPositions: number;
}

export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Lists the parameters in canonical order under their Hugging Face names; matrices are [outputs, inputs]. */
export function parameterShapes(config: TransformerConfig): ParameterShape[] {
  const { hiddenSize, intermediateSize, vocabularySize, headSize } = config;
  const querySize = config.heads * headSize;
  const keySize = config.kvHeads * headSize;
  const parameters: ParameterShape[] = [{ name: "model.embed_tokens.weight", shape: [vocabularySize, hiddenSize] }];
  for (let layer = 0; layer < config.layers; layer++) {
    const add = (name: string, ...shape: number[]) => parameters.push({ name: `model.layers.${layer}.${name}`, shape });
    add("input_layernorm.weight", hiddenSize);
    for (const [projection, size] of [
      ["q", querySize],
      ["k", keySize],
      ["v", keySize],
    ] as const) {
      add(`self_attn.${projection}_proj.weight`, size, hiddenSize);
      if (config.qkvBias) add(`self_attn.${projection}_proj.bias`, size);
    }
    add("self_attn.o_proj.weight", hiddenSize, querySize);
    add("post_attention_layernorm.weight", hiddenSize);
    add("mlp.gate_proj.weight", intermediateSize, hiddenSize);
    add("mlp.up_proj.weight", intermediateSize, hiddenSize);
    add("mlp.down_proj.weight", hiddenSize, intermediateSize);
  }
  parameters.push({ name: "model.norm.weight", shape: [hiddenSize] });
  if (!config.tiedEmbeddings) parameters.push({ name: "lm_head.weight", shape: [vocabularySize, hiddenSize] });
  return parameters;
}

const FAMILIES: Record<ModelFamily, { architecture: string; maxPositions: number }> = {
  qwen2: { architecture: "Qwen2ForCausalLM", maxPositions: 32768 },
  llama: { architecture: "LlamaForCausalLM", maxPositions: 2048 },
  mistral: { architecture: "MistralForCausalLM", maxPositions: 131072 },
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a Hugging Face `config.json` of Qwen2, LLaMA or Mistral, as transformers 4 (`rope_theta`, `rope_scaling`) or 5
 * (`rope_parameters`) writes it; absent fields take transformers' defaults where those do not depend on the model size.
 * Throws "config/invalid" for a missing or impossible value, "config/unsupported" for what this transformer cannot do.
 */
export function parseConfig(json: unknown, place = "config.json"): TransformerConfig {
  const fields = objectOf(json, place, "the configuration");
  const family = fields["model_type"] as ModelFamily;
  if (!Object.hasOwn(FAMILIES, String(family))) throw unsupported(place, "model_type", family, Object.keys(FAMILIES));
  const read = reader(fields, place);
  rejectUnsupported(fields, place, family);

  const hiddenSize = read.count("hidden_size");
  const heads = read.count("num_attention_heads");
  const kvHeads = read.count(
    "num_key_value_heads",
    family === "llama" || fields["num_key_value_heads"] === null ? heads : undefined,
  );
  if (heads % kvHeads !== 0)
    throw invalid(place, "num_key_value_heads", kvHeads, `a divisor of num_attention_heads ${heads}`);
  const headSize = read.count("head_dim", hiddenSize / heads);
  if (headSize % 2 !== 0)
    throw invalid(place, "head_dim (hidden_size / num_attention_heads)", headSize, "an even integer");
  const layers = read.count("num_hidden_layers");
  const ropeScaling = readRopeScaling(fields, place);
  return {
    family,
    vocabularySize: read.count("vocab_size"),
    hiddenSize,
    intermediateSize: read.count("intermediate_size"),
    layers,
    heads,
    kvHeads,
    headSize,
    ropeTheta: readRopeTheta(fields, place),
    ...(ropeScaling === undefined ? {} : { ropeScaling }),
    rmsNormEps: read.positive("rms_norm_eps", 1e-6),
    slidingWindow: readSlidingWindow(fields, place, family, layers),
    tiedEmbeddings: read.flag("tie_word_embeddings", false),
    qkvBias: family === "qwen2",
    maxPositions: read.count("max_position_embeddings", FAMILIES[family].maxPositions),
  };
}

function rejectUnsupported(fields: Fields, place: string, family: ModelFamily): void {
  const allow = (name: string, ...supported: unknown[]) => {
    const value = fields[name];
    if (value !== undefined && !supported.includes(value)) throw unsupported(place, name, value, supported);
  };
  allow("hidden_act", "silu");
  allow("mlp_bias", false, null);
  if (family !== "qwen2") allow("attention_bias", false, null);
  allow("quantization_config", null);
  allow("partial_rotary_factor", 1, null);
}

function readRopeTheta(fields: Fields, place: string): number {
  const parameters = objectOf(fields["rope_parameters"] ?? {}, place, "rope_parameters");
  if (parameters["rope_theta"] !== undefined)
    return reader(parameters, `${place} rope_parameters`).positive("rope_theta");
  return reader(fields, place).positive("rope_theta", 10000);
}

function readRopeScaling(fields: Fields, place: string): Llama3RopeScaling | undefined {
  const name = fields["rope_parameters"] == null ? "rope_scaling" : "rope_parameters";
  if (fields[name] == null) return undefined;
  const scaling = objectOf(fields[name], place, name);
  if (Object.values(scaling).some((value) => typeof value === "object" && value !== null)) {
    throw unsupported(place, name, scaling, ["one set of values for all layers"]);
  }
  const type = scaling["rope_type"] ?? scaling["type"] ?? "default";
  if (type !== "default" && type !== "llama3")
    throw unsupported(place, `${name}.rope_type`, type, ["default", "llama3"]);
  if ((scaling["partial_rotary_factor"] ?? 1) !== 1) {
    throw unsupported(place, `${name}.partial_rotary_factor`, scaling["partial_rotary_factor"], [1]);
  }
  if (type === "default") return undefined;
  const read = reader(scaling, `${place} ${name}`);
  const llama3 = {
    factor: read.positive("factor"),
    lowFreqFactor: read.positive("low_freq_factor"),
    highFreqFactor: read.positive("high_freq_factor"),
    originalMaxPositions: read.count("original_max_position_embeddings"),
  };
  if (llama3.highFreqFactor <= llama3.lowFreqFactor) {
    throw invalid(
      `${place} ${name}`,
      "high_freq_factor",
      llama3.highFreqFactor,
      `more than low_freq_factor ${llama3.lowFreqFactor}`,
    );
  }
  return llama3;
}

/** Qwen2 uses its window only if `use_sliding_window`, and then from layer `max_window_layers` on; Mistral everywhere. */
function readSlidingWindow(fields: Fields, place: string, family: ModelFamily, layers: number): number | null {
  const read = reader(fields, place);
  if (family === "llama") return null;
  if (family === "qwen2" && !read.flag("use_sliding_window", false)) return null;
  if (fields["sliding_window"] === null) return null;
  const window = read.count("sliding_window", 4096);
  const layerTypes = fields["layer_types"];
  const firstWindowed = family === "qwen2" ? read.integer("max_window_layers", 28) : 0;
  const isWindowed = Array.isArray(layerTypes)
    ? layerTypes.map((type) => type === "sliding_attention")
    : Array.from({ length: layers }, (_, layer) => layer >= firstWindowed);
  if (isWindowed.every((windowed) => !windowed)) return null;
  if (isWindowed.every((windowed) => windowed)) return window;
  if (Array.isArray(layerTypes)) throw unsupported(place, "layer_types", layerTypes, ["the same type in every layer"]);
  throw unsupported(place, "max_window_layers", firstWindowed, [
    "0 (window in all layers)",
    `${layers} or more (in none)`,
  ]);
}

/** Writes the configuration as the `config.json` that transformers 4 and 5 both read; `parseConfig` gives it back. */
export function toHuggingFaceConfig(config: TransformerConfig): Record<string, unknown> {
  const { family, layers, ropeScaling: llama3 } = config;
  const expectedBias = family === "qwen2";
  if (config.qkvBias !== expectedBias || (family === "llama" && config.slidingWindow !== null)) {
    throw new LabelfreeError(
      "config/unsupported",
      `config: family ${family} has ${expectedBias ? "" : "no "}q/k/v biases${family === "llama" ? " and no sliding window" : ""} ` +
        `in Hugging Face format, got qkvBias ${config.qkvBias}, slidingWindow ${config.slidingWindow}; choose another family`,
    );
  }
  return {
    architectures: [FAMILIES[family].architecture],
    model_type: family,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headSize,
    hidden_act: "silu",
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.rmsNormEps,
    rope_theta: config.ropeTheta,
    ...(llama3 === undefined
      ? {}
      : {
          rope_scaling: {
            rope_type: "llama3",
            factor: llama3.factor,
            low_freq_factor: llama3.lowFreqFactor,
            high_freq_factor: llama3.highFreqFactor,
            original_max_position_embeddings: llama3.originalMaxPositions,
          },
        }),
    ...(family === "llama" ? { attention_bias: false, mlp_bias: false } : { sliding_window: config.slidingWindow }),
    ...(family === "qwen2"
      ? {
          use_sliding_window: config.slidingWindow !== null,
          max_window_layers: config.slidingWindow === null ? layers : 0,
        }
      : {}),
    tie_word_embeddings: config.tiedEmbeddings,
    torch_dtype: "float32",
  };
}

/** Typed access to the members of an object; absent and null members take the fallback, or are an error without one. */
function reader(fields: Fields, place: string) {
  function read<T>(name: string, fallback: T | undefined, accepts: (value: unknown) => boolean, expected: string): T {
    const value = fields[name] ?? fallback;
    if (!accepts(value)) throw invalid(place, name, value, expected);
    return value as T;
  }
  const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
  return {
    count: (name: string, fallback?: number) =>
      read(name, fallback, (v) => isNumber(v) && Number.isSafeInteger(v) && v > 0, "a positive integer"),
    integer: (name: string, fallback?: number) => read(name, fallback, (v) => Number.isSafeInteger(v), "an integer"),
    positive: (name: string, fallback?: number) =>
      read(name, fallback, (v) => isNumber(v) && v > 0, "a positive number"),
    flag: (name: string, fallback?: boolean) => read(name, fallback, (v) => typeof v === "boolean", "true or false"),
  };
}

function objectOf(value: unknown, place: string, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(place, name, value, "a JSON object");
}

function invalid(place: string, field: string, value: unknown, expected: string): LabelfreeError {
  const got = value === undefined ? "nothing" : JSON.stringify(value);
  return new LabelfreeError("config/invalid", `${place}: wrong ${field}, got ${got}, expected ${expected}`, {
    fields: { field, value },
  });
}

function unsupported(place: string, field: string, value: unknown, supported: readonly unknown[]): LabelfreeError {
  const list = supported.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(", ");
  return new LabelfreeError(
    "config/unsupported",
    `${place}: ${field} ${value === undefined ? "is missing" : `${JSON.stringify(value)} is not supported`}, supported: ${list}`,
    { fields: { field, value, supported } },
  );
}
