import { expect, test } from "vitest";
import type { Device } from "../../src/device/device.ts";
import { onEveryDevice, put, putInts } from "./devices.ts";
import { errorOf, randomValues, scoreRow, slope, softmax } from "./reference.ts";

const SHAPES = [
  { rows: 1, vocabulary: 5 },
  { rows: 7, vocabulary: 20 },
  { rows: 33, vocabulary: 64 },
  { rows: 17, vocabulary: 400 },
];

const targetsOf = (rows: number, vocabulary: number) =>
  Array.from({ length: rows }, (_, row) => (row * 7) % vocabulary);

/** Scores of one row as the device gives them. */
async function scoreOnDevice(device: Device, logits: ArrayLike<number>, target: number, temperature = 1) {
  const scores = device.tensor([1, 4]);
  device.scoreTargets(scores, put(device, logits, [1, logits.length]), putInts(device, [target]), temperature);
  const [logp, entropy, certainty, logTotal] = await device.readFloats(scores);
  return { logp, entropy, certainty, logTotal };
}

onEveryDevice("scores of targets", (device) => {
  const cases = SHAPES.flatMap((shape) => [1, 0.6, 2.5].map((temperature) => ({ ...shape, temperature })));

  test.each(cases)(
    "$rows rows of $vocabulary at temperature $temperature",
    async ({ rows, vocabulary, temperature }) => {
      const logits = randomValues(rows * vocabulary, "logits", -9, 9);
      const targets = targetsOf(rows, vocabulary);
      const scores = device.tensor([rows, 4]);
      device.scoreTargets(scores, put(device, logits, [rows, vocabulary]), putInts(device, targets), temperature);
      const expected = targets.flatMap((target, row) => {
        const own = scoreRow(logits.subarray(row * vocabulary, (row + 1) * vocabulary), target, temperature);
        return [own.logp, own.entropy, own.certainty, own.logTotal];
      });
      const got = await device.readFloats(scores);
      for (const member of [0, 1, 2, 3]) {
        const pick = (values: ArrayLike<number>) => Array.from({ length: rows }, (_, row) => values[4 * row + member]);
        expect(errorOf(pick(got), pick(expected)), ["logp", "entropy", "certainty", "sum"][member]).toBeLessThan(1e-6);
      }
    },
  );

  test.each(cases)(
    "backward: $rows rows of $vocabulary at temperature $temperature",
    async ({ rows, vocabulary, temperature }) => {
      const logits = randomValues(rows * vocabulary, "logits", -4, 4);
      const dlogp = randomValues(rows, "dlogp");
      const targets = targetsOf(rows, vocabulary);
      const [logitsThere, targetsThere] = [put(device, logits, [rows, vocabulary]), putInts(device, targets)];
      const scores = device.tensor([rows, 4]);
      device.scoreTargets(scores, logitsThere, targetsThere, temperature);
      device.logpBackward(logitsThere, scores, targetsThere, put(device, dlogp, [rows]), temperature);
      const got = await device.readFloats(logitsThere);
      for (const [row, target] of targets.entries()) {
        if (vocabulary > 100 && row % 5 > 0) continue;
        const range = [row * vocabulary, (row + 1) * vocabulary] as const;
        const expected = slope((x) => dlogp[row] * scoreRow(x, target, temperature).logp, logits.subarray(...range));
        expect(errorOf(got.subarray(...range), expected), `row ${row}`).toBeLessThan(1e-6);
      }
    },
  );

  test("are right for equal, for very low and for one very high logit", async () => {
    const near = (got: number, expected: number) => Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    const rows: Record<string, number[]> = {
      equal: Array.from({ length: 20 }, () => 3.25),
      "equal and low": Array.from({ length: 20 }, () => -1e9),
      "one high": Array.from({ length: 20 }, (_, i) => (i === 4 ? 1e4 : i / 7)),
      "one high of 1e30": Array.from({ length: 5 }, (_, i) => (i === 4 ? 1e30 : 0)),
      "one low": Array.from({ length: 20 }, (_, i) => (i === 4 ? -1e9 : i / 7)),
      "all but one low": Array.from({ length: 20 }, (_, i) => (i === 4 ? 0 : -1e9)),
      steps: Array.from({ length: 64 }, (_, i) => -3 * i),
      "close to the limit of exp": Array.from({ length: 64 }, (_, i) => (i === 0 ? 0 : -86 - i / 16)),
    };
    for (const [name, values] of Object.entries(rows)) {
      for (const temperature of [1, 0.6]) {
        for (const target of [0, 4]) {
          const logits = Float32Array.from(values);
          const got = await scoreOnDevice(device, logits, target, temperature);
          const expected = scoreRow(logits, target, temperature);
          for (const member of ["logp", "entropy", "certainty", "logTotal"] as const) {
            expect(near(got[member], expected[member]), `${name}: ${member} of ${target}`).toBeLessThan(3e-7);
          }
        }
      }
    }
  });

  test("know log and exp over their whole range", async () => {
    // of n equal logits each has logp -log n
    for (const count of [1, 2, 3, 5, 7, 10, 100, 1023, 4096, 50_000]) {
      const { logp, entropy } = await scoreOnDevice(device, new Float32Array(count), count - 1);
      expect(Math.abs(logp + Math.log(count)), `log ${count}`).toBeLessThanOrEqual(6e-8 * Math.log(count));
      expect(Math.abs(entropy - Math.log(count)), `entropy of ${count}`).toBeLessThan(6e-8 * Math.log(count) + 1e-30);
    }
    // of 0 and -x the first has logp -log(1 + e^-x), near 0 for a large x
    for (let x = 0; x <= 30; x += 0.25) {
      const { logp } = await scoreOnDevice(device, [0, -x], 0);
      const expected = -Math.log1p(Math.exp(-x));
      // one rounding of 1 + e^-x to a double costs 1.1e-16
      expect(Math.abs(logp - expected), `log(1 + exp(-${x}))`).toBeLessThan(1.2e-7 * -expected + 1.2e-16);
    }
    // with a sum of logits of e^0 the gradient of a logit z is -e^z
    const z = Float32Array.from({ length: 8701 }, (_, i) => -i / 100);
    const logits = put(device, [...z, 0], [1, z.length + 1]);
    device.logpBackward(
      logits,
      put(device, [0, 0, 0, 0], [1, 4]),
      putInts(device, [z.length]),
      put(device, [1], [1]),
      1,
    );
    const got = await device.readFloats(logits);
    const worst = z.reduce((worst, value, i) => Math.max(worst, Math.abs(-got[i] / Math.exp(value) - 1)), 0);
    expect(worst).toBeLessThan(1.5 * 2 ** -23);
  });
});

