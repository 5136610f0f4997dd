import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random, type RandomState } from "../../src/core/random.ts";

const IDENTITY = "0".repeat(64);
const word = fc.integer({ min: 0, max: 0xffffffff });
const state = fc
  .tuple(word, word, word, word)
  .filter((words) => words.some((value) => value > 0))
  .map((words): RandomState => ({ algorithm: "xoshiro128**", identity: IDENTITY, words }));
const seed = fc.oneof(fc.integer(), fc.string({ unit: "grapheme" }));

describe("generator", () => {
  test("follows the reference recurrence of xoshiro128** 1.1 from any state", () => {
    fc.assert(
      fc.property(state, (start) => {
        const random = Random.fromState(start);
        const ours = Array.from({ length: 40 }, () => random.uint32());
        expect(ours).toEqual(referenceXoshiro(start.words, 40));
      }),
    );
  });

  test("gives the known values for the state 1, 2, 3, 4", () => {
    const random = Random.fromState({ algorithm: "xoshiro128**", identity: IDENTITY, words: [1, 2, 3, 4] });
    // by hand: rotl(2 * 5, 7) * 9; then s1 = 0 gives 0; then s1 = 1 ^ 3 ^ ... as the recurrence says
    expect([random.uint32(), random.uint32()]).toEqual([11520, 0]);
  });

  test("gives the recorded values for a seed, so that no release changes past runs", () => {
    const random = Random.fromSeed(17).fork("rollouts");
    expect([random.uint32(), random.uint32(), random.uniform(), random.normal(), random.integer(1000)]).toEqual([
      2600948808, 1438985732, 0.4151675181683506, -0.8120760884880328, 389,
    ]);
  });
});

describe("streams", () => {
  test('the same seed gives the same stream, another seed another one, and 1 is not "1"', () => {
    fc.assert(
      fc.property(seed, (value) => {
        expect(draws(Random.fromSeed(value))).toEqual(draws(Random.fromSeed(value)));
      }),
    );
    const firsts = new Set(Array.from({ length: 2000 }, (_, i) => Random.fromSeed(i).uint32()));
    expect(firsts.size).toBeGreaterThan(1998);
    expect(draws(Random.fromSeed(1))).not.toEqual(draws(Random.fromSeed("1")));
  });

  test("a saved state, through JSON, goes on with the same draws and the same forks", () => {
    fc.assert(
      fc.property(seed, fc.nat(50), (value, count) => {
        const random = Random.fromSeed(value);
        for (let i = 0; i < count; i++) random.normal();
        const restored = Random.fromState(JSON.parse(JSON.stringify(random.state())));
        expect(draws(restored.fork("x"))).toEqual(draws(random.fork("x")));
        expect(draws(restored)).toEqual(draws(random));
      }),
    );
  });

  test("forking neither advances the stream nor depends on how far it has come", () => {
    const random = Random.fromSeed("fork");
    const early = draws(random.fork("a"));
    expect(random.state()).toEqual(Random.fromSeed("fork").state());
    random.uint32();
    expect(draws(random.fork("a"))).toEqual(early);
  });

  test("forks differ by label, by path and from their parent, and are uncorrelated with it", () => {
    const random = Random.fromSeed(3);
    const forks = ["a", "b", "", "a/b"].map((label) => random.fork(label));
    const nested = [random.fork("a").fork("b"), random.fork("b").fork("a")];
    const streams = [random, ...forks, ...nested].map((stream) => draws(stream).join());
    expect(new Set(streams).size).toBe(streams.length);
    const [parent, child] = [Random.fromSeed(4), Random.fromSeed(4).fork("child")];
    const products = Array.from({ length: 20_000 }, () => (parent.uniform() - 0.5) * (child.uniform() - 0.5));
    expect(Math.abs(average(products))).toBeLessThan((4 / 12) * Math.sqrt(1 / 20_000));
  });

  test("a state that is not one is refused", () => {
    const good = Random.fromSeed(1).state();
    const bad = [
      { ...good, words: [0, 0, 0, 0] },
      { ...good, words: [1, 2, 3] },
      { ...good, words: [1, 2, 3, 2 ** 32] },
      { ...good, words: [1, 2, 3, 0.5] },
      { ...good, algorithm: "mt19937" },
      { algorithm: good.algorithm, words: good.words },
    ];
    for (const value of bad) {
      expect(() => Random.fromState(value as unknown as RandomState)).toThrow("expected what Random.state() returned");
    }
  });
});

