// Standard normal distribution function from + - * / and core/exact-math only, so that every engine gives the same bits.
// |x| < 3: 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...) (Marsaglia, "Evaluating the Normal Distribution", 2004), beyond it
// Laplace's continued fraction for the tail, phi(x) / (x + 1/(x + 2/(x + ...))). Absolute error below 1e-15.

import { exp } from "../core/exact-math.ts";

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
const FRACTION_TERMS = 60;

/** P[Z <= x] of a standard normal Z; NaN for NaN. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 0) return upperTail(-x);
  return 1 - upperTail(x);
}

function upperTail(x: number): number {
  const density = INVERSE_SQRT_TWO_PI * exp((-x * x) / 2);
  if (density === 0) return 0;
  if (x >= 3) {
    let denominator = x;
    for (let k = FRACTION_TERMS; k > 0; k--) denominator = x + k / denominator;
    return density / denominator;
  }
  let term = x;
  let sum = x;
  for (let odd = 3; term > 1e-17 * sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 - density * sum;
}
