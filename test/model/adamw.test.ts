import { afterAll, describe, expect, test } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { AdamW } from "../../src/model/adamw.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { errorOf, randomValues } from "../device/reference.ts";
import { livelyWeights } from "./reference-model.ts";
import { tinyConfig } from "./tiny-config.ts";

const config = tinyConfig({ hiddenSize: 16, headSize: 4 });
const settings = { beta1: 0.9, beta2: 0.99, eps: 1e-6, weightDecay: 0.1 };

const device = await createWasmDevice();
afterAll(() => device.close());

function newPair() {
  const transformer = Transformer.create(device, config, livelyWeights(config));
  return { transformer, optimizer: new AdamW(transformer, settings) };
}

const gradientOf = (step: number, size: number) => randomValues(size, `gradient ${step}`, -1, 0.5);

describe("AdamW", () => {
  test("clips by the norm of all gradients together and follows the published rule", async () => {
    const { transformer, optimizer } = newPair();
    const { size } = transformer.layout;
    const expected = Float64Array.from(await device.readFloats(transformer.flat));
    const [m, v] = [new Float64Array(size), new Float64Array(size)];
    for (const [index, clipNorm] of [null, 1e9, 0.5, null, 2].entries()) {
      const gradient = gradientOf(index, size);
      device.write(transformer.gradients.flat, gradient);
      const norm = Math.hypot(...gradient);
      const { gradNorm } = await optimizer.step(0.02, { clipNorm });
      expect(Math.abs(gradNorm / norm - 1)).toBeLessThan(1e-12);
      const scale = clipNorm === null ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
      for (let i = 0; i < size; i++) {
        const g = gradient[i] * scale;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.99 * v[i] + 0.01 * g * g;
        const corrected = [m[i] / (1 - 0.9 ** (index + 1)), v[i] / (1 - 0.99 ** (index + 1))];
        expected[i] = expected[i] * (1 - 0.02 * 0.1) - (0.02 * corrected[0]) / (Math.sqrt(corrected[1]) + 1e-6);
      }
      expect((await device.readFloats(transformer.gradients.flat)).every((value) => value === 0)).toBe(true);
    }
    expect(errorOf(await device.readFloats(transformer.flat), expected)).toBeLessThan(1e-6);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("a gradient of %d changes nothing and says so", async (bad) => {
    const { transformer, optimizer } = newPair();
    const gradient = gradientOf(0, transformer.layout.size);
    device.write(transformer.gradients.flat, gradient);
    await optimizer.step(0.1, { clipNorm: 1 });
    const [hash, state] = [await transformer.weightsHash(), await optimizer.state()];
    gradient[7] = bad;
    device.write(transformer.gradients.flat, gradient);
    expect(Number.isFinite((await optimizer.step(0.1, { clipNorm: 1 })).gradNorm)).toBe(false);
    expect(await transformer.weightsHash()).toBe(hash);
    expect(await optimizer.state()).toEqual(state);
    expect((await device.readFloats(transformer.gradients.flat)).every((value) => value === 0)).toBe(true);
  });

  test("goes on from its state in the same bits", async () => {
    const first = newPair();
    const steps = async ({ transformer, optimizer }: ReturnType<typeof newPair>, from: number, to: number) => {
      for (let step = from; step < to; step++) {
        device.write(transformer.gradients.flat, gradientOf(step, transformer.layout.size));
        await optimizer.step(0.01, { clipNorm: 1 });
      }
    };
    await steps(first, 0, 3);
    const [weights, state] = [await first.transformer.readWeights(), await first.optimizer.state()];
    expect(state.step).toBe(3);
    await steps(first, 3, 6);

    const second = newPair();
    second.transformer.writeWeights(weights);
    second.optimizer.restore(state);
    expect(await second.optimizer.state()).toEqual(state);
    await steps(second, 3, 6);
    expect(await second.transformer.weightsHash()).toBe(await first.transformer.weightsHash());
    expect(await second.optimizer.state()).toEqual(await first.optimizer.state());
  });

  test("refuses a state of another model", async () => {
    const { optimizer } = newPair();
    const state = await optimizer.state();
    const short = new Map([...state.m, ["model.norm.weight", new Float32Array(3)] as const]);
    const message = "optimizer state: model.norm.weight, got 3 values, expected 16";
    expect(() => optimizer.restore({ ...state, m: short })).toThrow(
      expect.objectContaining({ code: "optimizer/state", message }),
    );
  });
});