describe("distributions", () => {
  test("uniform stays in [0, 1), with the mean and variance of the uniform distribution", () => {
    const random = Random.fromSeed("uniform");
    const values = Array.from({ length: 50_000 }, () => random.uniform());
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53))).toBe(true);
    expect(average(values)).toBeCloseTo(0.5, 2);
    expect(average(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 3);
    expect(Math.max(...values.slice(0, 1000))).toBeGreaterThan(0.99);
  });

  test("integer stays below n and hits every value about equally often", () => {
    const random = Random.fromSeed("integer");
    for (const n of [1, 2, 3, 7, 10, 64, 100]) {
      const counts = Array.from({ length: n }, () => 0);
      const expected = 1000;
      for (let i = 0; i < n * expected; i++) counts[random.integer(n)] += 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(counts.length).toBe(n);
      expect(chiSquare).toBeLessThanOrEqual(n - 1 + 5 * Math.sqrt(2 * (n - 1)));
    }
  });

  test("integer is unbiased where a remainder alone would prefer small values two to one", () => {
    const random = Random.fromSeed("bias");
    const n = 3 * 2 ** 30; // 2^32 mod n = 2^30: without rejection the lowest third would hold half of the draws
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (random.integer(n) < 2 ** 30) low += 1;
    expect(low / 30_000).toBeCloseTo(1 / 3, 1.7);
    expect(random.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test("integer refuses a bound that is no integer from 1 to 2^32", () => {
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
      expect(() => Random.fromSeed(1).integer(n)).toThrow("expected an integer from 1 to 2^32");
    }
  });

  test("normal has the first four moments of the standard normal distribution", () => {
    const random = Random.fromSeed("normal");
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const moment = (power: number) => average(values.map((value) => value ** power));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(moment(1))).toBeLessThan(0.013);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.018);
    expect(Math.abs(moment(3))).toBeLessThan(0.05);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.13);
  });

  test("shuffle gives a permutation and leaves its argument alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seed, (items, value) => {
        const before = [...items];
        const shuffled = Random.fromSeed(value).shuffle(items);
        expect(items).toEqual(before);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  test("shuffle gives each of the six orders of three items equally often", () => {
    const random = Random.fromSeed("orders");
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  test("pick takes one of the items and refuses none", () => {
    const random = Random.fromSeed("pick");
    expect(new Set(Array.from({ length: 100 }, () => random.pick([1, 2, 3])))).toEqual(new Set([1, 2, 3]));
    expect(() => random.pick([])).toThrow("got no items");
  });

  test("weightedIndex follows the weights and never takes a weight of zero", () => {
    const random = Random.fromSeed("weights");
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[random.weightedIndex([0, 1, 0, 3, 0])] += 1;
    expect(counts[0] + counts[2] + counts[4]).toBe(0);
    expect(counts[3] / 40_000).toBeCloseTo(0.75, 1.9);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (weights) => {
        fc.pre(weights.some((weight) => weight > 0));
        expect(weights[random.weightedIndex(weights)]).toBeGreaterThan(0);
      }),
    );
  });

  test("weightedIndex refuses negative weights, NaN and a total of zero", () => {
    const random = Random.fromSeed(1);
    expect(() => random.weightedIndex([1, -1])).toThrow("got weight -1 at 1");
    expect(() => random.weightedIndex([Number.NaN])).toThrow("got weight NaN at 0");
    expect(() => random.weightedIndex([0, 0])).toThrow("got a total of 0");
    expect(() => random.weightedIndex([])).toThrow("got a total of 0");
  });
});

// Blackman and Vigna's C code in BigInt, masked to 32 bits
function referenceXoshiro(start: readonly number[], count: number): number[] {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = start.map(BigInt);
  return Array.from({ length: count }, () => {
    const result = (rotl((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(result);
  });
}

function draws(random: Random): number[] {
  return Array.from({ length: 6 }, () => random.uint32());
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
