import { expect, test } from "vitest";
import { attentionLayout, type LayoutOptions, layoutTensors } from "./attention-layout.ts";
import { onEveryDevice, put } from "./devices.ts";
import * as reference from "./reference.ts";
import { dot, errorOf, randomValues, slope } from "./reference.ts";

const SHAPES = [
  { heads: 1, kvHeads: 1, headSize: 4 },
  { heads: 4, kvHeads: 2, headSize: 8 },
  { heads: 3, kvHeads: 1, headSize: 12 },
  { heads: 2, kvHeads: 2, headSize: 16 },
  { heads: 4, kvHeads: 1, headSize: 32 },
  { heads: 2, kvHeads: 1, headSize: 20 },
] as const;

const LAYOUTS: readonly (readonly [string, LayoutOptions])[] = [
  ["one row", { promptLengths: [1] }],
  ["one causal sequence", { promptLengths: [6] }],
  ["prompts shared by rollouts", { promptLengths: [3, 5], responsesPerPrompt: 3, responseLengths: [2, 0, 4, 1] }],
  ["a sliding window", { promptLengths: [2, 6], responsesPerPrompt: 2, responseLengths: [5, 3], window: 4 }],
];

const CASES = LAYOUTS.flatMap(([name, options]) => SHAPES.map((shape) => ({ name, options, ...shape })));

const slopesByCase = new Map<object, Float64Array>();

onEveryDevice("attention", (device) => {
  test.each(CASES)("$name, $heads heads over $kvHeads of $headSize: forward and backward", async (example) => {
    const layout = attentionLayout(example.options);
    const stride = (example.heads + 2 * example.kvHeads) * example.headSize;
    const outSize = example.heads * example.headSize;
    const qkv = randomValues(layout.rows * stride, "qkv", -1.5, 1.5);
    const dout = randomValues(layout.rows * outSize, "dout");
    const expected = reference.attention(qkv, layout.keys, example);

    const tensors = layoutTensors(device, layout);
    const qkvs = put(device, qkv, [layout.rows, stride]);
    const [out, lse] = [device.tensor([layout.rows, outSize]), device.tensor([layout.rows, example.heads])];
    for (const [first, end] of [
      [0, layout.promptRows],
      [layout.promptRows, layout.rows],
    ]) {
      device.attention(out.rows(first, end), lse.rows(first, end), qkvs, first, tensors, example);
    }
    expect(errorOf(await device.readFloats(out), expected.out)).toBeLessThan(1e-6);
    expect(errorOf(await device.readFloats(lse), expected.lse)).toBeLessThan(1e-6);

    const dqkv = put(device, randomValues(layout.rows * stride, "to be overwritten"), [layout.rows, stride]);
    const douts = put(device, dout, [layout.rows, outSize]);
    device.attentionBackward(dqkv, douts, out, lse, qkvs, tensors, tensors, example);
    const slopes =
      slopesByCase.get(example) ?? slope((x) => dot(dout, reference.attention(x, layout.keys, example).out), qkv);
    slopesByCase.set(example, slopes); // the same for the next device
    expect(errorOf(await device.readFloats(dqkv), slopes)).toBeLessThan(3e-6);
  });

  test("many keys and groups, so that threads share the work", async () => {
    const shape = { heads: 4, kvHeads: 2, headSize: 16 };
    const layout = attentionLayout({
      promptLengths: [40, 61, 17, 50],
      responsesPerPrompt: 3,
      responseLengths: [9, 4],
    });
    const qkv = randomValues(layout.rows * 128, "qkv");
    const dout = randomValues(layout.rows * 64, "dout");
    const tensors = layoutTensors(device, layout);
    const qkvs = put(device, qkv, [layout.rows, 128]);
    const [out, lse] = [device.tensor([layout.rows, 64]), device.tensor([layout.rows, 4])];
    device.attention(out, lse, qkvs, 0, tensors, shape);
    expect(errorOf(await device.readFloats(out), reference.attention(qkv, layout.keys, shape).out)).toBeLessThan(1e-6);

    const dqkv = device.tensor([layout.rows, 128]);
    device.attentionBackward(
      dqkv,
      put(device, dout, [layout.rows, 64]),
      ...([out, lse, qkvs, tensors, tensors, shape] as const),
    );
    const got = await device.readFloats(dqkv);
    const direction = randomValues(qkv.length, "direction");
    const along = (t: number) => {
      const moved = Float64Array.from(qkv, (value, i) => value + t * direction[i]);
      return dot(dout, reference.attention(moved, layout.keys, shape).out);
    };
    const expected = slope((t) => along(t[0]), [0])[0];
    expect(Math.abs(dot(got, direction) / expected - 1)).toBeLessThan(1e-5);
  });

  test("scores of any size neither overflow nor lose the largest", async () => {
    const shape = { heads: 1, kvHeads: 1, headSize: 4 };
    const layout = attentionLayout({ promptLengths: [9] });
    const qkv = randomValues(layout.rows * 12, "qkv", -200, 200);
    const tensors = layoutTensors(device, layout);
    const [out, lse] = [device.tensor([9, 4]), device.tensor([9, 1])];
    const qkvs = put(device, qkv, [9, 12]);
    device.attention(out, lse, qkvs, 0, tensors, shape);
    const expected = reference.attention(qkv, layout.keys, shape);
    expect(errorOf(await device.readFloats(out), expected.out)).toBeLessThan(1e-3); // scores are near 1e4
    expect(errorOf(await device.readFloats(lse), expected.lse)).toBeLessThan(1e-6);
    const dqkv = device.tensor([9, 12]);
    device.attentionBackward(dqkv, put(device, randomValues(36, "d"), [9, 4]), out, lse, qkvs, tensors, tensors, shape);
    expect((await device.readFloats(dqkv)).every(Number.isFinite)).toBe(true);
  });
});
