import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { Interval } from "../../src/stats/bootstrap.ts";
import { iqm, iqmOverTasks } from "../../src/stats/iqm.ts";
import { probabilityOfImprovementOverTasks } from "../../src/stats/probability-of-improvement.ts";
import { spearmanBootstrap } from "../../src/stats/spearman.ts";
import { pairedTwoLevelBootstrap } from "../../src/stats/two-level-bootstrap.ts";
import golden from "./golden-values.json" with { type: "json" };

const options = (seed: string, resamples = 20_000) => ({ random: Random.fromSeed(seed), resamples });

interface Expected {
  readonly estimate: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function expectInterval(ours: Interval, { estimate, low, high }: Expected): void {
  expect(ours.estimate).toBeCloseTo(estimate, 12);
  for (const [end, [from, to]] of [
    [ours.low, low],
    [ours.high, high],
  ] as const) {
    expect(end).toBeGreaterThanOrEqual(from - 1e-9);
    expect(end).toBeLessThanOrEqual(to + 1e-9);
  }
}

describe("two-level bootstrap", () => {
  test("agrees with the enumeration of all resamples, for shared and for separate items", () => {
    for (const { first, second, items, ...expected } of golden.two_level) {
      const perSeed = first.map((values, seed) => ({ first: values, second: second[seed] }));
      const kind = items as "shared" | "separate";
      expectInterval(pairedTwoLevelBootstrap(perSeed, { ...options(items), items: kind }), expected);
    }
  });

  const random = Random.fromSeed("items");
  const easy = Array.from({ length: 40 }, () => random.integer(2));
  const sameForAll = Array.from({ length: 6 }, () => ({ first: easy, second: easy.map(() => 0) }));

  test("where every seed does the same, only shared items keep the spread of the items", () => {
    const width = (items: "shared" | "separate") => {
      const { low, high } = pairedTwoLevelBootstrap(sameForAll, { ...options("width", 2000), items });
      return high - low;
    };
    expect(width("shared") / (2 * 1.96 * Math.sqrt(0.25 / 40))).toBeGreaterThan(0.85);
    expect(width("separate")).toBeLessThan(width("shared") / 2);
  });

  test("turns its sign with the systems, and the same seed gives the same bits", () => {
    const perSeed = golden.two_level[0].first.map((first, seed) => ({
      first,
      second: golden.two_level[0].second[seed],
    }));
    const swapped = perSeed.map(({ first, second }) => ({ first: second, second: first }));
    const [one, again, other] = [perSeed, perSeed, swapped].map((seeds) =>
      pairedTwoLevelBootstrap(seeds, options("sign", 500)),
    );
    expect(again).toEqual(one);
    expect(other.estimate).toBeCloseTo(-one.estimate, 14);
    expect(other.low).toBeCloseTo(-one.high, 12);
  });

  test("one seed, one item, unequal lists and values that are no numbers are refused", () => {
    const seed = { first: [1, 0], second: [0, 0] };
    const refused = (perSeed: readonly { first: number[]; second: number[] }[], message: string) =>
      expect(() => pairedTwoLevelBootstrap(perSeed, options("refused", 10))).toThrow(message);
    refused([seed], "got 1 seeds, expected at least 2");
    refused([], "got 0 seeds");
    refused([seed, { first: [1], second: [1] }], "seed 1, first: got 1 values");
    refused([seed, { first: [1, 1], second: [1, 1, 1] }], "number of second values: got 3");
    refused([seed, { first: [1, 1, 1], second: [1, 1, 1] }], "seed 1: number of items: got 3");
    refused([seed, { first: [Number.NaN, 1], second: [1, 1] }], "got NaN at 0");
    const separate = [seed, { first: [1, 1, 1], second: [1, 1, 0] }];
    expect(pairedTwoLevelBootstrap(separate, { ...options("separate", 10), items: "separate" }).estimate).toBeCloseTo(
      (1 / 2 + 1 / 3) / 2,
      14,
    );
  });
});

describe("interquartile mean over tasks", () => {
  test("agrees with scipy's trimmed mean over the enumeration of all resamples", () => {
    for (const { tasks, ...expected } of golden.iqm_over_tasks) {
      expectInterval(iqmOverTasks(tasks, options("iqm")), expected);
    }
  });

  test("is that of all scores together, and a task with one run is refused", () => {
    const tasks = [
      [0.1, 0.2],
      [0.8, 0.9, 1],
    ];
    expect(iqmOverTasks(tasks, options("all", 10)).estimate).toBe(iqm(tasks.flat()));
    expect(() => iqmOverTasks([[0.1, 0.2], [0.5]], options("one", 10))).toThrow("expected at least 2");
  });
});

describe("probability of improvement over tasks", () => {
  test("agrees with scipy's Mann-Whitney U over the enumeration of all resamples", () => {
    for (const { tasks, ...expected } of golden.improvement_over_tasks) {
      expectInterval(probabilityOfImprovementOverTasks(tasks, options("improvement")), expected);
    }
  });

  test("counts every task alike, whatever its number of runs", () => {
    const tasks = [
      { first: [1, 1], second: [0, 0] },
      { first: [0, 0, 0, 0], second: [1, 1, 1] },
    ];
    expect(probabilityOfImprovementOverTasks(tasks, options("tasks", 10))).toEqual({
      estimate: 0.5,
      low: 0.5,
      high: 0.5,
    });
    expect(() => probabilityOfImprovementOverTasks([], options("none", 10))).toThrow("got no strata");
  });
});

describe("rank correlation's interval", () => {
  test("agrees with scipy over the enumeration of all resamples", () => {
    for (const { x, y, ...expected } of golden.spearman) {
      expectInterval(spearmanBootstrap(x, y, options("rank")), expected);
    }
  });

  test("stays within -1 and 1, counts a constant resample as 0, and refuses a constant side", () => {
    const two = spearmanBootstrap([1, 2], [5, 7], options("two", 400));
    expect(two).toEqual({ estimate: 1, low: 0, high: 1 });
    expect(() => spearmanBootstrap([1, 1, 1], [1, 2, 3], options("constant", 10))).toThrow("got a constant side");
  });
});
