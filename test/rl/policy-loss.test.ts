import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { PolicyLossBatch } from "../../src/rl/policy-loss.ts";
import { policyLoss } from "../../src/rl/policy-loss.ts";
import type { Aggregation, KlEstimator, LossSettings } from "../../src/rl/settings.ts";
import { DEFAULT_SETTINGS } from "../../src/rl/settings.ts";
import type { GoldenLosses } from "./golden.ts";
import { distance, flatten, goldenLosses, offsetsOf } from "./golden.ts";

const TOLERANCE = 1e-10;
const PLAIN: LossSettings = { ...DEFAULT_SETTINGS.loss, clipLow: null, clipHigh: null };

// golden name -> ours; the padded width of the reference batch is 12, Dr. GRPO's length 16
const AGGREGATIONS: Readonly<Record<string, readonly [Aggregation, number]>> = {
  token_mean: ["token-mean", 16],
  token_sum: ["token-sum", 16],
  seq_mean_token_mean: ["sequence-mean-token-mean", 16],
  seq_mean_token_sum: ["sequence-mean-token-sum", 16],
  seq_mean_token_sum_over_padded_width: ["fixed-length", 12],
  fixed_length: ["fixed-length", 16],
};
const ESTIMATORS: Readonly<Record<string, KlEstimator>> = {
  k1: "k1",
  k2: "k2",
  k3: "k3",
  k3_straight_through: "k3-straight-through",
};

function batchOf({ inputs }: Pick<GoldenLosses, "inputs">, advantages: readonly number[]): PolicyLossBatch {
  return {
    offsets: offsetsOf(inputs.lengths),
    logp: flatten(inputs.logp_new, inputs.lengths),
    logpOld: flatten(inputs.logp_old, inputs.lengths),
    advantages,
    ...(inputs.logp_ref === undefined ? {} : { logpReference: flatten(inputs.logp_ref, inputs.lengths) }),
  };
}

function clipOf(golden: GoldenLosses, name: string): Pick<LossSettings, "clipLow" | "clipHigh" | "dualClip"> {
  const { clip_low: clipLow, clip_high: clipHigh, dual: dualClip } = golden.surrogate[name];
  return { clipLow, clipHigh, dualClip };
}

