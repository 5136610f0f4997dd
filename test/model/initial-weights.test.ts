import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { parameterShapes } from "../../src/model/config.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { tinyConfig } from "./tiny-config.ts";

const config = tinyConfig({ hiddenSize: 64, headSize: 16, intermediateSize: 96, layers: 8, vocabularySize: 300 });

const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe("initial weights", () => {
  it("hold every parameter in canonical order with its size", () => {
    const weights = initialWeights(config, Random.fromSeed(1));
    const sizes = Array.from(weights, ([name, values]) => [name, values.length]);
    expect(sizes).toEqual(parameterShapes(config).map(({ name, shape }) => [name, shape.reduce((a, b) => a * b)]));
  });

  it("are 1 for norms, 0 for biases, and of deviation 0.02 for matrices, less where they write to the stream", () => {
    for (const [name, values] of initialWeights(config, Random.fromSeed(1))) {
      if (name.endsWith("norm.weight")) expect(values.every((value) => value === 1)).toBe(true);
      else if (name.endsWith(".bias")) expect(values.every((value) => value === 0)).toBe(true);
      else {
        const expected = /(o_proj|down_proj)/.test(name) ? 0.02 / 4 : 0.02;
        expect(deviation(values) / expected, name).toBeGreaterThan(0.94);
        expect(deviation(values) / expected, name).toBeLessThan(1.06);
      }
    }
  });

  it("are the same for the same seed and differ for another", () => {
    const draw = (seed: number) => initialWeights(tinyConfig(), Random.fromSeed(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
