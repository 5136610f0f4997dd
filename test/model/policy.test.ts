import { afterAll, describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import type { TransformerConfig } from "../../src/model/config.ts";
import { type GenerateOptions, Policy } from "../../src/model/policy.ts";
import type { Rollouts } from "../../src/model/sequence-batch.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { errorOf, softmax } from "../device/reference.ts";
import { livelyWeights, referenceLogits } from "./reference-model.ts";
import { tinyConfig } from "./tiny-config.ts";

const qwen2 = tinyConfig({ hiddenSize: 16, headSize: 4, vocabularySize: 13 });
const mistral: TransformerConfig = { ...qwen2, family: "mistral", qkvBias: false, slidingWindow: 4, kvHeads: 1 };

const device = await createWasmDevice({ threads: 2 });
afterAll(() => device.close());

const newPolicy = (config = qwen2) => new Policy(Transformer.create(device, config, livelyWeights(config)));
const PROMPTS = [[3, 1, 4], [5], [9, 2, 6, 5, 3, 5]];

/** Options for 4 responses of up to 9 tokens to each prompt, which tokens 0 and 1 end. */
const options = (changes: Partial<GenerateOptions> = {}): GenerateOptions => ({
  ...{ samplesPerPrompt: 4, maxNewTokens: 9, temperature: 0.7, stopIds: [0, 1], train: true },
  random: Random.fromSeed("rollouts"),
  ...changes,
});

const withCode = (code: string) => expect.objectContaining({ code });

describe("rollouts", () => {
  test("come prompt by prompt, end with a stop token or at the limit, and lie as their offsets say", async () => {
    const { prompts, responses, ended, scores } = await newPolicy().generate(PROMPTS, options());
    expect(prompts).toEqual(PROMPTS);
    expect(responses.map(({ prompt }) => prompt)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    let offset = 0;
    for (const [index, { tokens }] of responses.entries()) {
      const stops = tokens.map((token) => token < 2);
      expect(stops.indexOf(true), "only the last token may be a stop token").toBe(
        ended[index] ? tokens.length - 1 : -1,
      );
      if (!ended[index]) expect(tokens.length).toBe(9);
      expect(scores.offsets[index]).toBe(offset);
      offset += tokens.length;
    }
    expect(ended).toContain(true);
    expect(ended).toContain(false);
    expect([scores.offsets.length, scores.offsets[12]]).toEqual([13, offset]);
    for (const member of ["logp", "entropy", "certainty"] as const) expect(scores[member].length).toBe(offset);
  });

  test("follow the seed alone, whether their activations are kept or not", async () => {
    const rollouts = await newPolicy().generate(PROMPTS, options());
    expect(await newPolicy().generate(PROMPTS, options({ train: false }))).toEqual(rollouts);
    const policy = newPolicy();
    await policy.generate([[7, 7]], options({ samplesPerPrompt: 2 }));
    expect(await policy.generate(PROMPTS, options()), "after other work").toEqual(rollouts);
    const other = await newPolicy().generate(PROMPTS, options({ random: Random.fromSeed("other") }));
    expect(other.responses).not.toEqual(rollouts.responses);
  });

  test.each([
    [0, []],
    [1, [0]],
  ])("may be cut at %i tokens", async (maxNewTokens, stopIds) => {
    const policy = newPolicy();
    const { responses, ended, scores } = await policy.generate(PROMPTS, options({ maxNewTokens, stopIds }));
    expect(responses.every(({ tokens }) => tokens.length === maxNewTokens)).toBe(true);
    expect(ended.length).toBe(12);
    expect(ended).toEqual(responses.map(({ tokens }) => tokens.includes(0)));
    expect(scores.logp.length).toBe(12 * maxNewTokens);
    policy.backward(new Float32Array(12 * maxNewTokens).fill(1));
  });

  test("are drawn by the model's probabilities", async () => {
    const count = 4000;
    const { responses } = await newPolicy().generate(
      [[3, 1, 4]],
      options({ samplesPerPrompt: count, maxNewTokens: 2 }),
    );
    const following = (ids: number[]) => {
      const logits = referenceLogits(qwen2, livelyWeights(qwen2), ids).slice(-qwen2.vocabularySize);
      return softmax(Array.from(logits, (logit) => logit / 0.7)).shares;
    };
    const first = following([3, 1, 4]);
    const expectShares = (tokens: number[], shares: number[]) => {
      for (const [id, share] of shares.entries()) {
        const spread = Math.sqrt((share * (1 - share)) / tokens.length);
        const drawn = tokens.filter((token) => token === id).length / tokens.length;
        expect(Math.abs(drawn - share), `token ${id}`).toBeLessThan(4 * spread + 1e-9);
      }
    };
    expectShares(
      responses.map(({ tokens }) => tokens[0]),
      first,
    );
    const likely = first.indexOf(Math.max(...first.slice(2))); // does not stop
    const after = responses.filter(({ tokens }) => tokens[0] === likely).map(({ tokens }) => tokens[1]);
    expect(after.length).toBeGreaterThan(300);
    expectShares(after, following([3, 1, 4, likely]));
  });
});

describe.each([
  ["qwen2", qwen2],
  ["mistral with a window of 4", mistral],
])("scores of %s", (_, config) => {
  async function expectScoredAlike(policy: Policy, rollouts: Rollouts, temperature: number) {
    expect(await policy.score(rollouts, { temperature })).toEqual(rollouts.scores);
  }

  test.each([1, 0.7])("are the rollouts' own to the bit at temperature %d", async (temperature) => {
    const policy = newPolicy(config);
    await expectScoredAlike(policy, await policy.generate(PROMPTS, options({ temperature })), temperature);
    await expectScoredAlike(
      policy,
      await policy.generate(PROMPTS, options({ temperature, train: false })),
      temperature,
    );
  });

  test("are the rollouts' own for more rows than are worked on at a time", async () => {
    const prompts = Array.from({ length: 60 }, (_, i) => [i % 13, (i * i) % 13]);
    const policy = newPolicy(config);
    for (const train of [true, false]) {
      const rollouts = await policy.generate(prompts, options({ samplesPerPrompt: 5, train }));
      await expectScoredAlike(policy, rollouts, 0.7);
    }
  });

  test("greedy takes the largest logit of the whole sequence, and scores at temperature 1", async () => {
    const policy = newPolicy(config);
    const rollouts = await policy.generate(PROMPTS, options({ temperature: 0, samplesPerPrompt: 1, stopIds: [] }));
    for (const { prompt, tokens } of rollouts.responses) {
      const ids = [...PROMPTS[prompt]];
      for (const token of tokens) {
        const logits = await policy.logits(ids);
        expect(token).toBe(logits.indexOf(Math.max(...logits)));
        expect(errorOf(logits, referenceLogits(config, livelyWeights(config), ids).slice(-13))).toBeLessThan(3e-6);
        ids.push(token);
      }
      const all = await policy.logits(ids, { all: true });
      expect(errorOf(all, referenceLogits(config, livelyWeights(config), ids))).toBeLessThan(3e-6);
    }
    await expectScoredAlike(policy, rollouts, 1);
  });

  test("under top-p are those of the full distribution, of tokens within it", async () => {
    const policy = newPolicy(config);
    const topP = 0.5;
    const rollouts = await policy.generate(PROMPTS, options({ topP, samplesPerPrompt: 8 }));
    await expectScoredAlike(policy, rollouts, 0.7);
    for (const { prompt, tokens } of rollouts.responses) {
      for (const [at, token] of tokens.entries()) {
        const logits = await policy.logits([...PROMPTS[prompt], ...tokens.slice(0, at)]);
        const { shares } = softmax(Array.from(logits, (logit) => logit / 0.7));
        const above = shares.filter((share) => share > shares[token]).reduce((sum, share) => sum + share, 0);
        expect(above).toBeLessThan(topP);
      }
    }
    const free = await policy.generate(PROMPTS, options({ samplesPerPrompt: 8 }));
    expect(rollouts.responses).not.toEqual(free.responses);
  });

  test("of a response do not depend on the batch, to the bit", async () => {
    const policy = newPolicy(config);
    const rollouts = await policy.generate(PROMPTS, options());
    for (const [index, { prompt, tokens }] of rollouts.responses.entries()) {
      const batch = { prompts: [PROMPTS[prompt]], responses: [{ prompt: 0, tokens }] };
      const { logp } = await policy.score(batch, { temperature: 0.7 });
      const { offsets } = rollouts.scores;
      expect(logp).toEqual(rollouts.scores.logp.slice(offsets[index], offsets[index + 1]));
    }
  });
});

describe("scoring", () => {
  test("takes empty responses, prompts without any, and no responses at all", async () => {
    const policy = newPolicy();
    const responses = [[], [4, 4], []].map((tokens) => ({ prompt: 1, tokens }));
    const { offsets, logp } = await policy.score({ prompts: PROMPTS, responses }, { temperature: 1 });
    expect(Array.from(offsets)).toEqual([0, 0, 2, 2]);
    expect(logp.every((value) => value < 0 && Number.isFinite(value))).toBe(true);
    policy.backward([1, 1]);
    expect((await policy.score({ prompts: PROMPTS, responses: [] }, { temperature: 1 })).logp.length).toBe(0);
    policy.backward([]);
    const none = await policy.generate([], options());
    expect([none.responses, none.scores.logp.length]).toEqual([[], 0]);
  });

  test("refuses what cannot be run", async () => {
    const policy = newPolicy();
    const score = (prompts: number[][], ...responses: { prompt: number; tokens: number[] }[]) =>
      policy.score({ prompts, responses }, { temperature: 1 });
    await expect(policy.generate([[1], []], options())).rejects.toThrow(withCode("policy/empty-prompt"));
    await expect(score([[]])).rejects.toThrow(withCode("policy/empty-prompt"));
    for (const token of [13, -1, 1.5, Number.NaN]) {
      await expect(policy.generate([[1, token]], options())).rejects.toThrow(withCode("policy/token"));
      await expect(policy.logits([token])).rejects.toThrow(withCode("policy/token"));
      await expect(score([[1]], { prompt: 0, tokens: [2, token] })).rejects.toThrow(withCode("policy/token"));
    }
    for (const prompt of [1, -1]) {
      await expect(score([[1]], { prompt, tokens: [2] })).rejects.toThrow(withCode("policy/prompt"));
    }
  });

  test("knows its longest sequence", async () => {
    const policy = newPolicy({ ...qwen2, maxPositions: 8 });
    const prompt = [1, 2, 3, 4, 5, 6];
    const tooLong = withCode("model/too-long");
    const generate = (maxNewTokens: number) => policy.generate([prompt], options({ maxNewTokens, stopIds: [] }));
    expect((await generate(3)).responses[0].tokens.length).toBe(3); // the last token takes no position
    await expect(generate(4)).rejects.toThrow(tooLong);
    expect(() => policy.backward([])).toThrow(withCode("policy/no-forward"));
    await expect(policy.logits([...prompt, 7, 8, 9])).rejects.toThrow(tooLong);
    const batch = { prompts: [prompt], responses: [{ prompt: 0, tokens: [7, 8, 9, 10] }] };
    await expect(policy.score(batch, { temperature: 1 })).rejects.toThrow(tooLong);
    expect((await generate(3)).responses[0].tokens.length).toBe(3);
  });
});

describe("backward", () => {
  test("needs a forward pass whose activations were kept, and a value for each token", async () => {
    const policy = newPolicy();
    const noForward = withCode("policy/no-forward");
    expect(() => policy.backward([])).toThrow(noForward);
    await policy.generate(PROMPTS, options({ train: false }));
    expect(() => policy.backward([])).toThrow(noForward);
    const { scores } = await policy.generate(PROMPTS, options());
    expect(() => policy.backward(scores.logp.subarray(1))).toThrow(withCode("policy/gradient-length"));
    policy.backward(scores.logp);
    await policy.logits([1]);
    expect(() => policy.backward(scores.logp)).toThrow(noForward);
  });

  test("leaves no memory behind once the policy is released, and released it goes on", async () => {
    const policy = newPolicy();
    const memoryAfterWork: number[] = [];
    for (let round = 0; round < 4; round++) {
      const { scores } = await policy.generate(PROMPTS, options());
      policy.backward(scores.logp);
      await policy.logits([1, 2, 3]);
      const used = device.memoryBytes;
      policy.release();
      memoryAfterWork.push(device.memoryBytes);
      expect(used - device.memoryBytes).toBeGreaterThan(50_000);
    }
    expect(new Set(memoryAfterWork).size).toBe(1); // what the device keeps for the weights stays
  });
});
