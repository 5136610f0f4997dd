import { afterAll, describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { parameterShapes, type TransformerConfig } from "../../src/model/config.ts";
import { Policy } from "../../src/model/policy.ts";
import type { SequenceBatch } from "../../src/model/sequence-batch.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { errorOf, plus, randomValues } from "../device/reference.ts";
import { livelyWeights, referenceScores } from "./reference-model.ts";
import { tinyConfig } from "./tiny-config.ts";

const sizes = { hiddenSize: 16, intermediateSize: 20, headSize: 4, vocabularySize: 13 };
const CONFIGS: Record<string, TransformerConfig> = {
  "qwen2, grouped queries and biases": tinyConfig(sizes),
  "llama, tied head, a key for each query": tinyConfig({
    ...sizes,
    ...{ family: "llama", qkvBias: false, tiedEmbeddings: true, kvHeads: 4, headSize: 8 },
  }),
  "mistral, a window of 3, one key head": tinyConfig({
    ...sizes,
    ...{ family: "mistral", qkvBias: false, slidingWindow: 3, kvHeads: 1, headSize: 12 },
  }),
};

// groups of several sizes, among them a prompt without responses and a response without tokens
const BATCH: SequenceBatch = {
  prompts: [[3, 1, 4], [5], [9, 2, 6, 5, 3], [8, 8]],
  responses: [
    { prompt: 0, tokens: [1, 5, 9, 2] },
    { prompt: 0, tokens: [] },
    { prompt: 0, tokens: [7] },
    { prompt: 1, tokens: [0, 0] },
    { prompt: 1, tokens: [2, 4, 6, 8, 10, 12] },
    { prompt: 3, tokens: [3, 3, 3] },
  ],
};
const TOKENS = BATCH.responses.flatMap(({ tokens }) => tokens).length;

const device = await createWasmDevice({ threads: 2 });
afterAll(() => device.close());

const newPolicy = (config: TransformerConfig) => new Policy(Transformer.create(device, config, livelyWeights(config)));

/** The gradients since the last call, and clears them. */
async function takeGradients({ transformer }: Policy): Promise<Map<string, Float32Array>> {
  const gradients = transformer.split(await device.readFloats(transformer.gradients.flat));
  device.clear(transformer.gradients.flat);
  return gradients;
}

function expectSame(
  got: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, ArrayLike<number>>,
  error: number,
) {
  expect([...got.keys()]).toEqual([...expected.keys()]);
  for (const [name, gradient] of got) expect(errorOf(gradient, expected.get(name) ?? []), name).toBeLessThan(error);
}

describe.each(Object.entries(CONFIGS))("the policy of %s", (_, config) => {
  const dlogp = randomValues(TOKENS, "dlogp");

  test.each([1, 0.6])("has the gradients of finite differences at temperature %d", async (temperature) => {
    const policy = newPolicy(config);
    const scores = await policy.score(BATCH, { temperature });
    const weights = new Map(Array.from(livelyWeights(config), ([name, values]) => [name, Float64Array.from(values)]));
    const expected = referenceScores(config, weights, BATCH, temperature);
    for (const member of ["logp", "entropy", "certainty"] as const) {
      expect(
        errorOf(
          scores[member],
          expected.map((row) => row[member]),
        ),
        member,
      ).toBeLessThan(2e-6);
    }

    policy.backward(dlogp);
    const gradients = await takeGradients(policy);
    const loss = () =>
      referenceScores(config, weights, BATCH, temperature).reduce((sum, { logp }, i) => sum + dlogp[i] * logp, 0);
    const random = Random.fromSeed("probes");
    for (const { name } of parameterShapes(config)) {
      const values = weights.get(name) as Float64Array;
      const gradient = gradients.get(name) as Float32Array;
      const largest = gradient.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      for (const at of [0, values.length - 1, random.integer(values.length), random.integer(values.length)]) {
        const value = values[at];
        values[at] = value + 1e-5;
        const above = loss();
        values[at] = value - 1e-5;
        const slope = (above - loss()) / 2e-5;
        values[at] = value;
        expect(Math.abs(gradient[at] - slope) / largest, `${name}[${at}]`).toBeLessThan(1e-5);
      }
    }
  });

  test("adds up: shared prompts give the sum of each response alone, and a second backward adds again", async () => {
    const policy = newPolicy(config);
    const { offsets } = await policy.score(BATCH, { temperature: 0.6 });
    policy.backward(dlogp);
    const together = await takeGradients(policy);
    policy.backward(dlogp);
    policy.backward(dlogp);
    const twice = await takeGradients(policy);
    expectSame(twice, new Map(Array.from(together, ([name, values]) => [name, plus(values, values)])), 1e-6);

    let alone: ReadonlyMap<string, ArrayLike<number>> = new Map(
      Array.from(together, ([name, { length }]) => [name, new Float64Array(length)]),
    );
    for (const [index, { prompt, tokens }] of BATCH.responses.entries()) {
      await policy.score(
        { prompts: [BATCH.prompts[prompt]], responses: [{ prompt: 0, tokens }] },
        { temperature: 0.6 },
      );
      policy.backward(dlogp.subarray(offsets[index], offsets[index + 1]));
      const own = await takeGradients(policy);
      alone = new Map(Array.from(own, ([name, values]) => [name, plus(values, alone.get(name) ?? [])]));
    }
    expectSame(together, alone, 1e-5);
  });

  test("has the same gradients after generating as after scoring what was generated", async () => {
    const policy = newPolicy(config);
    const options = { samplesPerPrompt: 5, maxNewTokens: 7, temperature: 0.9, stopIds: [0, 1] };
    const rollouts = await policy.generate(BATCH.prompts, { ...options, random: Random.fromSeed(1), train: true });
    const dlogp = randomValues(rollouts.scores.logp.length, "dlogp");
    policy.backward(dlogp);
    const generated = await takeGradients(policy);
    await policy.score(rollouts, { temperature: 0.9 });
    policy.backward(dlogp);
    expectSame(generated, await takeGradients(policy), 1e-6);
  });

  test("leaves out prompts without a gradient: the rest is as in a batch without them", async () => {
    const policy = newPolicy(config);
    const options = { samplesPerPrompt: 60, maxNewTokens: 7, temperature: 0.9, stopIds: [0, 1] };
    const prompts = [...BATCH.prompts, ...BATCH.prompts];
    const rollouts = await policy.generate(prompts, { ...options, random: Random.fromSeed(2), train: true });
    const offsets = rollouts.scores.offsets;
    const kept = BATCH.prompts.length - 1;
    const start = offsets[kept * options.samplesPerPrompt];
    const end = offsets[(kept + 2) * options.samplesPerPrompt];
    const all = randomValues(rollouts.scores.logp.length, "dlogp");
    const some = all.map((value, token) => (token >= start && token < end ? value : 0));
    policy.backward(some);
    const partial = await takeGradients(policy);

    const responses = rollouts.responses.slice(kept * options.samplesPerPrompt, (kept + 2) * options.samplesPerPrompt);
    const batch = {
      prompts: prompts.slice(kept, kept + 2),
      responses: responses.map(({ prompt, tokens }) => ({ prompt: prompt - kept, tokens })),
    };
    await policy.score(batch, { temperature: 0.9 });
    policy.backward(all.slice(start, end));
    expectSame(partial, await takeGradients(policy), 1e-5);
  });

  test("tokens without a gradient cost nothing and change nothing", async () => {
    const policy = newPolicy(config);
    await policy.score(BATCH, { temperature: 1 });
    policy.backward(new Float32Array(TOKENS));
    for (const gradient of (await takeGradients(policy)).values())
      expect(gradient.every((value) => value === 0)).toBe(true);
    const few = dlogp.map((value, i) => (i % 3 === 0 ? value : 0));
    policy.backward(few);
    const some = await takeGradients(policy);
    policy.backward(dlogp.map((value, i) => value - few[i]));
    const rest = await takeGradients(policy);
    policy.backward(dlogp);
    const sum = new Map(Array.from(some, ([name, values]) => [name, plus(values, rest.get(name) ?? [])]));
    expectSame(await takeGradients(policy), sum, 1e-5);
  });
});
