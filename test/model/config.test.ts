import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parameterShapes, parseConfig, toHuggingFaceConfig } from "../../src/model/config.ts";
import { sharedPath } from "../shared.ts";
import { tinyConfig } from "./tiny-config.ts";

const sizes = {
  vocab_size: 400,
  hidden_size: 48,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
};
const qwen2 = { model_type: "qwen2", ...sizes };
const llama = { model_type: "llama", ...sizes };
const mistral = { model_type: "mistral", ...sizes };
const llama3 = {
  rope_type: "llama3",
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
};

describe("reading a Hugging Face configuration", () => {
  it("takes transformers' defaults for what a family leaves out", () => {
    expect(parseConfig(llama)).toEqual({
      family: "llama",
      vocabularySize: 400,
      hiddenSize: 48,
      intermediateSize: 128,
      layers: 2,
      heads: 4,
      kvHeads: 2,
      headSize: 12,
      ropeTheta: 10000,
      rmsNormEps: 1e-6,
      slidingWindow: null,
      tiedEmbeddings: false,
      qkvBias: false,
      maxPositions: 2048,
    });
    expect(parseConfig(qwen2)).toMatchObject({ qkvBias: true, slidingWindow: null, maxPositions: 32768 });
    expect(parseConfig(mistral)).toMatchObject({ qkvBias: false, slidingWindow: 4096, maxPositions: 131072 });
  });

  it("LLaMA without num_key_value_heads has as many as query heads", () => {
    const { num_key_value_heads: _, ...old } = llama;
    expect(parseConfig(old).kvHeads).toBe(4);
  });

  it("a head size of its own is kept, null means hidden size per head", () => {
    expect(parseConfig({ ...mistral, head_dim: 32 }).headSize).toBe(32);
    expect(parseConfig({ ...llama, head_dim: null }).headSize).toBe(12);
  });

  it("the rotary base and llama3 scaling are the same in the old and the transformers 5 form", () => {
    const old = parseConfig({ ...llama, rope_theta: 500000, rope_scaling: llama3 });
    const current = parseConfig({ ...llama, rope_parameters: { rope_theta: 500000, ...llama3 } });
    expect(old.ropeTheta).toBe(500000);
    expect(old.ropeScaling).toEqual({ factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8192 });
    expect(current).toEqual(old);
    expect(parseConfig({ ...llama, rope_scaling: null }).ropeScaling).toBeUndefined();
    expect(parseConfig({ ...llama, rope_theta: 7, rope_parameters: { rope_type: "default" } }).ropeTheta).toBe(7);
  });

  it("Qwen2 has a window only if it says so and only where no layer is left out", () => {
    const windowed = { ...qwen2, sliding_window: 64, use_sliding_window: true };
    expect(parseConfig({ ...windowed, use_sliding_window: false, max_window_layers: 0 }).slidingWindow).toBeNull();
    expect(parseConfig({ ...windowed, max_window_layers: 2 }).slidingWindow).toBeNull();
    expect(parseConfig(windowed).slidingWindow).toBeNull();
    expect(parseConfig({ ...windowed, max_window_layers: 0 }).slidingWindow).toBe(64);
    expect(() => parseConfig({ ...windowed, max_window_layers: 1 })).toThrow(
      "max_window_layers 1 is not supported, supported: 0 (window in all layers), 2 or more (in none)",
    );
    const layerTypes =
      (...layer_types: string[]) =>
      () =>
        parseConfig({ ...windowed, layer_types }).slidingWindow;
    expect(layerTypes("sliding_attention", "sliding_attention")()).toBe(64);
    expect(layerTypes("full_attention", "full_attention")()).toBeNull();
    expect(layerTypes("full_attention", "sliding_attention")).toThrow("layer_types");
  });

  it("Mistral's window is a number or null", () => {
    expect(parseConfig({ ...mistral, sliding_window: 128 }).slidingWindow).toBe(128);
    expect(parseConfig({ ...mistral, sliding_window: null }).slidingWindow).toBeNull();
  });

  it.each([
    [
      "model_type",
      { ...qwen2, model_type: "gpt2" },
      'model_type "gpt2" is not supported, supported: qwen2, llama, mistral',
    ],
    ["model_type", sizes, "model_type is missing, supported: qwen2, llama, mistral"],
    ["hidden_act", { ...qwen2, hidden_act: "gelu" }, 'hidden_act "gelu" is not supported, supported: silu'],
    ["mlp_bias", { ...llama, mlp_bias: true }, "mlp_bias true is not supported, supported: false"],
    ["attention_bias", { ...llama, attention_bias: true }, "attention_bias true is not supported"],
    [
      "rope_scaling.rope_type",
      { ...llama, rope_scaling: { type: "linear", factor: 2 } },
      '"linear" is not supported, supported: default, llama3',
    ],
    ["rope_parameters.rope_type", { ...llama, rope_parameters: { rope_type: "yarn" } }, '"yarn" is not supported'],
    [
      "rope_parameters",
      { ...llama, rope_parameters: { full_attention: { rope_type: "default" } } },
      "one set of values for all layers",
    ],
    [
      "rope_parameters.partial_rotary_factor",
      { ...llama, rope_parameters: { partial_rotary_factor: 0.5 } },
      "partial_rotary_factor 0.5",
    ],
    [
      "quantization_config",
      { ...llama, quantization_config: { bits: 4 } },
      'quantization_config {"bits":4} is not supported',
    ],
  ])("an unsupported %s is named with its value and what is supported", (field, json, message) => {
    expect(() => parseConfig(json, "models/x/config.json")).toThrow(
      expect.objectContaining({
        code: "config/unsupported",
        message: expect.stringContaining(message),
        fields: expect.objectContaining({ field }),
      }),
    );
    expect(() => parseConfig(json, "models/x/config.json")).toThrow("models/x/config.json: ");
  });

  it.each([
    [
      "a missing size",
      { ...qwen2, hidden_size: undefined },
      "wrong hidden_size, got nothing, expected a positive integer",
    ],
    ["a size that is text", { ...qwen2, vocab_size: "400" }, 'wrong vocab_size, got "400"'],
    [
      "no key/value heads in Qwen2",
      { ...qwen2, num_key_value_heads: undefined },
      "wrong num_key_value_heads, got nothing",
    ],
    [
      "heads that do not share evenly",
      { ...qwen2, num_key_value_heads: 3 },
      "got 3, expected a divisor of num_attention_heads 4",
    ],
    ["heads that do not divide the width", { ...qwen2, num_attention_heads: 10 }, "wrong head_dim, got 4.8"],
    ["an odd head size", { ...qwen2, head_dim: 5 }, "got 5, expected an even integer"],
    ["a zero epsilon", { ...qwen2, rms_norm_eps: 0 }, "wrong rms_norm_eps, got 0, expected a positive number"],
    [
      "a flag that is a number",
      { ...qwen2, tie_word_embeddings: 1 },
      "wrong tie_word_embeddings, got 1, expected true or false",
    ],
    [
      "llama3 without its factor",
      { ...llama, rope_scaling: { ...llama3, factor: undefined } },
      "rope_scaling: wrong factor",
    ],
    [
      "llama3 factors in the wrong order",
      { ...llama, rope_scaling: { ...llama3, high_freq_factor: 1 } },
      "more than low_freq_factor 1",
    ],
    ["a list", [qwen2], "expected a JSON object"],
  ])("%s is an error with the value", (_, json, message) => {
    expect(() => parseConfig(json)).toThrow(
      expect.objectContaining({ code: "config/invalid", message: expect.stringContaining(message) }),
    );
  });
});

