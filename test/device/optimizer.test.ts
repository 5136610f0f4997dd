import { expect, test } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { onEveryDevice, put } from "./devices.ts";
import { errorOf, randomValues } from "./reference.ts";

onEveryDevice("the optimiser's operations", (device) => {
  test.each([4, 36, 40_000])("AdamW follows double precision over 20 steps, %i weights", async (size) => {
    const rates = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1 };
    const start = randomValues(size, "weights");
    const expected = Float64Array.from(start);
    const [m, v] = [new Float64Array(size), new Float64Array(size)];
    const [weights, gradients] = [put(device, start, [size]), device.tensor([size])];
    const [first, second] = [device.tensor([size]), device.tensor([size])];
    for (let step = 1; step <= 20; step++) {
      const [learningRate, gradientScale] = [0.02 * step, step % 3 === 0 ? 0.25 : 1];
      const gradient = randomValues(size, `gradient ${step}`, -step, 2);
      device.write(gradients, gradient);
      device.adamW(weights, gradients, first, second, {
        ...rates,
        ...{ learningRate, gradientScale, beta1Power: 0.9 ** step, beta2Power: 0.99 ** step },
      });
      for (let i = 0; i < size; i++) {
        const g = gradient[i] * gradientScale;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.99 * v[i] + 0.01 * g * g;
        const change = m[i] / (1 - 0.9 ** step) / (Math.sqrt(v[i] / (1 - 0.99 ** step)) + rates.epsilon);
        expected[i] -= learningRate * (rates.weightDecay * expected[i] + change);
      }
      expect((await device.readFloats(gradients)).every((value) => value === 0)).toBe(true);
    }
    expect(errorOf(await device.readFloats(weights), expected)).toBeLessThan(2e-6);
    expect(errorOf(await device.readFloats(first), m)).toBeLessThan(2e-6);
    expect(errorOf(await device.readFloats(second), v)).toBeLessThan(2e-6);
  });

  test("the sum of squares is one of doubles", async () => {
    for (const size of [1, 5, 4096, 4097, 100_001]) {
      const x = randomValues(size, "x", -1e3, 1e3);
      const expected = x.reduce((sum, value) => sum + value * value, 0);
      expect(Math.abs((await device.sumSquares(put(device, x, [size]))) / expected - 1)).toBeLessThan(1e-12);
    }
  });

  test.each([4, 36, 40_000])("the moving average moves by its share, %i weights", async (size) => {
    const [average, x] = [randomValues(size, "average"), randomValues(size, "x")];
    const there = put(device, average, [size]);
    device.moveAverage(there, put(device, x, [size]), 0.02);
    const expected = average.map((old, i) => old + 0.02 * (x[i] - old));
    expect(errorOf(await device.readFloats(there), expected)).toBeLessThan(2e-7);
  });
});

test("the wasm device sums squares by 4096 elements, and the parts in order", async () => {
  for (const threads of [1, 2]) {
    const device = await createWasmDevice({ threads });
    const x = randomValues(100_001, "x", -1e3, 1e3);
    let expected = 0;
    for (let start = 0; start < x.length; start += 4096) {
      expected += x.subarray(start, start + 4096).reduce((sum, value) => sum + value * value, 0);
    }
    expect(await device.sumSquares(put(device, x, [x.length]))).toBe(expected);
    await device.close();
  }
});
