import { afterAll, describe, expect, test } from "vitest";
import type { Device, Tensor } from "../../src/device/device.ts";
import { createWasmDevice, type WasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { attentionLayout, layoutTensors } from "./attention-layout.ts";
import { put, putInts } from "./devices.ts";
import { randomValues } from "./reference.ts";

/** Makes inputs, runs one operation, and returns what it wrote. */
type Run = (device: Device) => readonly Tensor[] | Promise<number>;

const floats = (device: Device, name: string, ...shape: number[]): Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return put(device, randomValues(size, name, name === "uniforms" ? 0 : -2, name === "uniforms" ? 0.999 : 2), shape);
};

const ids = (device: Device, rows: number, below: number): Tensor =>
  putInts(
    device,
    Array.from({ length: rows }, (_, row) => (row * row * 31) % below),
  );

// Every operation, with more work than the smallest that is shared among threads, at sizes that no unit divides.
const OPERATIONS: Record<string, Run> = {
  gather: (device) => {
    const out = device.tensor([1001, 64]);
    device.gather(out, floats(device, "table", 20, 64), ids(device, 1001, 20));
    return [out];
  },
  scatterAdd: (device) => {
    const table = floats(device, "table", 20, 68);
    device.scatterAdd(table, floats(device, "rows", 1001, 68), ids(device, 1001, 20));
    return [table];
  },
  linear: (device) => {
    const out = floats(device, "out", 131, 67);
    const [x, weight] = [floats(device, "x", 131, 41), floats(device, "weight", 67, 41)];
    device.linear(out, x, weight, { onto: out });
    const biased = device.tensor([131, 67]);
    device.linear(biased, x, weight, { bias: floats(device, "bias", 67) });
    return [out, biased];
  },
  linearBackward: (device) => {
    const dx = device.tensor([131, 67]);
    device.linearBackward(dx, floats(device, "dout", 131, 41), floats(device, "weight", 41, 67));
    return [dx];
  },
  linearWeightGradient: (device) => {
    const [dweight, dbias] = [floats(device, "dweight", 301, 35), floats(device, "dbias", 301)];
    device.linearWeightGradient(dweight, dbias, floats(device, "dout", 263, 301), floats(device, "x", 263, 35));
    return [dweight, dbias];
  },
  rmsNorm: (device) => {
    const [out, rstd] = [device.tensor([500, 68]), device.tensor([500])];
    device.rmsNorm(out, rstd, floats(device, "x", 500, 68), floats(device, "weight", 68), 1e-6);
    return [out, rstd];
  },
  rmsNormBackward: (device) => {
    const [dx, dweight] = [floats(device, "dx", 500, 68), floats(device, "dweight", 68)];
    const [x, weight, rstd] = [floats(device, "x", 500, 68), floats(device, "weight", 68), device.tensor([500])];
    device.rmsNorm(device.tensor([500, 68]), rstd, x, weight, 1e-6);
    device.rmsNormBackward(dx, dweight, floats(device, "dout", 500, 68), x, rstd, weight);
    return [dx, dweight];
  },
  rope: (device) => {
    const x = floats(device, "x", 333, 96);
    const table = { cosines: floats(device, "cosines", 50, 12), sines: floats(device, "sines", 50, 12) };
    device.rope(x, ids(device, 333, 50), table, 4);
    return [x];
  },
  swiGlu: (device) => {
    const out = device.tensor([333, 36]);
    device.swiGlu(out, floats(device, "gateUp", 333, 72));
    return [out];
  },
  swiGluBackward: (device) => {
    const dgateUp = device.tensor([333, 72]);
    device.swiGluBackward(dgateUp, floats(device, "dout", 333, 36), floats(device, "gateUp", 333, 72));
    return [dgateUp];
  },
  "attention and its backward": (device) => {
    const shape = { heads: 4, kvHeads: 2, headSize: 12 };
    const layout = attentionLayout({
      promptLengths: [30, 41, 17, 26, 9],
      responsesPerPrompt: 4,
      responseLengths: [11, 2, 7],
      window: 37,
    });
    const tensors = layoutTensors(device, layout);
    const [out, lse, dqkv] = [48, 4, 96].map((columns) => device.tensor([layout.rows, columns]));
    const qkv = floats(device, "qkv", layout.rows, 96);
    device.attention(out, lse, qkv, 0, tensors, shape);
    device.attentionBackward(
      dqkv,
      ...([floats(device, "dout", layout.rows, 48), out, lse, qkv, tensors, tensors, shape] as const),
    );
    return [out, lse, dqkv];
  },
  "scoreTargets and logpBackward": (device) => {
    const [logits, scores] = [floats(device, "logits", 173, 65), device.tensor([173, 4])];
    const targets = ids(device, 173, 65);
    device.scoreTargets(scores, logits, targets, 0.6);
    device.logpBackward(logits, scores, targets, floats(device, "dlogp", 173), 0.6);
    return [scores, logits];
  },
  sample: (device) => {
    const [drawn, scores] = [device.tensor([401], "i32"), device.tensor([401, 4])];
    const logits = floats(device, "logits", 77, 65);
    device.sample(drawn, scores, logits, ids(device, 401, 77), floats(device, "uniforms", 401), 0.6);
    return [drawn, scores];
  },
  sumSquares: (device) => device.sumSquares(floats(device, "x", 100_003)),
  adamW: (device) => {
    const [weights, first] = ["weights", "first"].map((name) => floats(device, name, 40_004));
    const [gradients, second] = [
      floats(device, "gradients", 40_004),
      put(device, randomValues(40_004, "v", 0), [40_004]),
    ];
    const rates = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
    const update = { ...rates, gradientScale: 0.7, beta1Power: 0.81, beta2Power: 0.998 };
    device.adamW(weights, gradients, first, second, update);
    return [weights, gradients, first, second];
  },
  moveAverage: (device) => {
    const average = floats(device, "average", 40_004);
    device.moveAverage(average, floats(device, "x", 40_004), 0.01);
    return [average];
  },
  "copy and clear": (device) => {
    const [to, x] = [device.tensor([100_003]), floats(device, "x", 100_003)];
    device.copy(to, x);
    device.clear(x);
    return [to, x];
  },
};