onEveryDevice("sampling", (device) => {
  const vocabulary = 20;

  /** Ids drawn from one row of logits, one a uniform number, and their scores. */
  async function draw(logits: ArrayLike<number>, uniforms: ArrayLike<number>, temperature: number) {
    const [ids, scores] = [device.tensor([uniforms.length], "i32"), device.tensor([uniforms.length, 4])];
    const sources = putInts(device, new Int32Array(uniforms.length));
    const there = put(device, logits, [1, logits.length]);
    device.sample(ids, scores, there, sources, put(device, uniforms, [uniforms.length]), temperature);
    return { ids: Array.from(await device.readInts(ids)), scores: await device.readFloats(scores) };
  }

  test.each([1, 0.6, 2])("evenly spread uniforms draw each token by its probability at %d", async (temperature) => {
    const logits = randomValues(vocabulary, "logits", -4, 4);
    const count = 1 << 14;
    const uniforms = Float32Array.from({ length: count }, (_, i) => (i + 0.5) / count);
    const { ids } = await draw(logits, uniforms, temperature);
    const { shares } = softmax(Array.from(logits, (logit) => logit / temperature));
    for (const [id, share] of shares.entries()) {
      const drawn = ids.filter((other) => other === id).length;
      expect(Math.abs(drawn - share * count), `token ${id} of probability ${share}`).toBeLessThan(1.01);
    }
  });

  test("random uniforms fit the distribution by chi-square", async () => {
    const logits = randomValues(vocabulary, "logits", -1, 1);
    const count = 40_000;
    const { ids } = await draw(logits, randomValues(count, "uniforms", 0, 1 - 2 ** -24), 0.6);
    const { shares } = softmax(Array.from(logits, (logit) => logit / 0.6));
    const terms = shares.map(
      (share, id) => (ids.filter((other) => other === id).length - share * count) ** 2 / (share * count),
    );
    const statistic = terms.reduce((sum, term) => sum + term, 0);
    expect(statistic).toBeLessThan(43.8); // exceeded by chance once in 1,000 with 19 degrees of freedom
    expect(statistic).toBeGreaterThan(5.4); // as are the values below this one
  });

  test("the lowest uniform draws the first token, the highest the last that has a probability", async () => {
    const edges = [0, 1 - 2 ** -24];
    expect((await draw([0, 0, 0, 0, 0], edges, 1)).ids).toEqual([0, 4]);
    expect((await draw([5, 5, 5, 5], [0.2499, 0.25, 0.5, 0.75], 1)).ids).toEqual([0, 1, 2, 3]);
    expect((await draw([1, 2, 3, -200, -1e9], edges, 1)).ids).toEqual([0, 2]);
    expect((await draw([1, 2, 3, 4, 3], [0.999_999], 0.01)).ids).toEqual([3]);
  });

  test("greedy takes the first of equals and scores it at temperature 1", async () => {
    const logits = [1, 5, -2, 5, 5];
    const { ids, scores } = await draw(logits, [0.99, 0], 0);
    expect(ids).toEqual([1, 1]);
    const { logp, entropy, certainty } = scoreRow(logits, 1, 1);
    expect(errorOf(scores.subarray(0, 3), [logp, entropy, certainty])).toBeLessThan(1e-6);
  });

  test("each draw has its own source row, and its scores are those of scoreTargets to the bit", async () => {
    const [rows, draws] = [9, 200];
    const logits = randomValues(rows * vocabulary, "rows of logits", -6, 6);
    const there = put(device, logits, [rows, vocabulary]);
    const sources = Array.from({ length: draws }, (_, i) => (i * 5) % rows);
    const uniforms = randomValues(draws, "uniforms", 0, 1 - 2 ** -24);
    const [ids, scores] = [device.tensor([draws], "i32"), device.tensor([draws, 4])];
    device.sample(ids, scores, there, putInts(device, sources), put(device, uniforms, [draws]), 0.6);
    const drawn = await device.readInts(ids);

    for (const [i, source] of sources.entries()) {
      const row = logits.subarray(source * vocabulary, (source + 1) * vocabulary);
      const { shares } = softmax(Array.from(row, (logit) => logit / 0.6));
      const below = shares.slice(0, drawn[i]).reduce((sum, share) => sum + share, 0);
      expect(uniforms[i]).toBeGreaterThan(below - 1e-6);
      expect(uniforms[i]).toBeLessThan(below + shares[drawn[i]] + 1e-6);
    }
    const chosen = device.tensor([draws, vocabulary]);
    device.gather(chosen, there, putInts(device, sources));
    const again = device.tensor([draws, 4]);
    device.scoreTargets(again, chosen, ids, 0.6);
    expect(await device.readFloats(scores)).toEqual(await device.readFloats(again));
  });
});
