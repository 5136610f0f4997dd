// AdamW with decoupled weight decay (Loshchilov & Hutter 2019), over one flat array of all parameters, and the sum of
// squares that global-norm clipping needs.
import { address, claimUnit, float, int } from "./control";

const UNIT: i32 = 4096;

/** partials[unit] (doubles) = sum of squares of 4096 elements; the host adds the partials in order. */
export function sumSquares(): void {
  const partials = address(0);
  const x = address(1);
  const count = int(2);
  const units = (count + UNIT - 1) / UNIT;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT, count);
    let sum: f64 = 0;
    for (let i = unit * UNIT; i < end; i++) {
      const v = <f64>load<f32>(x + ((<usize>i) << 2));
      sum += v * v;
    }
    store<f64>(partials + ((<usize>unit) << 3), sum);
  }
}

/** average += share (x - average); count is a multiple of four. */
export function moveAverage(): void {
  const average = address(0);
  const x = address(1);
  const count = int(2);
  const share = f32x4.splat(float(3));
  const units = (count + UNIT - 1) / UNIT;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = <usize>min((unit + 1) * UNIT, count) << 2;
    for (let at = <usize>(unit * UNIT) << 2; at < end; at += 16) {
      const old = v128.load(average + at);
      v128.store(average + at, f32x4.add(old, f32x4.mul(share, f32x4.sub(v128.load(x + at), old))));
    }
  }
}

/** Updates weights, first and second moments, and clears the gradients; count is a multiple of four. */
export function adamW(): void {
  const weights = address(0);
  const gradients = address(1);
  const first = address(2);
  const second = address(3);
  const count = int(4);
  const keep = f32x4.splat(float(5)); // 1 - learning rate x decay
  const beta1 = f32x4.splat(float(6));
  const beta2 = f32x4.splat(float(7));
  const rest1 = f32x4.splat(float(8)); // 1 - beta1
  const rest2 = f32x4.splat(float(9));
  const stepSize = f32x4.splat(float(10)); // learning rate / (1 - beta1^t)
  const unbias = f32x4.splat(float(11)); // 1 / sqrt(1 - beta2^t)
  const epsilon = f32x4.splat(float(12));
  const scale = f32x4.splat(float(13)); // clip coefficient
  const units = (count + UNIT - 1) / UNIT;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = (<usize>min((unit + 1) * UNIT, count)) << 2;
    for (let at = (<usize>(unit * UNIT)) << 2; at < end; at += 16) {
      const g = f32x4.mul(v128.load(gradients + at), scale);
      const m = f32x4.add(f32x4.mul(beta1, v128.load(first + at)), f32x4.mul(rest1, g));
      const v = f32x4.add(f32x4.mul(beta2, v128.load(second + at)), f32x4.mul(rest2, f32x4.mul(g, g)));
      const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), unbias), epsilon);
      const decayed = f32x4.mul(v128.load(weights + at), keep);
      v128.store(weights + at, f32x4.sub(decayed, f32x4.mul(stepSize, f32x4.div(m, divisor))));
      v128.store(first + at, m);
      v128.store(second + at, v);
      v128.store(gradients + at, f32x4.splat(0));
    }
  }
}
