// Operations over the vocabulary, one row of logits at a time. z are logits divided by the temperature.
//   logp = z[target] - logsumexp z          entropy = logsumexp z - sum p z
//   certainty = logsumexp z - mean z, which is KL(uniform || p) + log V (Intuitor's reward before averaging)
// Sums run in double precision, in an order that depends on the vocabulary's size alone.
import { address, claimUnit, float, int } from "./control";
import { exp1, exp4, logDouble, max4 } from "./exponential";

const UNIT_ROWS: i32 = 16;

// What moments() finds in a row, with d = z - max z: per thread, since every thread has an instance of its own.
let peak: f32 = 0; // the largest logit, before the temperature
let total: f64 = 0; // sum of e^d
let moment: f64 = 0; // sum of e^d d
let linear: f64 = 0; // sum of d

@inline
function sum2(low: v128, high: v128): f64 {
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
}

function moments(logits: usize, vocabulary: i32, inverseTemperature: f32): void {
  const fours = <usize>(vocabulary & ~3) << 2;
  const end = <usize>vocabulary << 2;
  let tops = f32x4.splat(load<f32>(logits));
  let at: usize = 0;
  for (; at < fours; at += 16) tops = f32x4.pmax(tops, v128.load(logits + at));
  peak = max4(tops);
  for (; at < end; at += 4) peak = max(peak, load<f32>(logits + at));

  const shift = f32x4.splat(peak);
  const factor = f32x4.splat(inverseTemperature);
  let totalLow = f64x2.splat(0);
  let totalHigh = f64x2.splat(0);
  let momentLow = f64x2.splat(0);
  let momentHigh = f64x2.splat(0);
  let linearLow = f64x2.splat(0);
  let linearHigh = f64x2.splat(0);
  for (at = 0; at < fours; at += 16) {
    const d = f32x4.mul(f32x4.sub(v128.load(logits + at), shift), factor);
    const e = exp4(d);
    const dLow = f64x2.promote_low_f32x4(d);
    const dHigh = upper(d);
    const eLow = f64x2.promote_low_f32x4(e);
    const eHigh = upper(e);
    totalLow = f64x2.add(totalLow, eLow);
    totalHigh = f64x2.add(totalHigh, eHigh);
    momentLow = f64x2.add(momentLow, f64x2.mul(eLow, dLow));
    momentHigh = f64x2.add(momentHigh, f64x2.mul(eHigh, dHigh));
    linearLow = f64x2.add(linearLow, dLow);
    linearHigh = f64x2.add(linearHigh, dHigh);
  }
  total = sum2(totalLow, totalHigh);
  moment = sum2(momentLow, momentHigh);
  linear = sum2(linearLow, linearHigh);
  for (; at < end; at += 4) {
    const d = (load<f32>(logits + at) - peak) * inverseTemperature;
    const e = <f64>exp1(d);
    total += e;
    moment += e * <f64>d;
    linear += <f64>d;
  }
}

/** From moments() and a target: logp, entropy, certainty, logsumexp z; four floats a row. */
function writeScores(scores: usize, logits: usize, vocabulary: i32, target: i32, inverseTemperature: f32): void {
  const logTotal = logDouble(total);
  const d = (load<f32>(logits + (<usize>target << 2)) - peak) * inverseTemperature;
  store<f32>(scores, <f32>(<f64>d - logTotal));
  store<f32>(scores, <f32>(logTotal - moment / total), 4);
  store<f32>(scores, <f32>(logTotal - linear / <f64>vocabulary), 8);
  store<f32>(scores, <f32>(<f64>(peak * inverseTemperature) + logTotal), 12);
}

export function scoreTargets(): void {
  const scores = address(0);
  const logits = address(1);
  const targets = address(2);
  const rows = int(3);
  const vocabulary = int(4);
  const inverseTemperature = float(5);
  const bytes = <usize>vocabulary << 2;
  const units = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const at = logits + <usize>row * bytes;
      moments(at, vocabulary, inverseTemperature);
      const target = load<i32>(targets + (<usize>row << 2));
      writeScores(scores + (<usize>row << 4), at, vocabulary, target, inverseTemperature);
    }
  }
}

/** logits <- d loss / d logits = dlogp (1[target] - p) / temperature, in place; scores as scoreTargets left them. */
export function logpBackward(): void {
  const logits = address(0);
  const scores = address(1);
  const targets = address(2);
  const dlogp = address(3);
  const rows = int(4);
  const vocabulary = int(5);
  const inverseTemperature = float(6);
  const bytes = <usize>vocabulary << 2;
  const fours = <usize>(vocabulary & ~3) << 2;
  const units = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const to = logits + <usize>row * bytes;
      const logSum = load<f32>(scores + (<usize>row << 4), 12);
      const d = load<f32>(dlogp + (<usize>row << 2)) * inverseTemperature;
      let at: usize = 0;
      for (; at < fours; at += 16) {
        const z = f32x4.mul(v128.load(to + at), f32x4.splat(inverseTemperature));
        v128.store(to + at, f32x4.mul(f32x4.splat(-d), exp4(f32x4.sub(z, f32x4.splat(logSum)))));
      }
      for (; at < bytes; at += 4) store<f32>(to + at, -d * exp1(load<f32>(to + at) * inverseTemperature - logSum));
      const target = to + (<usize>load<i32>(targets + (<usize>row << 2)) << 2);
      store<f32>(target, load<f32>(target) + d);
    }
  }
}

/** The first token at which the running sum of probabilities exceeds the uniform number. */
function draw(logits: usize, vocabulary: i32, inverseTemperature: f32, uniform: f32): i32 {
  const threshold = <f64>uniform * total;
  let reached: f64 = 0;
  let chosen = 0;
  for (; chosen < vocabulary - 1; chosen++) {
    reached += <f64>exp1((load<f32>(logits + (<usize>chosen << 2)) - peak) * inverseTemperature);
    if (reached > threshold) break;
  }
  return chosen;
}

function firstLargest(logits: usize, vocabulary: i32): i32 {
  let chosen = 0;
  while (chosen < vocabulary - 1 && load<f32>(logits + (<usize>chosen << 2)) != peak) chosen++;
  return chosen;
}

/**
 * Draws ids[row] from softmax(z) of logits row sources[row] with a uniform number each; temperature 0 (greedy) takes the
 * first largest logit and scores at temperature 1. Also writes scores as scoreTargets does.
 */
export function sample(): void {
  const ids = address(0);
  const scores = address(1);
  const logits = address(2);
  const sources = address(3);
  const uniforms = address(4);
  const rows = int(5);
  const vocabulary = int(6);
  const isGreedy = float(7) == 0;
  const inverseTemperature: f32 = isGreedy ? 1 : float(7);
  const bytes = <usize>vocabulary << 2;
  const units = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const at = logits + <usize>load<i32>(sources + (<usize>row << 2)) * bytes;
      moments(at, vocabulary, inverseTemperature);
      const uniform = load<f32>(uniforms + (<usize>row << 2));
      const chosen = isGreedy ? firstLargest(at, vocabulary) : draw(at, vocabulary, inverseTemperature, uniform);
      writeScores(scores + (<usize>row << 4), at, vocabulary, chosen, inverseTemperature);
      store<i32>(ids + (<usize>row << 2), chosen);
    }
  }
}
