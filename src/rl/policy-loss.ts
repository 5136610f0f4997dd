// The clipped policy loss of PPO and GRPO and its gradient with respect to each token's log-probability:
// -min(ratio A, clip(ratio, 1 - low, 1 + high) A), ratio = exp(logp - logp_old), plus klWeight x KL to a reference.
// Options: clip-higher (DAPO), dual clip (loss at most -c A for A < 0), and one ratio per response, the geometric mean of its
// tokens' (GSPO). The caller turns the gradient into one over weights; advantages, logp_old and reference are constants.

import { exp } from "../core/exact-math.ts";
import type { Offsets } from "./aggregation.ts";
import { aggregationWeights } from "./aggregation.ts";
import { klTerm } from "./kl.ts";
import type { LossSettings } from "./settings.ts";

/** Token arrays are flat (`offsets`), nats at the rollout temperature; the others have one entry per response. */
export interface PolicyLossBatch {
  readonly offsets: Offsets;
  readonly logp: ArrayLike<number>;
  readonly logpOld: ArrayLike<number>;
  /** Needed for a KL term only. */
  readonly logpReference?: ArrayLike<number>;
  readonly advantages: ArrayLike<number>;
  /** Whether a response has a KL term. Default: all. */
  readonly inKl?: readonly boolean[];
  /** Whether a response takes part at all, in the loss and in its normaliser. Default: all. */
  readonly counted?: readonly boolean[];
}

export interface PolicyLoss {
  readonly loss: number;
  /** d loss / d logp, one per token. */
  readonly gradient: Float64Array;
  /** Policy loss of each token before aggregation, without KL. */
  readonly tokenLoss: Float64Array;
  /** Share of ratios (tokens, or responses for a sequence ratio) at which the clip changes the objective. */
  readonly clipFraction: number;
  /** Share of ratios at which the dual clip acts. */
  readonly dualClipFraction: number;
  /** Mean KL estimate over the tokens that have one; 0 without a reference. */
  readonly kl: number;
}

/** Loss over a batch, with its gradient; `fixedLength` (tokens) serves the aggregation "fixed-length". */
export function policyLoss(batch: PolicyLossBatch, settings: LossSettings, fixedLength: number): PolicyLoss {
  const { offsets, logp, logpOld, logpReference, advantages, inKl, counted } = batch;
  const { aggregation, klWeight, klEstimator } = settings;
  const weights = aggregationWeights(offsets, {
    aggregation,
    fixedLength,
    ...(counted === undefined ? {} : { counted }),
  });
  const gradient = new Float64Array(logp.length);
  const tokenLoss = new Float64Array(logp.length);
  let loss = 0;
  let ratios = 0;
  let clipped = 0;
  let dualClipped = 0;
  let klSum = 0;
  let klTokens = 0;

  for (let response = 0; response < weights.length; response += 1) {
    const start = offsets[response];
    const end = offsets[response + 1];
    const weight = weights[response];
    if (weight === 0) continue;

    const perResponse = settings.ratio === "sequence";
    const shared = perResponse ? meanDifference(logp, logpOld, start, end) : 0;
    for (let token = start; token < end; token += 1) {
      const logRatio = perResponse ? shared : logp[token] - logpOld[token];
      const term = surrogate(logRatio, advantages[response], settings);
      tokenLoss[token] = term.loss;
      loss += weight * term.loss;
      // a sequence ratio moves by 1 / length per token and appears in all of them, so both kinds leave the same factor
      gradient[token] = weight * term.slope;
      if (perResponse && token > start) continue;
      ratios += 1;
      clipped += Number(term.clipped);
      dualClipped += Number(term.dualClipped);
    }

    if (logpReference === undefined || inKl?.[response] === false) continue;
    for (let token = start; token < end; token += 1) {
      const kl = klTerm(logp[token], logpReference[token], klEstimator);
      loss += klWeight * weight * kl.value;
      gradient[token] += klWeight * weight * kl.gradient;
      klSum += kl.value;
      klTokens += 1;
    }
  }
  return {
    loss,
    gradient,
    tokenLoss,
    clipFraction: ratios === 0 ? 0 : clipped / ratios,
    dualClipFraction: ratios === 0 ? 0 : dualClipped / ratios,
    kl: klTokens === 0 ? 0 : klSum / klTokens,
  };
}

interface SurrogateTerm {
  readonly loss: number;
  /** d loss / d log-ratio. */
  readonly slope: number;
  readonly clipped: boolean;
  readonly dualClipped: boolean;
}

const NO_SIGNAL: SurrogateTerm = { loss: 0, slope: 0, clipped: false, dualClipped: false };

function surrogate(logRatio: number, advantage: number, { clipLow, clipHigh, dualClip }: LossSettings): SurrogateTerm {
  if (advantage === 0) return NO_SIGNAL;
  const ratio = exp(logRatio);
  const low = clipLow === null ? ratio : Math.max(ratio, 1 - clipLow);
  const inside = clipHigh === null ? low : Math.min(low, 1 + clipHigh);
  const free = ratio * advantage;
  const held = inside * advantage;
  const clipped = held < free;
  const objective = clipped ? held : free;
  const dualClipped = dualClip !== null && advantage < 0 && objective < dualClip * advantage;
  return {
    loss: dualClipped ? -dualClip * advantage : -objective,
    slope: clipped || dualClipped ? 0 : -free,
    clipped,
    dualClipped,
  };
}

function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>, start: number, end: number): number {
  let total = 0;
  for (let index = start; index < end; index += 1) total += a[index] - b[index];
  return total / (end - start);
}
