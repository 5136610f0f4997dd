import { expect, test } from "vitest";
import { onEveryDevice, put, putInts } from "./devices.ts";
import * as reference from "./reference.ts";
import { dot, errorOf, plus, randomValues, slope } from "./reference.ts";

onEveryDevice("rows", (device) => {
  test("gather takes rows of a table by id and scatterAdd adds them back, repeated ids too", async () => {
    for (const [rows, columns] of [
      [1, 4],
      [7, 12],
      [500, 64],
    ]) {
      const table = randomValues(9 * columns, "table");
      const ids = Array.from({ length: rows }, (_, row) => (row * row) % 9);
      const tables = put(device, table, [9, columns]);
      const out = device.tensor([rows, columns]);
      device.gather(out, tables, putInts(device, ids));
      const gathered = ids.flatMap((id) => Array.from(table.subarray(id * columns, (id + 1) * columns)));
      expect(Array.from(await device.readFloats(out))).toEqual(gathered);

      const added = randomValues(rows * columns, "added");
      const expected = Float64Array.from(table);
      for (const [row, id] of ids.entries()) {
        for (let c = 0; c < columns; c++) expected[id * columns + c] += added[row * columns + c];
      }
      device.scatterAdd(tables, put(device, added, [rows, columns]), putInts(device, ids));
      expect(errorOf(await device.readFloats(tables), expected)).toBeLessThan(1e-6);
    }
  });

  test.each([
    [1, 4],
    [3, 8],
    [6, 20],
    [33, 64],
    [520, 64],
  ])("RMSNorm forward and backward: %i rows of %i", async (rows, columns) => {
    const epsilon = 1e-5;
    const x = randomValues(rows * columns, "x", -2, 2);
    x.fill(1e-3, 0, columns); // a row so small that epsilon counts
    const weight = randomValues(columns, "weight", 0.5, 1.5);
    const dout = randomValues(rows * columns, "dout");
    const before = randomValues(rows * columns, "before");
    const beforeWeight = randomValues(columns, "before weight");
    const [xs, weights] = [put(device, x, [rows, columns]), put(device, weight, [columns])];
    const [out, rstd] = [device.tensor([rows, columns]), device.tensor([rows])];
    device.rmsNorm(out, rstd, xs, weights, epsilon);
    expect(errorOf(await device.readFloats(out), reference.rmsNorm(x, weight, epsilon))).toBeLessThan(1e-6);

    const [dx, dweight] = [put(device, before, [rows, columns]), put(device, beforeWeight, [columns])];
    device.rmsNormBackward(dx, dweight, put(device, dout, [rows, columns]), xs, rstd, weights);
    // each row is a function of its own
    const dxs = Array.from({ length: rows }, (_, row) => {
      const part = (values: Float32Array) => values.subarray(row * columns, (row + 1) * columns);
      return Array.from(slope((x) => dot(part(dout), reference.rmsNorm(x, weight, epsilon)), part(x)));
    });
    for (const [row, expected] of dxs.entries()) {
      const from = row * columns;
      const got = (await device.readFloats(dx)).subarray(from, from + columns);
      const sum = plus(expected, before.subarray(from, from + columns));
      expect(errorOf(got, sum), `row ${row}`).toBeLessThan(3e-6);
    }
    const dweights = slope((weight) => dot(dout, reference.rmsNorm(x, weight, epsilon)), weight);
    expect(errorOf(await device.readFloats(dweight), plus(beforeWeight, dweights))).toBeLessThan(3e-6);
  });

  test.each([
    [1, 1, 4],
    [5, 2, 8],
    [3, 3, 12],
    [7, 2, 16],
    [300, 4, 32],
  ])("rotary positions and their inverse, the gradient: %i rows, %i heads of %i", async (rows, heads, headSize) => {
    const half = headSize / 2;
    const columns = (heads + 1) * headSize; // the last head stays as it is
    const speeds = Array.from({ length: half }, (_, i) => 100 ** (-i / half));
    const positions = Array.from({ length: rows }, (_, row) => (row * 7) % 40);
    const angles = Array.from({ length: 40 * half }, (_, i) => Math.floor(i / half) * speeds[i % half]);
    const table = {
      cosines: put(device, angles.map(Math.cos), [40, half]),
      sines: put(device, angles.map(Math.sin), [40, half]),
    };
    const x = randomValues(rows * columns, "x");
    const xs = put(device, x, [rows, columns]);
    device.rope(xs, putInts(device, positions), table, heads);
    const turned = await device.readFloats(xs);
    expect(errorOf(turned, reference.rope(x, columns, positions, speeds, heads))).toBeLessThan(1e-6);
    const still = (values: Float32Array, row: number) =>
      values.subarray(row * columns + heads * headSize, (row + 1) * columns);
    expect(still(turned, rows - 1)).toEqual(still(x, rows - 1));
    device.rope(xs, putInts(device, positions), table, heads, true);
    expect(errorOf(await device.readFloats(xs), x)).toBeLessThan(1e-6);

    const few = Math.min(rows, 4);
    const dout = randomValues(few * columns, "dout");
    const dx = put(device, dout, [few, columns]);
    device.rope(dx, putInts(device, positions.slice(0, few)), table, heads, true);
    const loss = (x: Float64Array) => dot(dout, reference.rope(x, columns, positions.slice(0, few), speeds, heads));
    expect(errorOf(await device.readFloats(dx), slope(loss, x.subarray(0, few * columns)))).toBeLessThan(1e-6);
  });

  test.each([
    [1, 4],
    [3, 12],
    [5, 20],
    [400, 20],
  ])("SwiGLU forward and backward: %i rows of %i", async (rows, columns) => {
    const gateUp = randomValues(rows * 2 * columns, "gate and up", -12, 12);
    const dout = randomValues(rows * columns, "dout");
    const gateUps = put(device, gateUp, [rows, 2 * columns]);
    const [out, dgateUp] = [device.tensor([rows, columns]), device.tensor([rows, 2 * columns])];
    device.swiGlu(out, gateUps);
    expect(errorOf(await device.readFloats(out), reference.swiGlu(gateUp, columns))).toBeLessThan(1e-6);
    device.swiGluBackward(dgateUp, put(device, dout, [rows, columns]), gateUps);
    const got = await device.readFloats(dgateUp);
    for (let row = 0; row < rows; row += 1 + Math.floor(rows / 8)) {
      const loss = (x: Float64Array) =>
        dot(dout.subarray(row * columns, (row + 1) * columns), reference.swiGlu(x, columns));
      const range = [row * 2 * columns, (row + 1) * 2 * columns] as const;
      expect(errorOf(got.subarray(...range), slope(loss, gateUp.subarray(...range))), `row ${row}`).toBeLessThan(1e-6);
    }
  });

  test("SwiGLU stays finite for gates of any size", async () => {
    const gates = [-1e30, -1e4, -100, -88, -20, 20, 88, 100, 1e4, 1e30, 0, -0];
    const gateUp = put(device, [...gates, ...gates.map(() => 2)], [1, 24]);
    const [out, dgateUp] = [device.tensor([1, 12]), device.tensor([1, 24])];
    device.swiGlu(out, gateUp);
    const expected = gates.map((gate) => (gate < -700 ? 0 : (2 * gate) / (1 + Math.exp(-gate))));
    for (const [i, value] of (await device.readFloats(out)).entries()) {
      expect(Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i])), `gate ${gates[i]}`).toBeLessThan(1e-6);
    }
    device.swiGluBackward(dgateUp, put(device, new Float32Array(12).fill(1), [1, 12]), gateUp);
    const slopes = await device.readFloats(dgateUp);
    for (const [i, gate] of gates.entries()) {
      const share = 1 / (1 + Math.exp(-gate));
      const slope = gate < -700 ? 0 : 2 * share * (1 + gate * (1 - share));
      expect(Math.abs(slopes[i] - slope), `slope at gate ${gate}`).toBeLessThan(1e-6);
    }
  });

  test("copy and clear reach every element, of large tensors too", async () => {
    for (const size of [1, 5, 100_003]) {
      const [from, to] = [put(device, randomValues(size, "from"), [size]), device.tensor([size])];
      device.copy(to, from);
      expect(await device.readFloats(to)).toEqual(await device.readFloats(from));
      device.clear(from);
      expect(await device.readFloats(from)).toEqual(new Float32Array(size));
    }
  });
});