describe.skipIf(goldenLosses === undefined)("golden losses (absent: golden/losses.json)", () => {
  const golden = goldenLosses!;
  const lengths = golden?.inputs.lengths ?? [];

  test("the reference holds all the cases that this suite means to check", () => {
    expect(golden.totals.length).toBe(33);
    expect(Object.keys(golden.surrogate).length).toBe(4);
    expect(golden.gspo.length).toBe(2);
  });

  for (const [name, expected] of Object.entries(golden?.surrogate ?? {})) {
    test(`surrogate, clip ${name}: token losses and clip fractions`, () => {
      const batch = batchOf(golden, golden.advantages[expected.advantage]);
      const result = policyLoss(batch, { ...PLAIN, ...clipOf(golden, name) }, 16);
      expect(distance(result.tokenLoss, flatten(expected.token_loss, lengths))).toBeLessThan(TOLERANCE);
      expect(result.clipFraction).toBeCloseTo(expected.clip_fraction, 12);
      expect(result.dualClipFraction).toBeCloseTo(expected.dual_clip_fraction, 12);
    });
  }

  for (const total of golden?.totals ?? []) {
    test(`total, ${total.label}: loss and gradient`, () => {
      const [aggregation, fixedLength] = AGGREGATIONS[total.aggregation];
      const settings: LossSettings = {
        ...PLAIN,
        ...clipOf(golden, total.clip),
        aggregation,
        klWeight: total.beta,
        ...(total.kl === null ? {} : { klEstimator: ESTIMATORS[total.kl] }),
      };
      const result = policyLoss(batchOf(golden, golden.advantages[total.advantage]), settings, fixedLength);
      expect(Math.abs(result.loss - total.loss)).toBeLessThan(TOLERANCE);
      expect(distance(result.gradient, flatten(total.grad, lengths))).toBeLessThan(TOLERANCE);
    });
  }

  for (const [name, expected] of Object.entries(golden?.kl ?? {})) {
    test(`KL ${name}: token mean, sequence mean and gradient`, () => {
      // without advantages only the KL term is left
      const batch = batchOf(
        golden,
        lengths.map(() => 0),
      );
      const settings = { ...PLAIN, klWeight: 1, klEstimator: ESTIMATORS[name] };
      const result = policyLoss(batch, settings, 16);
      expect(Math.abs(result.loss - expected.token_mean)).toBeLessThan(TOLERANCE);
      expect(Math.abs(result.kl - expected.token_mean)).toBeLessThan(TOLERANCE);
      expect(distance(result.gradient, flatten(expected.grad_of_token_mean, lengths))).toBeLessThan(TOLERANCE);
      const perSequence = policyLoss(batch, { ...settings, aggregation: "sequence-mean-token-mean" }, 16);
      expect(Math.abs(perSequence.loss - expected.seq_mean_token_mean)).toBeLessThan(TOLERANCE);
    });
  }

  test("on-policy the gradient is that of REINFORCE", () => {
    const { advantage, grad } = golden.reinforce_token_mean;
    const batch = batchOf(golden, golden.advantages[advantage]);
    const result = policyLoss({ ...batch, logpOld: batch.logp }, DEFAULT_SETTINGS.loss, 16);
    expect(distance(result.gradient, flatten(grad, lengths))).toBeLessThan(TOLERANCE);
    expect(result.clipFraction).toBe(0);
  });

  for (const expected of golden?.gspo ?? []) {
    test(`GSPO, clip ${expected.clip_low} / ${expected.clip_high}: loss, gradient and clip fraction`, () => {
      const settings: LossSettings = {
        ...PLAIN,
        ratio: "sequence",
        aggregation: "sequence-mean-token-mean",
        clipLow: expected.clip_low,
        clipHigh: expected.clip_high,
      };
      const result = policyLoss(batchOf(golden, golden.advantages[expected.advantage]), settings, 16);
      expect(Math.abs(result.loss - expected.loss)).toBeLessThan(TOLERANCE);
      expect(distance(result.gradient, flatten(expected.grad, lengths))).toBeLessThan(TOLERANCE);
      expect(result.clipFraction).toBeCloseTo(expected.clip_fraction, 12);
    });
  }

  test("edge: equal rewards give exactly no gradient, and a response without tokens is left out", () => {
    const { edge } = golden;
    const batch = batchOf({ inputs: edge.inputs }, edge.advantages);
    const flatGradient = (name: string) => flatten(edge.losses[name].grad, edge.inputs.lengths);
    const tokenMean = policyLoss(batch, DEFAULT_SETTINGS.loss, 16);
    expect(Math.abs(tokenMean.loss - edge.losses.token_mean.loss)).toBeLessThan(TOLERANCE);
    expect(distance(tokenMean.gradient, flatGradient("token_mean"))).toBeLessThan(TOLERANCE);
    expect(tokenMean.gradient.slice(offsetsOf(edge.inputs.lengths)[4]).every((value) => value === 0)).toBe(true);

    const perSequence = { ...DEFAULT_SETTINGS.loss, aggregation: "sequence-mean-token-mean" } as const;
    const leftOut = "seq_mean_token_mean__empty_sequence_left_out";
    const result = policyLoss(batch, perSequence, 16);
    expect(Math.abs(result.loss - edge.losses[leftOut].loss)).toBeLessThan(TOLERANCE);
    expect(distance(result.gradient, flatGradient(leftOut))).toBeLessThan(TOLERANCE);
  });
});

const AGGREGATION = fc.constantFrom<Aggregation>(
  "token-mean",
  "token-sum",
  "sequence-mean-token-mean",
  "sequence-mean-token-sum",
  "fixed-length",
);
const lossSettings = fc.record({
  clipLow: fc.constantFrom(null, 0.2),
  clipHigh: fc.constantFrom(null, 0.2, 0.28),
  dualClip: fc.constantFrom(null, 3),
  ratio: fc.constantFrom<LossSettings["ratio"]>("token", "sequence"),
  aggregation: AGGREGATION,
  klWeight: fc.constantFrom(0, 0.05),
  klEstimator: fc.constantFrom<KlEstimator>("k1", "k2", "k3"),
});

/** A batch with ratios around 1 on both sides of the clips, and some responses without tokens. */
function randomBatch(seed: number): PolicyLossBatch & { logp: number[]; logpOld: number[]; logpReference: number[] } {
  const random = Random.fromSeed(seed);
  const lengths = Array.from({ length: 6 }, () => random.integer(5));
  const offsets = offsetsOf(lengths);
  const tokens = offsets[lengths.length];
  const logpOld = Array.from({ length: tokens }, () => -3 * random.uniform());
  return {
    offsets,
    logpOld,
    logp: logpOld.map((value) => value + 0.4 * random.normal()),
    logpReference: logpOld.map((value) => value + 0.4 * random.normal()),
    advantages: lengths.map(() => random.normal()),
  };
}