describe("writing a Hugging Face configuration", () => {
  const ropeScaling = { factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 16 };
  it.each([
    ["qwen2", tinyConfig()],
    ["qwen2 with a window", tinyConfig({ slidingWindow: 8, tiedEmbeddings: true, ropeTheta: 1e6 })],
    ["llama", tinyConfig({ family: "llama", qkvBias: false, ropeScaling, rmsNormEps: 1e-5 })],
    ["mistral", tinyConfig({ family: "mistral", qkvBias: false, headSize: 6, slidingWindow: 4 })],
    ["mistral without a window", tinyConfig({ family: "mistral", qkvBias: false })],
  ])("%s is read back as it was", (_, config) => {
    expect(parseConfig(JSON.parse(JSON.stringify(toHuggingFaceConfig(config))))).toEqual(config);
  });

  it("a configuration that its family cannot express is refused", () => {
    expect(() => toHuggingFaceConfig(tinyConfig({ qkvBias: false }))).toThrow("family qwen2 has q/k/v biases");
    expect(() => toHuggingFaceConfig(tinyConfig({ family: "llama" }))).toThrow("family llama has no q/k/v biases");
    const windowed = tinyConfig({ family: "llama", qkvBias: false, slidingWindow: 4 });
    expect(() => toHuggingFaceConfig(windowed)).toThrow("no sliding window");
  });
});

describe("parameters", () => {
  it("come in canonical order with Hugging Face names and shapes", () => {
    const shapes = parameterShapes(tinyConfig({ layers: 1, headSize: 6 }));
    expect(shapes.map(({ name, shape }) => `${name.replace("model.layers.0.", "0.")} ${shape.join("x")}`)).toEqual([
      "model.embed_tokens.weight 11x8",
      "0.input_layernorm.weight 8",
      "0.self_attn.q_proj.weight 24x8",
      "0.self_attn.q_proj.bias 24",
      "0.self_attn.k_proj.weight 12x8",
      "0.self_attn.k_proj.bias 12",
      "0.self_attn.v_proj.weight 12x8",
      "0.self_attn.v_proj.bias 12",
      "0.self_attn.o_proj.weight 8x24",
      "0.post_attention_layernorm.weight 8",
      "0.mlp.gate_proj.weight 12x8",
      "0.mlp.up_proj.weight 12x8",
      "0.mlp.down_proj.weight 8x12",
      "model.norm.weight 8",
      "lm_head.weight 11x8",
    ]);
  });

  it("have no output matrix when embeddings are tied and no biases where the family has none", () => {
    const names = parameterShapes(tinyConfig({ tiedEmbeddings: true, qkvBias: false })).map(({ name }) => name);
    expect(names.filter((name) => name.includes("bias") || name.includes("lm_head"))).toEqual([]);
    expect(names).toHaveLength(2 * 9 + 2);
  });
});

const oldForm = sharedPath("golden/qwen2-tiny/config.json");
const currentForm = sharedPath("golden/qwen2-tiny/config.transformers5.json");
describe.skipIf(!oldForm || !currentForm)("golden configurations (needs golden/qwen2-tiny)", () => {
  it("both forms of the same configuration are read equal", () => {
    const [old, current] = [oldForm, currentForm].map((path) =>
      parseConfig(JSON.parse(readFileSync(path as string, "utf8"))),
    );
    expect(current).toEqual(old);
    expect(old).toEqual({
      family: "qwen2",
      vocabularySize: 400,
      hiddenSize: 48,
      intermediateSize: 128,
      layers: 2,
      heads: 4,
      kvHeads: 2,
      headSize: 12,
      ropeTheta: 1e6,
      rmsNormEps: 1e-6,
      slidingWindow: null,
      tiedEmbeddings: false,
      qkvBias: true,
      maxPositions: 512,
    });
  });
});
