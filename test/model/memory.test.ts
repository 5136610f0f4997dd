import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { AdamW } from "../../src/model/adamw.ts";
import { Policy } from "../../src/model/policy.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { livelyWeights } from "./reference-model.ts";
import { tinyConfig } from "./tiny-config.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const device = await createWasmDevice({ threads: 2 });
afterAll(() => device.close());

/** Bytes in use: by tensors, by JavaScript with its buffers once garbage is gone, and by the whole process. */
function measure() {
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { tensors: device.memoryBytes, javaScript: heapUsed + arrayBuffers, process: rss };
}

test("a thousand training steps take no memory", async () => {
  const config = tinyConfig({ hiddenSize: 16, headSize: 4, vocabularySize: 13 });
  const policy = new Policy(Transformer.create(device, config, livelyWeights(config)));
  const optimizer = new AdamW(policy.transformer, { beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.01 });
  const options = { samplesPerPrompt: 4, maxNewTokens: 8, temperature: 1, stopIds: [0] };
  const random = Random.fromSeed("steps");

  /** Steps as a run has them: prompts of all lengths, a second update, an evaluation now and then. */
  async function train(steps: number) {
    for (let step = 0; step < steps; step++) {
      const prompts = Array.from({ length: 3 }, () =>
        Array.from({ length: 1 + random.integer(9) }, () => random.integer(13)),
      );
      const rollouts = await policy.generate(prompts, { ...options, random: random.fork(`${step}`), train: true });
      policy.backward(rollouts.scores.logp.map(() => random.uniform() - 0.5));
      await optimizer.step(1e-3, { clipNorm: 1 });
      const { logp } = await policy.score(rollouts, { temperature: 1 });
      policy.backward(logp.map(() => random.uniform() - 0.5));
      await optimizer.step(1e-3, { clipNorm: 1 });
      if (step % 20 === 0) await policy.generate(prompts, { ...options, random, train: false });
    }
  }

  const longest = Array.from({ length: 3 }, () => new Array<number>(9).fill(1));
  for (const train of [true, false]) await policy.generate(longest, { ...options, random, stopIds: [], train });
  await train(800); // the engine compiles, and collects what it needs for that
  const before = measure();
  await train(1000);
  const after = measure();
  expect(after.tensors).toBe(before.tensors);
  expect(after.javaScript - before.javaScript).toBeLessThan(400 * 1024); // 400 bytes a step
  expect(after.process - before.process).toBeLessThan(24 * 1024 * 1024);
});
