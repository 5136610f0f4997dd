import { expect, test } from "vitest";
import { onEveryDevice, put, putInts } from "./devices.ts";
import * as reference from "./reference.ts";
import { dot, errorOf, plus, randomValues, slope, transpose } from "./reference.ts";

// rows, depth, columns; the last ones are large enough that threads share the work
const PRODUCTS = [
  [1, 4, 8],
  [1, 3, 1],
  [3, 8, 5],
  [5, 20, 20],
  [4, 7, 64],
  [66, 33, 67],
  [129, 40, 64],
  [300, 300, 12],
] as const;

onEveryDevice("matrix products", (device) => {
  test.each(PRODUCTS)(
    "forward: %i rows, depth %i, %i columns, plain, with bias, added",
    async (rows, depth, columns) => {
      const x = randomValues(rows * depth, "x");
      const weight = randomValues(columns * depth, "weight");
      const bias = randomValues(columns, "bias");
      const before = randomValues(rows * columns, "before");
      const [xs, weights] = [put(device, x, [rows, depth]), put(device, weight, [columns, depth])];
      const out = put(device, before, [rows, columns]);
      const product = reference.linear(x, weight, depth);

      const sum = device.tensor([rows, columns]);
      device.linear(sum, xs, weights, { onto: out });
      expect(errorOf(await device.readFloats(sum), plus(before, product))).toBeLessThan(3e-6);
      expect(await device.readFloats(out)).toEqual(before);
      device.linear(out, xs, weights, { onto: out });
      expect(errorOf(await device.readFloats(out), plus(before, product))).toBeLessThan(3e-6);
      device.linear(out, xs, weights);
      expect(errorOf(await device.readFloats(out), product)).toBeLessThan(3e-6);
      device.linear(out, xs, weights, { bias: put(device, bias, [columns]) });
      const biased = reference.linear(x, weight, depth, bias);
      expect(errorOf(await device.readFloats(out), biased)).toBeLessThan(3e-6);
    },
  );

  test.each(PRODUCTS)("backward: %i rows, depth %i, %i columns", async (rows, depth, columns) => {
    const x = randomValues(rows * depth, "x");
    const weight = randomValues(columns * depth, "weight");
    const dout = randomValues(rows * columns, "dout");
    const before = randomValues(rows * depth, "before");
    const beforeWeight = randomValues(columns * depth, "before weight");
    const beforeBias = randomValues(columns, "before bias");
    const [xs, douts] = [put(device, x, [rows, depth]), put(device, dout, [rows, columns])];
    const weights = put(device, weight, [columns, depth]);
    const dx = put(device, before, [rows, depth]);
    const expectedDx = reference.linear(dout, transpose(weight, depth), columns);

    device.linearBackward(dx, douts, weights);
    expect(errorOf(await device.readFloats(dx), expectedDx)).toBeLessThan(3e-6);

    const dweight = put(device, beforeWeight, [columns, depth]);
    const dbias = put(device, beforeBias, [columns]);
    device.linearWeightGradient(dweight, dbias, douts, xs);
    const expectedDweight = reference.linear(transpose(dout, columns), transpose(x, depth), rows);
    const expectedDbias = reference.linear(transpose(dout, columns), new Float32Array(rows).fill(1), rows);
    expect(errorOf(await device.readFloats(dweight), plus(beforeWeight, expectedDweight))).toBeLessThan(3e-6);
    expect(errorOf(await device.readFloats(dbias), plus(beforeBias, expectedDbias))).toBeLessThan(3e-6);

    if (rows * depth * columns > 5000) return; // the formulas above agree with differences on the smaller shapes
    const loss = (x: reference.Values, weight: reference.Values, bias?: reference.Values) =>
      dot(dout, reference.linear(x, weight, depth, bias));
    expect(
      errorOf(
        await device.readFloats(dx),
        slope((x) => loss(x, weight), x),
      ),
    ).toBeLessThan(3e-6);
    const slopeByWeight = slope((weight) => loss(x, weight), weight);
    expect(errorOf(await device.readFloats(dweight), plus(beforeWeight, slopeByWeight))).toBeLessThan(3e-6);
    const slopeByBias = slope((bias) => loss(x, weight, bias), new Float32Array(columns));
    expect(errorOf(await device.readFloats(dbias), plus(beforeBias, slopeByBias))).toBeLessThan(3e-6);
  });

  test("a weight may be a part of a flat tensor, and every way to change it is seen", async () => {
    const [rows, depth, columns] = [5, 12, 8];
    const size = depth * columns;
    const flat = put(device, randomValues(3 * size, "flat"), [3 * size]);
    const weights = flat.view(size, [columns, depth]);
    const x = randomValues(rows * depth, "x");
    const xs = put(device, x, [rows, depth]);
    const [out, dx] = [device.tensor([rows, columns]), device.tensor([rows, depth])];
    const other = put(device, randomValues(size, "other"), [columns, depth]);
    const update = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, gradientScale: 1 };
    const moments = () => device.tensor([columns, depth]);
    const changes: Record<string, () => void> = {
      nothing: () => {},
      write: () => device.write(weights, randomValues(size, "written")),
      "write to the whole": () => device.write(flat, randomValues(3 * size, "whole")),
      adamW: () => device.adamW(weights, other, moments(), moments(), { ...update, beta1Power: 0.9, beta2Power: 0.99 }),
      moveAverage: () => device.moveAverage(weights, put(device, randomValues(size, "y"), [columns, depth]), 0.5),
      copy: () => device.copy(weights, put(device, randomValues(size, "copied"), [columns, depth])),
      scatterAdd: () =>
        device.scatterAdd(weights, put(device, randomValues(depth, "row"), [1, depth]), putInts(device, [3])),
      clear: () => device.clear(weights),
    };
    let before: Float32Array | undefined;
    for (const [name, change] of Object.entries(changes)) {
      change();
      device.linear(out, xs, weights);
      device.linearBackward(dx, out, weights);
      const weight = await device.readFloats(weights);
      if (name !== "nothing") expect(weight, name).not.toEqual(before);
      const product = reference.linear(x, weight, depth);
      expect(errorOf(await device.readFloats(out), product), name).toBeLessThan(3e-6);
      const back = reference.linear(product, transpose(weight, depth), columns);
      expect(errorOf(await device.readFloats(dx), back), name).toBeLessThan(3e-6);
      before = weight;
    }
  });
});
