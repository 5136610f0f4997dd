import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterLogits, sampleFiltered } from "../../src/model/logits-filter.ts";
import { readSafetensors } from "../../src/model/safetensors.ts";
import { sharedPath } from "../shared.ts";

const logits = Float32Array.of(0, 2, 1, 2, -1);

describe("filtering logits", () => {
  it("keeps everything and is a softmax without filters", () => {
    const { ids, probabilities } = filterLogits(logits, { temperature: 0.5 });
    const weights = [...logits].map((value) => Math.exp(value / 0.5));
    const total = weights.reduce((a, b) => a + b);
    expect(ids).toEqual([0, 1, 2, 3, 4]);
    for (const [i, weight] of weights.entries()) expect(probabilities[i]).toBeCloseTo(weight / total, 14);
  });

  it("at temperature 0 keeps the smallest id of the largest logits", () => {
    expect(filterLogits(logits, { temperature: 0, topK: 4 })).toEqual({ ids: [1], probabilities: [1] });
  });

  it("top-k keeps all equals at its edge, top-p the smaller id", () => {
    expect(filterLogits(logits, { temperature: 1, topK: 1 }).ids).toEqual([1, 3]);
    expect(filterLogits(logits, { temperature: 1, topP: 0.3 }).ids).toEqual([1]);
    expect(filterLogits(logits, { temperature: 1, topP: 1e-9 }).ids).toEqual([1]);
    expect(filterLogits(logits, { temperature: 1, topP: 1 }).ids).toHaveLength(5);
  });

  it("min-p keeps what is at least a share as likely as the most likely", () => {
    expect(filterLogits(logits, { temperature: 1, minP: 0.9 * Math.exp(-1) }).ids).toEqual([1, 2, 3]);
    expect(filterLogits(logits, { temperature: 1, minP: 1 }).ids).toEqual([1, 3]);
  });

  it("the repetition penalty lowers repeated ids once, whatever their sign and count", () => {
    const settings = { temperature: 1, repetitionPenalty: 2, promptIds: [1, 4, 1] };
    const plain = filterLogits(Float32Array.of(0, 1, 1, 2, -2), { temperature: 1 });
    expect(filterLogits(logits, settings)).toEqual(plain);
  });

  it("probabilities add to 1, order the ids as the logits do, and tighter settings keep fewer", () => {
    const settings = fc.record({
      temperature: fc.double({ min: 0.05, max: 3, noNaN: true }),
      topK: fc.integer({ min: 1, max: 40 }),
      topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
      minP: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const values = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
    const laws = fc.property(values, settings, (list, chosen) => {
      const scores = Float32Array.from(list);
      const { ids, probabilities } = filterLogits(scores, chosen);
      expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(ids.toSorted((a, b) => a - b)).toEqual(ids);
      const smallestKept = Math.min(...ids.map((id) => scores[id]));
      expect(list.filter((score) => score > smallestKept).length).toBeLessThanOrEqual(ids.length);
      const tighter = filterLogits(scores, { ...chosen, topP: chosen.topP / 2 });
      expect(tighter.ids.every((id) => ids.includes(id))).toBe(true);
    });
    fc.assert(laws, { numRuns: 300 });
  });

  it.each([
    [{ temperature: -1 }, "wrong temperature, got -1"],
    [{ temperature: Number.NaN }, "wrong temperature, got NaN"],
    [{ temperature: 1, topK: 0 }, "wrong topK, got 0"],
    [{ temperature: 1, topP: 0 }, "wrong topP, got 0"],
    [{ temperature: 1, minP: 1.5 }, "wrong minP, got 1.5"],
    [{ temperature: 1, repetitionPenalty: 0 }, "wrong repetitionPenalty, got 0"],
  ])("settings %j are refused", (settings, message) => {
    expect(() => filterLogits(logits, settings)).toThrow(message);
  });

  it("logits of a diverged model are refused, a ruled-out token is not", () => {
    expect(() => filterLogits(Float32Array.of(0, Number.NaN), { temperature: 1 })).toThrow("logit 1 is NaN");
    expect(filterLogits(Float32Array.of(0, -Infinity), { temperature: 1 }).probabilities).toEqual([1, 0]);
  });

  it("a uniform number draws the token in whose share it falls", () => {
    const filtered = { ids: [3, 5, 9], probabilities: [0.25, 0.5, 0.25] };
    const draws = [0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map((uniform) => sampleFiltered(filtered, uniform));
    expect(draws).toEqual([3, 3, 5, 5, 9, 9]);
    expect(sampleFiltered({ ids: [1, 2], probabilities: [0.5, 0.4999999] }, 1 - 2 ** -53)).toBe(2);
  });
});

interface GoldenRow {
  readonly settings: {
    readonly temperature: number;
    readonly top_k?: number;
    readonly top_p?: number;
    readonly min_p?: number;
    readonly repetition_penalty?: number;
  };
  readonly kept_ids: readonly number[];
  readonly probabilities: readonly number[];
}

interface Golden {
  readonly sampling: { readonly prompt: string; readonly rows: readonly GoldenRow[] };
  readonly prompts: readonly { readonly id: string; readonly ids: readonly number[] }[];
}

const expectedPath = sharedPath("golden/qwen2-tiny/expected.json");
const arraysPath = sharedPath("golden/qwen2-tiny/expected.safetensors");
describe.skipIf(!expectedPath || !arraysPath)("filtering beside transformers (needs golden/qwen2-tiny)", () => {
  it("keeps the same tokens with the same probabilities for every listed setting", () => {
    const { sampling, prompts }: Golden = JSON.parse(readFileSync(expectedPath as string, "utf8"));
    const promptIds = prompts.find(({ id }) => id === sampling.prompt)?.ids ?? [];
    const last = readSafetensors(arraysPath as string).get(`${sampling.prompt}.logits_last`)?.data as Float32Array;
    expect(sampling.rows.length).toBeGreaterThanOrEqual(6);
    for (const { settings, kept_ids: keptIds, probabilities } of sampling.rows) {
      const { temperature, top_k: topK, top_p: topP, min_p: minP, repetition_penalty: repetitionPenalty } = settings;
      const filtered = filterLogits(last, { temperature, topK, topP, minP, repetitionPenalty, promptIds });
      expect(filtered.ids, JSON.stringify(settings)).toEqual(keptIds);
      for (const [i, probability] of probabilities.entries()) {
        expect(Math.abs(filtered.probabilities[i] - probability)).toBeLessThan(1e-5);
      }
    }
  });
});
