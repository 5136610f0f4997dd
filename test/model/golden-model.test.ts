import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { AdamW } from "../../src/model/adamw.ts";
import { loadCheckpoint } from "../../src/model/checkpoint.ts";
import { Policy } from "../../src/model/policy.ts";
import { readSafetensors } from "../../src/model/safetensors.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { sharedPath } from "../shared.ts";

// Reference: PyTorch and transformers in float32; tolerances from the reference's own description.
const folder = sharedPath("golden/qwen2-tiny");

interface Probe {
  readonly l2: number;
  readonly first8: readonly number[];
  readonly probe_index: readonly number[];
  readonly probe_value?: readonly number[];
}

interface GoldenPrompt {
  readonly id: string;
  readonly ids: number[];
  readonly continuation_ids: number[];
  readonly greedy_ids: number[];
  readonly at_temperature: Record<string, { logp: number[]; entropy: number[]; self_certainty: number[] }>;
}

/** Largest absolute difference; NaN, which fails every bound, unless the lengths agree. */
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length || a.length === 8
    ? Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))))
    : NaN;

describe.skipIf(!folder)("a small Qwen2 against transformers", async () => {
  if (!folder) return;
  const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));
  const arrays = readSafetensors(`${folder}/expected.safetensors`);
  const { config, weights } = loadCheckpoint(folder);
  const device = await createWasmDevice({ threads: 2 });
  const newPolicy = () => new Policy(Transformer.create(device, config, weights));
  const prompts: GoldenPrompt[] = expected.prompts.filter(({ ids }: GoldenPrompt) => ids.length > 0);

  test.each(prompts)("gives the logits after the prompt $id", async ({ id, ids }) => {
    const logits = await newPolicy().logits(ids);
    expect(worst(logits, arrays.get(`${id}.logits_last`)?.data ?? [])).toBeLessThan(1e-4);
  });

  test("gives the logits at every position", async () => {
    const logits = await newPolicy().logits((prompts[0] as GoldenPrompt).ids, { all: true });
    expect(logits.length).toBe(26 * 400);
    expect(worst(logits, arrays.get("ascii.logits_all")?.data ?? [])).toBeLessThan(1e-4);
  });

  test.each(prompts)("continues $id greedily as transformers does", async ({ ids, greedy_ids }) => {
    const random = Random.fromSeed(1);
    const options = { samplesPerPrompt: 1, maxNewTokens: 24, temperature: 0, stopIds: [], random, train: false };
    const { responses } = await newPolicy().generate([ids], options);
    expect(responses[0]?.tokens).toEqual(greedy_ids);
  });

  test.each(prompts)("scores a continuation of $id", async ({ ids, continuation_ids, at_temperature }) => {
    for (const temperature of ["1.0", "0.6"]) {
      const batch = { prompts: [ids], responses: [{ prompt: 0, tokens: continuation_ids }] };
      const scores = await newPolicy().score(batch, { temperature: Number(temperature) });
      const reference = at_temperature[temperature];
      expect(worst(scores.logp, reference?.logp ?? [])).toBeLessThan(1e-4);
      expect(worst(scores.entropy, reference?.entropy ?? [])).toBeLessThan(1e-4);
      expect(worst(scores.certainty, reference?.self_certainty ?? [])).toBeLessThan(1e-4);
    }
  });

  test("gives the gradients and the parameters of two AdamW steps", async () => {
    const { optimizer, steps, steps_input } = expected.policy_gradient;
    const policy = newPolicy();
    const { transformer } = policy;
    const adamW = new AdamW(transformer, { ...optimizer, weightDecay: optimizer.weight_decay });
    for (const [index, step] of steps.entries()) {
      const input: { prompt: string; continuation_ids: number[]; weights: number[] }[] = steps_input[index];
      const batch = {
        prompts: input.map(({ prompt }) => prompts.find(({ id }) => id === prompt)?.ids ?? []),
        responses: input.map(({ continuation_ids }, prompt) => ({ prompt, tokens: continuation_ids })),
      };
      const dlogp = input.flatMap((sequence) => sequence.weights);
      const { logp } = await policy.score(batch, { temperature: 1 });
      const loss = dlogp.reduce((sum, weight, i) => sum + weight * (logp[i] as number), 0);
      expect(Math.abs(loss - step.loss)).toBeLessThan(2e-4);

      policy.backward(dlogp);
      const gradients = transformer.split(await device.readFloats(transformer.gradients.flat));
      expect(Object.keys(step.grad).sort()).toEqual([...gradients.keys()].sort());
      for (const [name, probe] of Object.entries<Probe>(step.grad)) {
        const gradient = gradients.get(name) as Float32Array;
        expect(Math.abs(Math.hypot(...gradient) / probe.l2 - 1), name).toBeLessThan(1e-4);
        const limit = 1e-4 * probe.l2;
        expect(worst(probe.first8, gradient), name).toBeLessThan(limit);
        const probed = probe.probe_index.map((at) => gradient[at] as number);
        expect(worst(probe.probe_value ?? [], probed), name).toBeLessThan(limit);
      }

      const { gradNorm } = await adamW.step(optimizer.lr, { clipNorm: optimizer.clip_global_norm });
      expect(Math.abs(gradNorm / step.global_norm - 1)).toBeLessThan(1e-4);
      const after = await transformer.readWeights();
      for (const [name, probe] of Object.entries<Probe>(step.parameters_after)) {
        const limit = name.endsWith("k_proj.bias") ? 2e-4 : 3e-6;
        const values = after.get(name) as Float32Array;
        expect(worst(probe.first8, values), name).toBeLessThan(limit);
        const at = step.grad[name].probe_index.map((at: number) => values[at] as number);
        expect(worst(probe.probe_value ?? [], at), name).toBeLessThan(limit);
      }
    }
  });
});