async function bytesOf(run: Run, device: Device): Promise<string> {
  const result = run(device);
  if (result instanceof Promise) return String(await result);
  const parts = await Promise.all(result.map((tensor) => device.readInts(tensor)));
  for (const tensor of result) device.release(tensor);
  return parts.map((part) => Buffer.from(part.buffer).toString("base64")).join("\n");
}

describe("every number of threads gives the same bits", async () => {
  const devices: WasmDevice[] = [];
  for (const threads of [1, 2, 3, 4]) devices.push(await createWasmDevice({ threads }));
  afterAll(() => Promise.all(devices.map((device) => device.close())));

  test.each(Object.entries(OPERATIONS))("%s", async (_, run) => {
    const expected = await bytesOf(run, devices[0]);
    for (const device of devices) {
      for (let round = 0; round < 3; round++) {
        expect((await bytesOf(run, device)) === expected, `${device.threads} threads, round ${round}`).toBe(true);
      }
    }
  });
});

describe("a row's bits do not depend on the other rows", async () => {
  const device = await createWasmDevice({ threads: 2 });
  afterAll(() => device.close());
  const all = 129;
  const last = (values: Float32Array, rows: number) => values.slice((values.length / rows) * (rows - 1));

  /** Bits of the last of `rows` rows of an operation's result; this row is the same for any number of rows. */
  const ROWWISE: Record<string, (x: Tensor, rows: number) => Tensor> = {
    linear: (x, rows) => {
      const out = device.tensor([rows, 67]);
      device.linear(out, x, floats(device, "weight", 67, 40), { bias: floats(device, "bias", 67) });
      return out;
    },
    linearBackward: (x, rows) => {
      const out = device.tensor([rows, 67]);
      device.linearBackward(out, x, floats(device, "weight", 40, 67));
      return out;
    },
    rmsNorm: (x, rows) => {
      const out = device.tensor([rows, 40]);
      device.rmsNorm(out, device.tensor([rows]), x, floats(device, "weight", 40), 1e-6);
      return out;
    },
    swiGlu: (x, rows) => {
      const out = device.tensor([rows, 20]);
      device.swiGlu(out, x);
      return out;
    },
    scoreTargets: (x, rows) => {
      const scores = device.tensor([rows, 4]);
      device.scoreTargets(scores, x, putInts(device, new Int32Array(rows).fill(7)), 0.6);
      return scores;
    },
    sample: (x, rows) => {
      const [drawn, scores] = [device.tensor([rows], "i32"), device.tensor([rows, 4])];
      const sources = putInts(
        device,
        Int32Array.from({ length: rows }, (_, row) => row),
      );
      device.sample(drawn, scores, x, sources, put(device, new Float32Array(rows).fill(0.7), [rows]), 0.6);
      return scores;
    },
  };

  test.each(Object.entries(ROWWISE))("%s", async (_, operation) => {
    const values = randomValues(all * 40, "x", -2, 2);
    const results: Float32Array[] = [];
    for (const rows of [1, 3, 4, 64, 65, all]) {
      const x = put(device, values.subarray((all - rows) * 40), [rows, 40]);
      results.push(last(await device.readFloats(operation(x, rows)), rows));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  test("attention", async () => {
    const shape = { heads: 2, kvHeads: 1, headSize: 8 };
    const layout = attentionLayout({ promptLengths: [70] });
    const tensors = layoutTensors(device, layout);
    const qkv = floats(device, "qkv", 70, 32);
    const results: Float32Array[] = [];
    for (const rows of [1, 3, 8, 9, 70]) {
      const [out, lse] = [device.tensor([rows, 16]), device.tensor([rows, 2])];
      device.attention(out, lse, qkv, 70 - rows, tensors, shape);
      results.push(last(await device.readFloats(out), rows));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });
});
