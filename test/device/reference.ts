// The device's operations once more, in double precision and plain loops, and the derivative of any function by central
// differences (in double precision its error is below 1e-8). Matrices are flat and row-major, as on the device.
import { Random } from "../../src/core/random.ts";
import type { HeadShape } from "../../src/device/device.ts";

export type Values = ArrayLike<number>;

/** Numbers from [low, high) as a device holds them. */
export function randomValues(count: number, seed: string, low = -1, high = 1): Float32Array {
  const random = Random.fromSeed(seed);
  return Float32Array.from({ length: count }, () => low + (high - low) * random.uniform());
}

/** Largest difference, as a share of the largest expected size; NaN, which fails every bound, if the lengths differ. */
export function errorOf(actual: Values, expected: Values): number {
  if (actual.length !== expected.length) return Number.NaN;
  let [largest, difference] = [1e-30, 0];
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
  }
  return difference / largest;
}

/** The gradient of `loss` at a point. */
export function slope(loss: (x: Float64Array) => number, at: Values): Float64Array {
  const x = Float64Array.from(at);
  const step = 1e-5;
  return x.map((value, i) => {
    x[i] = value + step;
    const above = loss(x);
    x[i] = value - step;
    const below = loss(x);
    x[i] = value;
    return (above - below) / (2 * step);
  });
}

export function dot(a: Values, b: Values): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function plus(a: Values, b: Values): Float64Array {
  return Float64Array.from(a, (value, i) => value + b[i]);
}

export function transpose(matrix: Values, columns: number): Float64Array {
  const rows = matrix.length / columns;
  return Float64Array.from({ length: matrix.length }, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

/** x [rows, depth] weightᵀ + bias; weight [columns, depth]. */
export function linear(x: Values, weight: Values, depth: number, bias?: Values): Float64Array {
  const [rows, columns] = [x.length / depth, weight.length / depth];
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = bias?.[c] ?? 0;
      for (let k = 0; k < depth; k++) sum += x[r * depth + k] * weight[c * depth + k];
      out[r * columns + c] = sum;
    }
  }
  return out;
}

export function rmsNorm(x: Values, weight: Values, epsilon: number): Float64Array {
  const columns = weight.length;
  const out = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += columns) {
    let squares = 0;
    for (let c = 0; c < columns; c++) squares += x[start + c] ** 2;
    const rms = Math.sqrt(squares / columns + epsilon);
    for (let c = 0; c < columns; c++) out[start + c] = (x[start + c] / rms) * weight[c];
  }
  return out;
}

/** Turns pair (i, i + half) of the first `heads` heads of each row by positions[row] * speeds[i]. */
export function rope(x: Values, columns: number, positions: Values, speeds: Values, heads: number): Float64Array {
  const out = Float64Array.from(x);
  const half = speeds.length;
  for (let row = 0; row < positions.length; row++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < half; i++) {
        const angle = positions[row] * speeds[i];
        const at = row * columns + head * 2 * half + i;
        out[at] = x[at] * Math.cos(angle) - x[at + half] * Math.sin(angle);
        out[at + half] = x[at + half] * Math.cos(angle) + x[at] * Math.sin(angle);
      }
    }
  }
  return out;
}

/** Attention of every row to the rows that `keys` names for it: out [rows, heads headSize], lse [rows, heads]. */
export function attention(
  qkv: Values,
  keys: readonly (readonly number[])[],
  { heads, kvHeads, headSize }: HeadShape,
): { out: Float64Array; lse: Float64Array } {
  const stride = (heads + 2 * kvHeads) * headSize;
  const out = new Float64Array(keys.length * heads * headSize);
  const lse = new Float64Array(keys.length * heads);
  for (const [row, list] of keys.entries()) {
    for (let head = 0; head < heads; head++) {
      const kv = Math.floor((head * kvHeads) / heads);
      const scores = list.map((key) => {
        let sum = 0;
        for (let d = 0; d < headSize; d++) {
          sum += qkv[row * stride + head * headSize + d] * qkv[key * stride + (heads + kv) * headSize + d];
        }
        return sum / Math.sqrt(headSize);
      });
      const { logTotal, shares } = softmax(scores);
      lse[row * heads + head] = logTotal;
      for (const [at, key] of list.entries()) {
        for (let d = 0; d < headSize; d++) {
          const value = qkv[key * stride + (heads + kvHeads + kv) * headSize + d];
          out[(row * heads + head) * headSize + d] += shares[at] * value;
        }
      }
    }
  }
  return { out, lse };
}

/** silu(gate) up, where each row holds `columns` gates, then as many ups. */
export function swiGlu(gateUp: Values, columns: number): Float64Array {
  return Float64Array.from({ length: gateUp.length / 2 }, (_, i) => {
    const gateAt = Math.floor(i / columns) * 2 * columns + (i % columns);
    return (gateUp[gateAt] / (1 + Math.exp(-gateUp[gateAt]))) * gateUp[gateAt + columns];
  });
}

export function softmax(z: readonly number[]): { logTotal: number; shares: number[] } {
  const peak = Math.max(...z);
  const weights = z.map((value) => Math.exp(value - peak));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { logTotal: peak + Math.log(total), shares: weights.map((weight) => weight / total) };
}

/** What scoreTargets says of one row. */
export function scoreRow(logits: Values, target: number, temperature: number) {
  const z = Array.from(logits, (logit) => logit / temperature);
  const { logTotal, shares } = softmax(z);
  return {
    logp: z[target] - logTotal,
    entropy: -shares.reduce((sum, share, i) => sum + (share > 0 ? share * (z[i] - logTotal) : 0), 0),
    certainty: logTotal - z.reduce((sum, value) => sum + value, 0) / z.length,
    logTotal,
  };
}