describe("policy loss", () => {
  test("its gradient agrees with finite differences", () => {
    const step = 1e-6;
    fc.assert(
      fc.property(fc.integer(), lossSettings, (seed, settings) => {
        const batch = randomBatch(seed);
        const { gradient } = policyLoss(batch, settings, 7);
        for (const [token, value] of gradient.entries()) {
          const shifted = (by: number) => {
            const logp = batch.logp.with(token, batch.logp[token] + by);
            return policyLoss({ ...batch, logp }, settings, 7);
          };
          const [low, high] = [shifted(-step), shifted(step)];
          // across the edge of a clip the two sides differ: no derivative to compare with
          if (low.clipFraction !== high.clipFraction || low.dualClipFraction !== high.dualClipFraction) continue;
          expect(Math.abs((high.loss - low.loss) / (2 * step) - value)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("does not depend on the order of responses", () => {
    fc.assert(
      fc.property(fc.integer(), lossSettings, (seed, settings) => {
        const batch = randomBatch(seed);
        const { offsets } = batch;
        const responses = Array.from({ length: offsets.length - 1 }, (_, index) => index);
        const order = Random.fromSeed(seed).fork("order").shuffle(responses);
        const permute = (values: ArrayLike<number>) =>
          order.flatMap((index) => Array.from(values).slice(offsets[index], offsets[index + 1]));
        const permuted = {
          offsets: offsetsOf(order.map((index) => offsets[index + 1] - offsets[index])),
          logp: permute(batch.logp),
          logpOld: permute(batch.logpOld),
          logpReference: permute(batch.logpReference),
          advantages: order.map((index) => batch.advantages[index]),
        };
        const result = policyLoss(batch, settings, 7);
        const other = policyLoss(permuted, settings, 7);
        expect(other.loss).toBeCloseTo(result.loss, 12);
        expect(distance(other.gradient, permute(result.gradient))).toBeLessThan(1e-14);
      }),
      { numRuns: 60 },
    );
  });

  test("a response that is not counted leaves the loss as if it had not been sampled", () => {
    fc.assert(
      fc.property(fc.integer(), lossSettings, (seed, settings) => {
        const batch = randomBatch(seed);
        const { offsets } = batch;
        const counted = [true, true, true, true, false, false];
        const cut = offsets[4];
        const without = {
          offsets: offsets.slice(0, 5),
          logp: batch.logp.slice(0, cut),
          logpOld: batch.logpOld.slice(0, cut),
          logpReference: batch.logpReference.slice(0, cut),
          advantages: Array.from(batch.advantages).slice(0, 4),
        };
        const result = policyLoss({ ...batch, counted }, settings, 7);
        const expected = policyLoss(without, settings, 7);
        expect(result.loss).toBe(expected.loss);
        expect(result.gradient.slice(0, cut)).toEqual(expected.gradient);
        expect(result.gradient.slice(cut).every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("a response outside the KL keeps its policy term and its place in the normaliser", () => {
    const batch = randomBatch(3);
    const settings = { ...DEFAULT_SETTINGS.loss, klWeight: 0.1 };
    const none = policyLoss({ ...batch, inKl: Array<boolean>(6).fill(false) }, settings, 7);
    const withoutKl = policyLoss(batch, { ...settings, klWeight: 0 }, 7);
    expect(none.loss).toBe(withoutKl.loss);
    expect(none.gradient).toEqual(withoutKl.gradient);
    expect(none.kl).toBe(0);
    const some = policyLoss({ ...batch, inKl: [true, true, true, false, false, false] }, settings, 7);
    const all = policyLoss(batch, settings, 7);
    const cut = batch.offsets[3];
    expect(some.gradient.slice(0, cut)).toEqual(all.gradient.slice(0, cut));
    expect(some.gradient.slice(cut)).toEqual(withoutKl.gradient.slice(cut));
  });

  test("with nothing to learn from the gradient is exactly zero, however far the ratio has gone", () => {
    const result = policyLoss(
      { offsets: [0, 2], logp: [800, -1], logpOld: [-800, -1], advantages: [0] },
      DEFAULT_SETTINGS.loss,
      7,
    );
    expect(result.loss).toBe(0);
    expect(Array.from(result.gradient)).toEqual([0, 0]);
  });

  test("a log-probability that is not a number makes the loss not a number", () => {
    const batch = { offsets: [0, 1], logp: [Number.NaN], logpOld: [-1], advantages: [1] };
    expect(policyLoss(batch, DEFAULT_SETTINGS.loss, 7).loss).toBeNaN();
  });

  test("a batch without tokens has loss 0", () => {
    const result = policyLoss({ offsets: [0, 0, 0], logp: [], logpOld: [], advantages: [1, -1] }, PLAIN, 7);
    expect(result).toMatchObject({ loss: 0, clipFraction: 0, dualClipFraction: 0, kl: 0 });
  });
});
