import { afterAll, describe, expect, test } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { parameterShapes } from "../../src/model/config.ts";
import { parameterLayout, parameterViews } from "../../src/model/parameters.ts";
import { responseOffsets } from "../../src/model/sequence-batch.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { randomValues } from "../device/reference.ts";
import { livelyWeights } from "./reference-model.ts";
import { tinyConfig } from "./tiny-config.ts";

const config = tinyConfig({ hiddenSize: 16, headSize: 4 });
const CONFIGS = [config, tinyConfig({ hiddenSize: 16, headSize: 4, tiedEmbeddings: true, qkvBias: false, kvHeads: 4 })];

const device = await createWasmDevice();
afterAll(() => device.close());

describe("the layout of parameters", () => {
  test.each(CONFIGS)("gives each its place, without gaps or overlaps, in canonical order of names", (config) => {
    const { size, places } = parameterLayout(config);
    expect(Array.from(places.values(), ({ name, shape }) => ({ name, shape }))).toEqual(parameterShapes(config));
    const ordered = [...places.values()].sort((a, b) => a.offset - b.offset);
    let end = 0;
    for (const place of ordered) {
      expect(place.offset, place.name).toBe(end);
      expect(place.size).toBe(place.shape.reduce((product, length) => product * length, 1));
      end += place.size;
    }
    expect(size).toBe(end);
  });

  test.each(CONFIGS)("puts q, k and v side by side, and gate and up", async (config) => {
    const layout = parameterLayout(config);
    const flat = device.tensor([layout.size]);
    device.write(flat, randomValues(layout.size, "flat"));
    const all = await device.readFloats(flat);
    const { layers, embedding, head } = parameterViews(flat, config, layout);
    const joined = (layer: number, ...names: string[]) =>
      names.flatMap((name) => {
        const place = layout.places.get(`model.layers.${layer}.${name}`);
        return place ? Array.from(all.subarray(place.offset, place.offset + place.size)) : [];
      });
    for (const [index, layer] of layers.entries()) {
      const projections = (kind: string) => ["q", "k", "v"].map((which) => `self_attn.${which}_proj.${kind}`);
      expect(Array.from(await device.readFloats(layer.qkv))).toEqual(joined(index, ...projections("weight")));
      const bias = layer.qkvBias ? Array.from(await device.readFloats(layer.qkvBias)) : [];
      expect(bias).toEqual(joined(index, ...projections("bias")));
      expect(bias.length > 0).toBe(config.qkvBias);
      const gateUp = Array.from(await device.readFloats(layer.gateUp));
      expect(gateUp).toEqual(joined(index, "mlp.gate_proj.weight", "mlp.up_proj.weight"));
    }
    expect(head === embedding).toBe(config.tiedEmbeddings);
  });

  test.each(["hiddenSize", "intermediateSize", "headSize"] as const)(
    "refuses a %s that is no multiple of 4",
    (name) => {
      expect(() => parameterLayout({ ...config, [name]: 6 })).toThrow(
        expect.objectContaining({ code: "model/shape", message: `model: ${name}, got 6, expected a multiple of 4` }),
      );
    },
  );
});

describe("a transformer", () => {
  test.each(CONFIGS)("gives back the weights that it was given", async (config) => {
    const weights = livelyWeights(config);
    expect(await Transformer.create(device, config, weights).readWeights()).toEqual(weights);
  });

  test("refuses missing and misshaped weights, by name", () => {
    const weights = livelyWeights(config);
    weights.delete("model.norm.weight");
    const wrong = (message: string) => expect.objectContaining({ code: "model/weights", message });
    expect(() => Transformer.create(device, config, weights)).toThrow(
      wrong("model: model.norm.weight, got nothing, expected 16 values [16]"),
    );
    weights.set("model.norm.weight", new Float32Array(12));
    expect(() => Transformer.create(device, config, weights)).toThrow(
      wrong("model: model.norm.weight, got 12 values, expected 16 values [16]"),
    );
  });

  test("has a hash of its weights' bits and nothing else", async () => {
    const hashOf = (weights: ReadonlyMap<string, Float32Array>) =>
      Transformer.create(device, config, weights).weightsHash();
    const hash = await hashOf(livelyWeights(config));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(new Map([...livelyWeights(config)].reverse()))).toBe(hash);
    for (const name of ["model.embed_tokens.weight", "model.layers.1.self_attn.k_proj.bias", "lm_head.weight"]) {
      const weights = livelyWeights(config);
      const values = weights.get(name) as Float32Array;
      new Int32Array(values.buffer)[values.length - 1] ^= 1;
      expect(await hashOf(weights), name).not.toBe(hash);
    }
  });

  test("makes its rotary table longer as needed, up to its positions", async () => {
    const transformer = Transformer.create(device, { ...config, maxPositions: 200 }, livelyWeights(config));
    const short = transformer.rotary(10);
    expect(transformer.rotary(64)).toBe(short);
    const first = await device.readFloats(short.cosines.rows(0, 64));
    const before = device.memoryBytes;
    const long = transformer.rotary(120);
    expect(long.cosines.shape).toEqual([200, 2]);
    expect(device.memoryBytes - before).toBeLessThan(2 * 4 * 200 * 2 + 256);
    expect(await device.readFloats(long.cosines.rows(0, 64))).toEqual(first);
    expect(() => transformer.rotary(201)).toThrow(expect.objectContaining({ code: "model/too-long" }));
  });
});

test("responses lie end to end, empty ones too", () => {
  const responses = [[1, 2], [], [3], []].map((tokens) => ({ prompt: 0, tokens }));
  expect(Array.from(responseOffsets(responses))).toEqual([0, 2, 2, 3, 3]);
  expect(Array.from(responseOffsets([]))).toEqual([0]);
});
