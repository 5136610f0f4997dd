import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { iqm } from "../../src/stats/iqm.ts";
import {
  drawItems,
  drawnIqmDifference,
  drawnMeanDifference,
  drawnScore,
} from "../../src/stats/shared-items-bootstrap.ts";
import { mean } from "../../src/stats/summary.ts";
import { pairedTwoLevelBootstrap } from "../../src/stats/two-level-bootstrap.ts";

const random = (label: string) => Random.fromSeed(`shared-items/${label}`);

/** Seeds of a system that is right on an item with the item's own chance plus `lift`. */
function seedsOf(label: string, seeds: number, items: number, lift: number): number[][] {
  const chances = random("chances");
  const perItem = Array.from({ length: items }, () => 0.1 + 0.6 * chances.uniform());
  const answers = random(label);
  return Array.from({ length: seeds }, () => perItem.map((chance) => (answers.uniform() < chance + lift ? 1 : 0)));
}

describe("draws of items", () => {
  test("hold as many items as there are, each as likely as another", () => {
    const draws = drawItems(4, 5000, random("draws"));
    expect(draws).toHaveLength(5000);
    for (const counts of draws) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    for (let item = 0; item < 4; item++) expect(mean(draws.map((counts) => counts[item]))).toBeCloseTo(1, 1);
  });

  test("give an accuracy each, by hand", () => {
    const draws = [Uint32Array.of(2, 1, 0), Uint32Array.of(0, 0, 3), Uint32Array.of(1, 1, 1)];
    const { accuracy, drawn } = drawnScore([1, 0, 0.5], draws);
    expect(accuracy).toBe(0.5);
    expect([...drawn]).toEqual([2 / 3, 0.5, 0.5]);
  });

  test("refuse answers on another number of items", () => {
    expect(() => drawnScore([1, 0], drawItems(3, 2, random("other")))).toThrow(
      expect.objectContaining({ code: "stats/invalid" }),
    );
  });
});

describe("the interval of a mean difference", () => {
  test("is that of the two-level bootstrap with shared items, but for the resampling's own noise", () => {
    const [first, second] = [seedsOf("first", 8, 60, 0.1), seedsOf("second", 8, 60, 0)];
    const resamples = 4000;
    const expected = pairedTwoLevelBootstrap(
      first.map((answers, seed) => ({ first: answers, second: second[seed] })),
      { random: random("two-level"), resamples },
    );
    const draws = drawItems(60, resamples, random("items"));
    const pairs = first.map((answers, seed) => ({
      first: drawnScore(answers, draws),
      second: drawnScore(second[seed], draws),
    }));
    const found = drawnMeanDifference(pairs, { random: random("seeds") });
    expect(found.estimate).toBeCloseTo(expected.estimate, 12);
    const width = expected.high - expected.low;
    expect(Math.abs(found.low - expected.low)).toBeLessThan(0.06 * width);
    expect(Math.abs(found.high - expected.high)).toBeLessThan(0.06 * width);
  });

  test("is the range of the seeds' differences where the items do not matter and the seeds are two", () => {
    // every item alike: a draw of items changes nothing; of two seeds a quarter of the draws is twice the same one
    const draws = drawItems(5, 400, random("range"));
    const score = (answer: number) => drawnScore(Array<number>(5).fill(answer), draws);
    const pairs = [
      { first: score(0.4), second: score(0.1) },
      { first: score(0.9), second: score(0.2) },
    ];
    const { estimate, low, high } = drawnMeanDifference(pairs, { random: random("two seeds") });
    expect([estimate, low, high].map((value) => Number(value.toFixed(9)))).toEqual([0.5, 0.3, 0.7]);
  });
});

describe("the difference of interquartile means", () => {
  const draws = drawItems(4, 400, random("iqm"));
  const score = (answer: number) => drawnScore(Array<number>(4).fill(answer), draws);
  // by hand: of 0, 0.1, ..., 0.7 the two lowest and the two highest go, 0.2 to 0.5 stay
  const benchmarks = [
    [0, 0.7, 0.2, 0.5],
    [0.1, 0.6, 0.3, 0.4],
  ].map((accuracies) => accuracies.map((first) => ({ first: score(first), second: score(0.25) })));

  test("is that of all seeds' accuracies on all benchmarks, computed by hand", () => {
    const { estimate } = drawnIqmDifference(benchmarks, { random: random("by hand") });
    expect(estimate).toBeCloseTo((0.2 + 0.3 + 0.4 + 0.5) / 4 - 0.25, 12);
  });

  test("draws a seed for all benchmarks at once: what one loses the other gains, so the mean of two seeds is fixed", () => {
    const mirrored = [
      [0.2, 0.8],
      [0.8, 0.2],
    ].map((accuracies) => accuracies.map((first) => ({ first: score(first), second: score(0) })));
    const { low, high } = drawnIqmDifference(mirrored, { random: random("mirrored") });
    expect(low).toBeCloseTo(iqm([0.2, 0.8, 0.8, 0.2]), 12);
    expect(high).toBeCloseTo(0.5, 12);
  });

  test("is the same at every call with the same random numbers", () => {
    const once = () => drawnIqmDifference(benchmarks, { random: random("same") });
    expect(once()).toEqual(once());
  });

  test("needs two seeds, and the same ones on every benchmark", () => {
    expect(() => drawnIqmDifference([], { random: random("none") })).toThrow(
      expect.objectContaining({ code: "stats/too-few" }),
    );
    expect(() => drawnMeanDifference(benchmarks[0].slice(0, 1), { random: random("one") })).toThrow(
      expect.objectContaining({ code: "stats/too-few" }),
    );
    const uneven = [benchmarks[0], benchmarks[1].slice(1)];
    expect(() => drawnIqmDifference(uneven, { random: random("uneven") })).toThrow(
      expect.objectContaining({ code: "stats/invalid" }),
    );
  });
});
