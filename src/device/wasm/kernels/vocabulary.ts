// Operations over the vocabulary, one row of logits at a time. z are logits divided by the temperature.
//   logp = z[target] - logsumexp z          entropy = logsumexp z - sum p z
//   certainty = logsumexp z - mean z, which is KL(uniform || p) + log V (Intuitor's reward before averaging)
// Sums run in double precision in vocabulary order.
import { address, claimUnit, float, int } from "./control";
import { exp1, logDouble } from "./exponential";

const UNIT_ROWS: i32 = 16;

@inline
function peakOf(logits: usize, vocabulary: i32): f32 {
  let peak = load<f32>(logits);
  for (let v = 1; v < vocabulary; v++) peak = max(peak, load<f32>(logits + (<usize>v << 2)));
  return peak;
}

/** Writes scores[row] = logp, entropy, certainty, logsumexp z; four floats a row. */
@inline
function scoreRow(scores: usize, logits: usize, vocabulary: i32, target: i32, inverseTemperature: f32): void {
  const peak = peakOf(logits, vocabulary);
  let total: f64 = 0;
  let moment: f64 = 0; // sum of e^(z - peak) (z - peak)
  let linear: f64 = 0; // sum of z - peak
  for (let v = 0; v < vocabulary; v++) {
    const z = (load<f32>(logits + (<usize>v << 2)) - peak) * inverseTemperature;
    const e = <f64>exp1(z);
    total += e;
    moment += e * <f64>z;
    linear += <f64>z;
  }
  const logTotal = logDouble(total);
  const z = (load<f32>(logits + (<usize>target << 2)) - peak) * inverseTemperature;
  store<f32>(scores, <f32>(<f64>z - logTotal));
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
      const target = load<i32>(targets + (<usize>row << 2));
      scoreRow(scores + (<usize>row << 4), logits + <usize>row * bytes, vocabulary, target, inverseTemperature);
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
  const units = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const at = logits + <usize>row * bytes;
      const logSum = load<f32>(scores + (<usize>row << 4), 12);
      const d = load<f32>(dlogp + (<usize>row << 2)) * inverseTemperature;
      for (let v = 0; v < vocabulary; v++) {
        const z = load<f32>(at + (<usize>v << 2)) * inverseTemperature;
        store<f32>(at + (<usize>v << 2), -d * exp1(z - logSum));
      }
      const target = at + (<usize>load<i32>(targets + (<usize>row << 2)) << 2);
      store<f32>(target, load<f32>(target) + d);
    }
  }
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
  const inverseTemperature = float(7); // 0: greedy
  const bytes = <usize>vocabulary << 2;
  const units = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const at = logits + <usize>load<i32>(sources + (<usize>row << 2)) * bytes;
      const peak = peakOf(at, vocabulary);
      let chosen = 0;
      if (inverseTemperature == 0) {
        while (load<f32>(at + (<usize>chosen << 2)) != peak && chosen < vocabulary - 1) chosen++;
        scoreRow(scores + (<usize>row << 4), at, vocabulary, chosen, 1);
      } else {
        let total: f64 = 0;
        for (let v = 0; v < vocabulary; v++) {
          total += <f64>exp1((load<f32>(at + (<usize>v << 2)) - peak) * inverseTemperature);
        }
        const threshold = <f64>load<f32>(uniforms + (<usize>row << 2)) * total;
        let reached: f64 = 0;
        for (chosen = 0; chosen < vocabulary - 1; chosen++) {
          reached += <f64>exp1((load<f32>(at + (<usize>chosen << 2)) - peak) * inverseTemperature);
          if (reached > threshold) break;
        }
        scoreRow(scores + (<usize>row << 4), at, vocabulary, chosen, inverseTemperature);
      }
      store<i32>(ids + (<usize>row << 2), chosen);
    }
  }
}
