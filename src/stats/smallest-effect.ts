// The smallest true mean difference that n paired differences are likely to show ("minimal detectable effect"): the one
// that a two-sided paired t-test at significance 1 - level finds with probability `power`. Exact, by the noncentral t
// distribution, since with three seeds the usual shortcut (t_(1-alpha/2) + t_power) s / sqrt(n) is 5 % too small. A
// t-ratio is (Z + shift) / S with Z normal and S = sqrt(chi-square / df), so every probability is an integral over s of
// a normal probability times the density s^(df-1) exp(-df s^2 / 2), normalised by its own sum; Simpson's rule, bisection.
// It takes the standard deviation for known: from few seeds it is itself a rough estimate. The verdicts' intervals are
// bootstraps, whose power is near to this for all but the smallest n.

import { exp, log } from "../core/exact-math.ts";
import { checkInteger, invalid } from "./check.ts";
import { normalCdf } from "./normal-cdf.ts";
import { sampleStd } from "./summary.ts";

export interface EffectOptions {
  /** Probability of seeing an effect of this size, default 0.8. */
  readonly power?: number;
  /** Confidence level of the test, default 0.95. */
  readonly level?: number;
}

/**
 * Smallest mean of paired differences that as many of them can see, in their own unit; 0 when all are equal.
 * @throws LabelfreeError `stats/too-few` below two differences, `stats/invalid`.
 */
export function smallestEffect(differences: readonly number[], options: EffectOptions = {}): number {
  const deviation = sampleStd(differences);
  return (smallestShift(differences.length, options) * deviation) / Math.sqrt(differences.length);
}

/**
 * The same in standard errors of the mean: the noncentrality that n paired differences see.
 * @throws LabelfreeError `stats/invalid`.
 */
export function smallestShift(n: number, { power = 0.8, level = 0.95 }: EffectOptions = {}): number {
  const name = `${n}/${power}/${level}`;
  const known = shifts.get(name);
  if (known !== undefined) return known;
  const shift = findShift(n, power, level);
  shifts.set(name, shift);
  return shift;
}

const shifts = new Map<string, number>(); // a table asks for the same few again and again

function findShift(n: number, power: number, level: number): number {
  checkInteger("smallest effect: number of differences", n, 2, Number.MAX_SAFE_INTEGER);
  if (!(level >= 0.5 && level <= 0.99)) throw invalid("smallest effect level", String(level), "0.5 to 0.99");
  if (!(power > 1 - level && power <= 0.99)) {
    throw invalid("smallest effect power", String(power), `above ${1 - level}, where chance alone is, up to 0.99`);
  }
  const scale = scaleDistribution(n - 1);
  const critical = crossing((t) => 1 - level - rejectionRate(scale, t, 0));
  return crossing((shift) => rejectionRate(scale, critical, shift) - power);
}

/** Grid over S = sqrt(chi-square / df); weights sum to 1. */
type ScaleDistribution = readonly { readonly s: number; readonly weight: number }[];

const STEPS = 800;

// even steps in sqrt(s), finer near 0, where with few degrees of freedom a t-ratio gets its long tails
function scaleDistribution(df: number): ScaleDistribution {
  const reach = 9 / Math.sqrt(2 * df) + 0.5 / df; // beyond it the density is below 1e-13 of its peak
  const [from, to] = [Math.sqrt(Math.max(0, 1 - reach)), Math.sqrt(1 + reach)];
  const grid = Array.from({ length: STEPS + 1 }, (_, index) => {
    const root = from + (index * (to - from)) / STEPS;
    const simpson = index === 0 || index === STEPS ? 1 : index % 2 === 1 ? 4 : 2;
    return { s: root * root, weight: simpson * root * density(root * root, df) };
  });
  const total = grid.reduce((sum, { weight }) => sum + weight, 0);
  return grid.map(({ s, weight }) => ({ s, weight: weight / total }));
}

// up to a factor; 1 at s = 1
function density(s: number, df: number): number {
  const powered = df === 1 ? 0 : s === 0 ? Number.NEGATIVE_INFINITY : (df - 1) * log(s);
  return exp(powered - (df * (s * s - 1)) / 2);
}

/** P[|T| > critical] for T = (Z + shift) / S. */
function rejectionRate(scale: ScaleDistribution, critical: number, shift: number): number {
  let rate = 0;
  for (const { s, weight } of scale) {
    rate += weight * (normalCdf(shift - critical * s) + normalCdf(-shift - critical * s));
  }
  return rate;
}

/** Where a rising function of x >= 0 becomes positive, to a relative 1e-11. */
function crossing(rising: (x: number) => number): number {
  let [low, high] = [0, 1];
  while (rising(high) < 0) [low, high] = [high, 2 * high];
  while (high - low > 1e-11 * high) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}
