// The usual reshaping of one position's logits before a token is drawn, in the order and with the definitions of
// transformers' generate: repetition penalty (Keskar et al. 2019), temperature, top-k, top-p (Holtzman et al. 2020),
// min-p (Nguyen et al. 2024). Equal logits at the edge: top-k keeps them all, top-p keeps the smaller ids. Arithmetic is
// float64, where transformers computes in float32. Training rollouts do not pass here: they only know a temperature and
// top-p, on the device.

import { LabelfreeError } from "../core/errors.ts";
import { exp } from "../core/exact-math.ts";

export interface LogitsFilterSettings {
  /** Divides positive and multiplies negative logits of `promptIds`; default 1. */
  readonly repetitionPenalty?: number | undefined;
  readonly promptIds?: readonly number[] | undefined;
  /** 0 keeps only the largest logit (of equals, the smallest id). */
  readonly temperature: number;
  readonly topK?: number | undefined;
  readonly topP?: number | undefined;
  readonly minP?: number | undefined;
}

/** The tokens that may be drawn, in ascending order, and their probabilities, which add to 1. */
export interface FilteredTokens {
  readonly ids: readonly number[];
  readonly probabilities: readonly number[];
}

/** Filters the logits [vocabulary] of one position; at least one token always stays. Throws for settings out of range or logits NaN or +Infinity. */
export function filterLogits(logits: Float32Array, settings: LogitsFilterSettings): FilteredTokens {
  checkSettings(settings);
  const { repetitionPenalty = 1, promptIds = [], temperature, topK, topP, minP } = settings;
  const scores = Float64Array.from(logits);
  const badId = scores.findIndex((score) => Number.isNaN(score) || score === Infinity);
  if (badId >= 0) {
    throw new LabelfreeError(
      "sampling/not-finite",
      `sampling: logit ${badId} is ${scores[badId]}; the model has diverged`,
      {
        fields: { id: badId, value: scores[badId] },
      },
    );
  }
  for (const id of new Set(promptIds))
    scores[id] = scores[id] < 0 ? scores[id] * repetitionPenalty : scores[id] / repetitionPenalty;

  const byScore = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  if (temperature === 0) return { ids: [byScore[0]], probabilities: [1] };
  const largest = scores[byScore[0]];
  const weights = scores.map((score) => exp((score - largest) / temperature));

  let kept = byScore;
  if (topK !== undefined) kept = keepTopK(kept, scores, topK);
  if (topP !== undefined) kept = keepTopP(kept, weights, topP);
  if (minP !== undefined) kept = kept.filter((id) => weights[id] >= minP * weights[byScore[0]]);

  const ids = kept.toSorted((a, b) => a - b);
  const total = sumOf(ids, weights);
  return { ids, probabilities: ids.map((id) => weights[id] / total) };
}

/** The token that a uniform number from [0, 1) draws: the first at which the cumulative probability exceeds it. */
export function sampleFiltered(filtered: FilteredTokens, uniform: number): number {
  let cumulative = 0;
  for (const [index, probability] of filtered.probabilities.entries()) {
    cumulative += probability;
    if (uniform < cumulative) return filtered.ids[index];
  }
  return filtered.ids[filtered.ids.length - 1];
}

function keepTopK(byScore: readonly number[], scores: Float64Array, topK: number): number[] {
  const smallest = scores[byScore[Math.min(topK, byScore.length) - 1]];
  return byScore.filter((id) => scores[id] >= smallest);
}

/** Keeps the smallest set of most likely tokens that holds at least `topP` of the probability. */
function keepTopP(byScore: readonly number[], weights: Float64Array, topP: number): number[] {
  const enough = topP * sumOf(byScore, weights);
  let cumulative = 0;
  return byScore.filter((id, index) => {
    const isNeeded = index === 0 || cumulative < enough;
    cumulative += weights[id];
    return isNeeded;
  });
}

function sumOf(ids: readonly number[], weights: Float64Array): number {
  let sum = 0;
  for (const id of ids) sum += weights[id];
  return sum;
}

function checkSettings(settings: LogitsFilterSettings): void {
  const { repetitionPenalty = 1, temperature, topK = 1, topP = 1, minP = 0 } = settings;
  const check = (name: string, value: number, isRight: boolean, expected: string) => {
    if (isRight) return;
    throw new LabelfreeError("sampling/invalid", `sampling: wrong ${name}, got ${value}, expected ${expected}`, {
      fields: { name, value },
    });
  };
  check("temperature", temperature, temperature >= 0 && Number.isFinite(temperature), "a number of at least 0");
  check(
    "repetitionPenalty",
    repetitionPenalty,
    repetitionPenalty > 0 && Number.isFinite(repetitionPenalty),
    "a number above 0",
  );
  check("topK", topK, Number.isInteger(topK) && topK >= 1, "an integer of at least 1");
  check("topP", topP, topP > 0 && topP <= 1, "a number above 0, at most 1");
  check("minP", minP, minP >= 0 && minP <= 1, "a number from 0 to 1");
}
