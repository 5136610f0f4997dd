// Prints the hash of the weights after a few steps of reinforcement on random rewards, and the last gradient norm.
import { Random } from "../../dist/core/random.js";
import { createWasmDevice } from "../../dist/device/wasm/wasm-device.js";
import { AdamW } from "../../dist/model/adamw.js";
import { initialWeights } from "../../dist/model/initial-weights.js";
import { Policy } from "../../dist/model/policy.js";
import { Transformer } from "../../dist/model/transformer.js";

/** @type {import("../../src/model/config.ts").TransformerConfig} */
const config = {
  ...{ family: "qwen2", vocabularySize: 37, hiddenSize: 32, intermediateSize: 64, layers: 2, heads: 4, kvHeads: 2 },
  ...{ headSize: 8, ropeTheta: 10000, rmsNormEps: 1e-6, slidingWindow: null, maxPositions: 64 },
  ...{ tiedEmbeddings: true, qkvBias: true },
};
const random = Random.fromSeed("elsewhere");
const device = await createWasmDevice({ threads: 2 });
const policy = new Policy(Transformer.create(device, config, initialWeights(config, random.fork("weights"))));
const optimizer = new AdamW(policy.transformer, { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 });
const options = { samplesPerPrompt: 8, maxNewTokens: 20, temperature: 0.6, stopIds: [36], train: true };
let gradNorm = 0;
for (let step = 0; step < 6; step++) {
  const prompts = Array.from({ length: 6 }, (_, length) =>
    Array.from({ length: 4 + length }, () => random.integer(37)),
  );
  const { scores } = await policy.generate(prompts, { ...options, random: random.fork(`rollouts ${step}`) });
  policy.backward(scores.logp.map(() => (random.uniform() - 0.5) / scores.logp.length));
  ({ gradNorm } = await optimizer.step(0.01, { clipNorm: 1 }));
}
console.log(await policy.transformer.weightsHash(), gradNorm > 0 ? 1 : 0);
await device.close();
