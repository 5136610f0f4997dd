// Logistic regression on one predictor with Firth's penalty (Biometrika 80, 1993; for logistic models Heinze and Schemper,
// Statistics in Medicine 21, 2002): the log-likelihood plus half the logarithm of the Fisher information's determinant,
// Jeffreys' prior. Unlike plain maximum likelihood its estimate is finite also where the predictor separates the outcomes,
// as it does where every weak base fails and every strong one succeeds. Score equations: sum (y - p + h (1/2 - p)) (1, x)
// = 0, h the trial's diagonal element of the hat matrix; with a two-valued predictor the fit is that of 1/2 more trial in
// each of the four cells. Newton's steps with the exact second derivatives (Fisher's scoring, the usual way, creeps where the
// outcomes separate) on a standardised predictor, which changes nothing in the fit, halved where the penalised likelihood
// would fall. Interval and tests are left to the caller, whose trials are rarely independent.

import { exp, log } from "../core/exact-math.ts";
import { checkInteger, checkValues } from "./check.ts";

/** Trials at one value of the predictor. */
export interface Trials {
  readonly x: number;
  readonly trials: number;
  readonly successes: number;
}

/** P[success] = 1 / (1 + exp(-(intercept + slope x))). */
export interface LogisticFit {
  readonly intercept: number;
  readonly slope: number;
}

const MOST_STEPS = 100;
const LONGEST_STEP = 5;
const TOLERANCE = 1e-11;
const ROUNDING = 1e-13;

/**
 * The penalised fit; slope 0 where all trials are at one x.
 * @throws LabelfreeError `stats/too-few` without a row, `stats/invalid`.
 */
export function firthLogistic(rows: readonly Trials[]): LogisticFit {
  checkTrials(rows);
  const { center, deviation } = momentsOf(rows);
  if (deviation === 0) return { intercept: constantFit(rows), slope: 0 };
  const standardised = rows.map(({ x, trials, successes }) => ({ x: (x - center) / deviation, trials, successes }));
  const { intercept, slope } = maximise(standardised);
  return { intercept: intercept - (slope * center) / deviation, slope: slope / deviation };
}

/** Chance of success at x. */
export function chanceAt({ intercept, slope }: LogisticFit, x: number): number {
  return 1 / (1 + exp(-(intercept + slope * x)));
}

function maximise(rows: readonly Trials[]): LogisticFit {
  let fit: LogisticFit = { intercept: 0, slope: 0 };
  let current = penalisedAt(rows, fit);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [byIntercept, bySlope] = uphill(current);
    const length = Math.max(Math.abs(byIntercept), Math.abs(bySlope));
    if (length < TOLERANCE) break;
    const least = current.likelihood - ROUNDING * (1 + Math.abs(current.likelihood));
    const along = (share: number): LogisticFit => ({
      intercept: fit.intercept + share * byIntercept,
      slope: fit.slope + share * bySlope,
    });
    let share = Math.min(1, LONGEST_STEP / length);
    let next = penalisedAt(rows, along(share));
    while (!(next.likelihood >= least) && share > TOLERANCE) {
      share /= 2;
      next = penalisedAt(rows, along(share));
    }
    if (share <= TOLERANCE) break; // at the top, as far as doubles go
    fit = along(share);
    current = next;
  }
  return fit;
}

/** A value for each of (intercept, slope), and for each two of them. */
type Pair = readonly [number, number];
type Square = readonly [intercepts: number, mixed: number, slopes: number];

interface Penalised {
  readonly likelihood: number;
  readonly gradient: Pair;
  readonly hessian: Square;
  readonly information: Square;
}

/** Newton's step, or where the penalised likelihood is not concave the one of Fisher's scoring, which always rises. */
function uphill({ gradient, hessian, information }: Penalised): Pair {
  const [a, b, c] = hessian;
  const isConcave = a < 0 && a * c - b * b > 0;
  return solve(isConcave ? [-a, -b, -c] : information, gradient);
}

function solve([a, b, c]: Square, [u, v]: Pair): Pair {
  const determinant = a * c - b * b;
  return [(c * u - b * v) / determinant, (a * v - b * u) / determinant];
}

function penalisedAt(rows: readonly Trials[], { intercept, slope }: LogisticFit): Penalised {
  // moments of the trials' weights p q, and of their first and second derivatives by the logit; m[k] is that of x^k
  const [m, m1, m2] = [zeros(3), zeros(4), zeros(5)];
  let [likelihood, score, scoreX] = [0, 0, 0];
  for (const { x, trials, successes } of rows) {
    const logit = intercept + slope * x;
    const odds = exp(-Math.abs(logit));
    const p = (logit >= 0 ? 1 : odds) / (1 + odds);
    const q = (logit >= 0 ? odds : 1) / (1 + odds);
    const weight = trials * p * q;
    addMoments(m, weight, x);
    addMoments(m1, weight * (q - p), x);
    addMoments(m2, weight * (1 - 6 * p * q), x);
    likelihood += logTimes(successes, p) + logTimes(trials - successes, q);
    score += successes - trials * p;
    scoreX += (successes - trials * p) * x;
  }
  const [A, B, C] = m;
  const determinant = A * C - B * B;
  // of the determinant, by intercept (0) and slope (1): a derivative by the slope is that by the intercept with one more x
  const first = (i: number): number => m1[i] * C + A * m1[i + 2] - 2 * B * m1[i + 1];
  const second = (i: number, j: number): number => {
    const products = m1[i] * m1[j + 2] + m1[j] * m1[i + 2] - 2 * m1[i + 1] * m1[j + 1];
    return m2[i + j] * C + A * m2[i + j + 2] - 2 * B * m2[i + j + 1] + products;
  };
  const bend = (i: number, j: number): number =>
    (second(i, j) / determinant - (first(i) * first(j)) / (determinant * determinant)) / 2;
  return {
    likelihood: likelihood + log(determinant) / 2,
    gradient: [score + first(0) / determinant / 2, scoreX + first(1) / determinant / 2],
    hessian: [bend(0, 0) - A, bend(0, 1) - B, bend(1, 1) - C],
    information: [A, B, C],
  };
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function addMoments(moments: number[], weight: number, x: number): void {
  let power = weight;
  for (let k = 0; k < moments.length; k++) {
    moments[k] += power;
    power *= x;
  }
}

function logTimes(count: number, chance: number): number {
  return count === 0 ? 0 : count * log(chance);
}

function constantFit(rows: readonly Trials[]): number {
  const successes = rows.reduce((sum, row) => sum + row.successes, 0);
  const trials = rows.reduce((sum, row) => sum + row.trials, 0);
  return log((successes + 0.5) / (trials - successes + 0.5));
}

function momentsOf(rows: readonly Trials[]): { center: number; deviation: number } {
  const total = rows.reduce((sum, { trials }) => sum + trials, 0);
  const center = rows.reduce((sum, { x, trials }) => sum + x * trials, 0) / total;
  const squares = rows.reduce((sum, { x, trials }) => sum + trials * (x - center) * (x - center), 0);
  const isConstant = rows.every(({ x }) => x === rows[0].x);
  return { center, deviation: isConstant ? 0 : Math.sqrt(squares / total) };
}

function checkTrials(rows: readonly Trials[]): void {
  checkValues(
    "logistic x",
    rows.map(({ x }) => x),
  );
  for (const { trials, successes } of rows) {
    checkInteger("logistic trials", trials, 1, Number.MAX_SAFE_INTEGER);
    checkInteger("logistic successes", successes, 0, trials);
  }
}
