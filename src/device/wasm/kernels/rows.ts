// Row-wise operations: embedding, RMSNorm, rotary positions, SwiGLU, copies. Row sizes are multiples of four.
import { address, claimUnit, float, int } from "./control";
import { exp4, sum4 } from "./exponential";

const UNIT_ROWS: i32 = 32;

@inline
function unitCount(rows: i32): i32 {
  return (rows + UNIT_ROWS - 1) / UNIT_ROWS;
}

/** out [rows, columns] = table[ids[row]] */
export function gather(): void {
  const out = address(0);
  const table = address(1);
  const ids = address(2);
  const rows = int(3);
  const bytes = <usize>int(4) << 2;
  const units = unitCount(rows);
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const id = <usize>load<i32>(ids + (<usize>row << 2));
      memory.copy(out + <usize>row * bytes, table + id * bytes, bytes);
    }
  }
}

/** table[ids[row]] += rows, in row order; threads share the columns out, so that order holds for every element. */
export function scatterAdd(): void {
  const table = address(0);
  const rowsAt = address(1);
  const ids = address(2);
  const rows = int(3);
  const columns = int(4);
  const bytes = <usize>columns << 2;
  const units = columns >> 2;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const at = <usize>unit << 4;
    for (let row = 0; row < rows; row++) {
      const target = table + <usize>load<i32>(ids + (<usize>row << 2)) * bytes + at;
      v128.store(target, f32x4.add(v128.load(target), v128.load(rowsAt + <usize>row * bytes + at)));
    }
  }
}

/** out = x rstd weight, rstd[row] = 1 / sqrt(mean x² + epsilon) */
export function rmsNorm(): void {
  const out = address(0);
  const rstds = address(1);
  const x = address(2);
  const weight = address(3);
  const rows = int(4);
  const columns = int(5);
  const epsilon = float(6);
  const bytes = <usize>columns << 2;
  const units = unitCount(rows);
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const from = x + <usize>row * bytes;
      const to = out + <usize>row * bytes;
      let squares = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) {
        const v = v128.load(from + at);
        squares = f32x4.add(squares, f32x4.mul(v, v));
      }
      const rstd: f32 = 1 / sqrt<f32>(sum4(squares) / <f32>columns + epsilon);
      store<f32>(rstds + (<usize>row << 2), rstd);
      const scale = f32x4.splat(rstd);
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(to + at, f32x4.mul(f32x4.mul(v128.load(from + at), scale), v128.load(weight + at)));
      }
    }
  }
}

/** dx += rstd (weight dy - x rstd² mean(weight dy x)) */
export function rmsNormBackward(): void {
  const dx = address(0);
  const dy = address(1);
  const x = address(2);
  const rstds = address(3);
  const weight = address(4);
  const rows = int(5);
  const columns = int(6);
  const bytes = <usize>columns << 2;
  const units = unitCount(rows);
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const offset = <usize>row * bytes;
      const rstd = load<f32>(rstds + (<usize>row << 2));
      let dots = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) {
        const g = f32x4.mul(v128.load(dy + offset + at), v128.load(weight + at));
        dots = f32x4.add(dots, f32x4.mul(g, v128.load(x + offset + at)));
      }
      const scale = f32x4.splat(rstd);
      const pull = f32x4.splat((sum4(dots) / <f32>columns) * rstd * rstd * rstd);
      for (let at: usize = 0; at < bytes; at += 16) {
        const g = f32x4.mul(v128.load(dy + offset + at), v128.load(weight + at));
        const own = f32x4.sub(f32x4.mul(g, scale), f32x4.mul(v128.load(x + offset + at), pull));
        v128.store(dx + offset + at, f32x4.add(v128.load(dx + offset + at), own));
      }
    }
  }
}

/** dweight += sum over rows of dy x rstd */
export function rmsNormWeightGradient(): void {
  const dweight = address(0);
  const dy = address(1);
  const x = address(2);
  const rstds = address(3);
  const rows = int(4);
  const columns = int(5);
  const bytes = <usize>columns << 2;
  const units = (columns + 15) >> 4;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    let at = <usize>unit << 6;
    if (at + 64 <= bytes) {
      const to = dweight + at;
      let s0 = v128.load(to);
      let s1 = v128.load(to, 16);
      let s2 = v128.load(to, 32);
      let s3 = v128.load(to, 48);
      for (let row = 0; row < rows; row++) {
        const offset = <usize>row * bytes + at;
        const scale = v128.load32_splat(rstds + (<usize>row << 2));
        s0 = f32x4.add(s0, f32x4.mul(v128.load(dy + offset), f32x4.mul(v128.load(x + offset), scale)));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(dy + offset, 16), f32x4.mul(v128.load(x + offset, 16), scale)));
        s2 = f32x4.add(s2, f32x4.mul(v128.load(dy + offset, 32), f32x4.mul(v128.load(x + offset, 32), scale)));
        s3 = f32x4.add(s3, f32x4.mul(v128.load(dy + offset, 48), f32x4.mul(v128.load(x + offset, 48), scale)));
      }
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
    } else {
      for (; at < bytes; at += 16) {
        let sum = v128.load(dweight + at);
        for (let row = 0; row < rows; row++) {
          const offset = <usize>row * bytes + at;
          const scale = v128.load32_splat(rstds + (<usize>row << 2));
          sum = f32x4.add(sum, f32x4.mul(v128.load(dy + offset), f32x4.mul(v128.load(x + offset), scale)));
        }
        v128.store(dweight + at, sum);
      }
    }
  }
}

/**
 * Rotates the first `heads` heads of each row in place by its position: (a, b) -> (a cos - b sin, b cos + a sin) with a
 * in a head's first half and b in its second. sign = -1 turns back, which is the backward pass.
 */
export function rope(): void {
  const x = address(0);
  const stride = <usize>int(1) << 2;
  const positions = address(2);
  const cosines = address(3);
  const sines = address(4);
  const rows = int(5);
  const heads = int(6);
  const half = int(7);
  const sign = float(8);
  const halfBytes = <usize>half << 2;
  const units = unitCount(rows);
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const tableAt = <usize>load<i32>(positions + (<usize>row << 2)) * halfBytes;
      let head = x + <usize>row * stride;
      for (let h = 0; h < heads; h++) {
        let at: usize = 0;
        for (; at + 16 <= halfBytes; at += 16) {
          const c = v128.load(cosines + tableAt + at);
          const s = f32x4.mul(v128.load(sines + tableAt + at), f32x4.splat(sign));
          const a = v128.load(head + at);
          const b = v128.load(head + halfBytes + at);
          v128.store(head + at, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
          v128.store(head + halfBytes + at, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)));
        }
        for (; at < halfBytes; at += 4) {
          const c = load<f32>(cosines + tableAt + at);
          const s = load<f32>(sines + tableAt + at) * sign;
          const a = load<f32>(head + at);
          const b = load<f32>(head + halfBytes + at);
          store<f32>(head + at, a * c - b * s);
          store<f32>(head + halfBytes + at, b * c + a * s);
        }
        head += halfBytes << 1;
      }
    }
  }
}

@inline
function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
}

/** out [rows, n] = silu(gate) up, where each row of gateUp holds n gates, then n ups */
export function swiGlu(): void {
  const out = address(0);
  const gateUp = address(1);
  const rows = int(2);
  const bytes = <usize>int(3) << 2;
  const units = unitCount(rows);
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const gate = gateUp + <usize>row * (bytes << 1);
      const to = out + <usize>row * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const g = v128.load(gate + at);
        v128.store(to + at, f32x4.mul(f32x4.mul(g, sigmoid4(g)), v128.load(gate + bytes + at)));
      }
    }
  }
}

/** dgateUp from dout [rows, n] and gateUp */
export function swiGluBackward(): void {
  const dgateUp = address(0);
  const dout = address(1);
  const gateUp = address(2);
  const rows = int(3);
  const bytes = <usize>int(4) << 2;
  const units = unitCount(rows);
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const gate = gateUp + <usize>row * (bytes << 1);
      const to = dgateUp + <usize>row * (bytes << 1);
      const from = dout + <usize>row * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const g = v128.load(gate + at);
        const s = sigmoid4(g);
        const d = v128.load(from + at);
        const silu = f32x4.mul(g, s);
        const slope = f32x4.add(s, f32x4.mul(silu, f32x4.sub(f32x4.splat(1), s)));
        v128.store(to + at, f32x4.mul(f32x4.mul(d, v128.load(gate + bytes + at)), slope));
        v128.store(to + bytes + at, f32x4.mul(d, silu));
      }
    }
  }
}

const UNIT_BYTES: i32 = 1 << 16;

export function copy(): void {
  const to = address(0);
  const from = address(1);
  const bytes = int(2) << 2;
  const units = (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const at = unit * UNIT_BYTES;
    memory.copy(to + <usize>at, from + <usize>at, <usize>min(UNIT_BYTES, bytes - at));
  }
}

export function clear(): void {
  const to = address(0);
  const bytes = int(1) << 2;
  const units = (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const at = unit * UNIT_BYTES;
    memory.fill(to + <usize>at, 0, <usize>min(UNIT_BYTES, bytes - at));
  }
}
