// Causal grouped-query attention over rows that lie anywhere: each query row names its keys by a list of row numbers.
// A prompt's rows are thus shared by all its rollouts, a rollout's rows may be scattered over the steps that made them,
// and the activations of the forward pass are the key-value cache. Each row of qkv holds heads of q, then k, then v.
//
// Scores are kept in the thread's scratch; only log-sum-exp is stored for the backward pass, which recomputes them.
import { address, claimUnit, float, int, threadScratch } from "./control";
import { exp4, logDouble, max4, sum4 } from "./exponential";

const UNIT_ROWS: i32 = 8;
const NEVER: f32 = -1e30;
const LAST_KEYS_BYTES: usize = 16;

/** Sums each of four vectors; lane i of the result is the sum of vector i. */
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** Dot products of one vector with the rows keys[0..3] at `base`, all of `bytes` bytes. */
@inline
function dot4(x: usize, base: usize, stride: usize, keys: usize, bytes: usize): v128 {
  const k0 = base + <usize>load<i32>(keys) * stride;
  const k1 = base + <usize>load<i32>(keys, 4) * stride;
  const k2 = base + <usize>load<i32>(keys, 8) * stride;
  const k3 = base + <usize>load<i32>(keys, 12) * stride;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    const v = v128.load(x + at);
    const w = v128.load(x + at, 16);
    s0 = f32x4.add(f32x4.add(s0, f32x4.mul(v, v128.load(k0 + at))), f32x4.mul(w, v128.load(k0 + at, 16)));
    s1 = f32x4.add(f32x4.add(s1, f32x4.mul(v, v128.load(k1 + at))), f32x4.mul(w, v128.load(k1 + at, 16)));
    s2 = f32x4.add(f32x4.add(s2, f32x4.mul(v, v128.load(k2 + at))), f32x4.mul(w, v128.load(k2 + at, 16)));
    s3 = f32x4.add(f32x4.add(s3, f32x4.mul(v, v128.load(k3 + at))), f32x4.mul(w, v128.load(k3 + at, 16)));
  }
  for (; at < bytes; at += 16) {
    const v = v128.load(x + at);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(k0 + at)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(k1 + at)));
    s2 = f32x4.add(s2, f32x4.mul(v, v128.load(k2 + at)));
    s3 = f32x4.add(s3, f32x4.mul(v, v128.load(k3 + at)));
  }
  return sums(s0, s1, s2, s3);
}

@inline
function dot1(x: usize, y: usize, bytes: usize): f32 {
  let s = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) s = f32x4.add(s, f32x4.mul(v128.load(x + at), v128.load(y + at)));
  return f32x4.extract_lane(sums(s, s, s, s), 0);
}

/** As dot4 for two vectors x and x + bytes at once, which share the loads of the rows; the second's go to `second`. */
@inline
function dot4Pair(x: usize, base: usize, stride: usize, keys: usize, bytes: usize, second: usize, scale: v128): v128 {
  const k0 = base + <usize>load<i32>(keys) * stride;
  const k1 = base + <usize>load<i32>(keys, 4) * stride;
  const k2 = base + <usize>load<i32>(keys, 8) * stride;
  const k3 = base + <usize>load<i32>(keys, 12) * stride;
  const y = x + bytes;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const v = v128.load(x + at);
    const w = v128.load(y + at);
    const r0 = v128.load(k0 + at);
    s0 = f32x4.add(s0, f32x4.mul(v, r0));
    t0 = f32x4.add(t0, f32x4.mul(w, r0));
    const r1 = v128.load(k1 + at);
    s1 = f32x4.add(s1, f32x4.mul(v, r1));
    t1 = f32x4.add(t1, f32x4.mul(w, r1));
    const r2 = v128.load(k2 + at);
    s2 = f32x4.add(s2, f32x4.mul(v, r2));
    t2 = f32x4.add(t2, f32x4.mul(w, r2));
    const r3 = v128.load(k3 + at);
    s3 = f32x4.add(s3, f32x4.mul(v, r3));
    t3 = f32x4.add(t3, f32x4.mul(w, r3));
  }
  v128.store(second, f32x4.mul(scale, sums(t0, t1, t2, t3)));
  return f32x4.mul(scale, sums(s0, s1, s2, s3));
}

/** out[j] = scale times the dot product of x with key row j; the list is read in fours, its end one by one. */
function dots(out: usize, x: usize, base: usize, stride: usize, keys: usize, count: i32, bytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = <usize>j << 2;
    v128.store(out + at, f32x4.mul(factor, dot4(x, base, stride, keys + at, bytes)));
  }
  for (; j < count; j++) {
    const at = <usize>j << 2;
    store<f32>(out + at, scale * dot1(x, base + <usize>load<i32>(keys + at) * stride, bytes));
  }
}

/** dots() of x and of x + bytes; the second's go to out + apart. */
function dotsPair(
  out: usize,
  apart: usize,
  x: usize,
  base: usize,
  stride: usize,
  keys: usize,
  count: i32,
  bytes: usize,
  scale: f32,
): void {
  const factor = f32x4.splat(scale);
  const fours = <usize>(count & ~3) << 2;
  for (let at: usize = 0; at < fours; at += 16) {
    v128.store(out + at, dot4Pair(x, base, stride, keys + at, bytes, out + apart + at, factor));
  }
  const rest = count & 3;
  if (rest == 0) return;
  const last = threadScratch(); // the last one to three, filled up to four
  for (let j = 0; j < 4; j++) {
    store<i32>(last + (<usize>j << 2), load<i32>(keys + fours + (<usize>min(j, rest - 1) << 2)));
  }
  v128.store(out + fours, dot4Pair(x, base, stride, last, bytes, out + apart + fours, factor));
}

/** to = sum over keys of weights[j] rows[j], keys in order; sixteen lanes of the row at a time, then four. */
function weightedSum(to: usize, weights: usize, base: usize, stride: usize, keys: usize, count: i32, bytes: usize): void {
  const end = <usize>count << 2;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    const column = base + at;
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (let j: usize = 0; j < end; j += 4) {
      const row = column + <usize>load<i32>(keys + j) * stride;
      const w = v128.load32_splat(weights + j);
      s0 = f32x4.add(s0, f32x4.mul(w, v128.load(row)));
      s1 = f32x4.add(s1, f32x4.mul(w, v128.load(row, 16)));
      s2 = f32x4.add(s2, f32x4.mul(w, v128.load(row, 32)));
      s3 = f32x4.add(s3, f32x4.mul(w, v128.load(row, 48)));
    }
    v128.store(to + at, s0);
    v128.store(to + at, s1, 16);
    v128.store(to + at, s2, 32);
    v128.store(to + at, s3, 48);
  }
  for (; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < end; j += 4) {
      const row = v128.load(base + at + <usize>load<i32>(keys + j) * stride);
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + j), row));
    }
    v128.store(to + at, sum);
  }
}

/** weightedSum() to `to` and, with the weights at weights + apart, to to + bytes, sharing the loads of the rows. */
function weightedSumPair(
  to: usize,
  weights: usize,
  apart: usize,
  base: usize,
  stride: usize,
  keys: usize,
  count: i32,
  bytes: usize,
): void {
  const end = <usize>count << 2;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    const column = base + at;
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    let t0 = f32x4.splat(0);
    let t1 = f32x4.splat(0);
    let t2 = f32x4.splat(0);
    let t3 = f32x4.splat(0);
    for (let j: usize = 0; j < end; j += 4) {
      const row = column + <usize>load<i32>(keys + j) * stride;
      const w = v128.load32_splat(weights + j);
      const x = v128.load32_splat(weights + apart + j);
      const r0 = v128.load(row);
      s0 = f32x4.add(s0, f32x4.mul(w, r0));
      t0 = f32x4.add(t0, f32x4.mul(x, r0));
      const r1 = v128.load(row, 16);
      s1 = f32x4.add(s1, f32x4.mul(w, r1));
      t1 = f32x4.add(t1, f32x4.mul(x, r1));
      const r2 = v128.load(row, 32);
      s2 = f32x4.add(s2, f32x4.mul(w, r2));
      t2 = f32x4.add(t2, f32x4.mul(x, r2));
      const r3 = v128.load(row, 48);
      s3 = f32x4.add(s3, f32x4.mul(w, r3));
      t3 = f32x4.add(t3, f32x4.mul(x, r3));
    }
    const first = to + at;
    v128.store(first, s0);
    v128.store(first, s1, 16);
    v128.store(first, s2, 32);
    v128.store(first, s3, 48);
    const second = first + bytes;
    v128.store(second, t0);
    v128.store(second, t1, 16);
    v128.store(second, t2, 32);
    v128.store(second, t3, 48);
  }
  if (at < bytes) {
    weightedSum(to + at, weights, base + at, stride, keys, count, bytes - at);
    weightedSum(to + bytes + at, weights + apart, base + at, stride, keys, count, bytes - at);
  }
}

/** out [rows, heads x size] and lse [rows, heads] for query rows first .. first + rows of qkv. */
export function attention(): void {
  const out = address(0);
  const lse = address(1);
  const qkv = address(2);
  const first = int(3);
  const rows = int(4);
  const keyStarts = address(5); // indexed by row number, as is keyCounts
  const keyCounts = address(6);
  const keyLists = address(7);
  const heads = int(8);
  const kvHeads = int(9);
  const size = int(10);
  const scale = float(11);
  const bytes = <usize>size << 2;
  const stride = <usize>(heads + 2 * kvHeads) * bytes;
  const outStride = <usize>heads * bytes;
  const perKv = heads / kvHeads;
  const scores = threadScratch() + LAST_KEYS_BYTES;
  const rowUnits = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  for (let unit = claimUnit(); unit < rowUnits; unit = claimUnit()) {
    const end = min((unit + 1) * UNIT_ROWS, rows);
    for (let row = unit * UNIT_ROWS; row < end; row++) {
      const slot = <usize>(first + row);
      const keys = keyLists + (<usize>load<i32>(keyStarts + (slot << 2)) << 2);
      const count = load<i32>(keyCounts + (slot << 2));
      for (let h = 0; h < heads; ) {
        const kv = h / perKv;
        const isPair = h % perKv + 1 < perKv;
        const q = qkv + slot * stride + <usize>h * bytes;
        const k = qkv + <usize>(heads + kv) * bytes;
        const v = k + <usize>kvHeads * bytes;
        const to = out + <usize>row * outStride + <usize>h * bytes;
        const lseAt = lse + ((<usize>row * <usize>heads + <usize>h) << 2);
        const apart = <usize>((count + 3) & ~3) << 2;
        if (isPair) {
          dotsPair(scores, apart, q, k, stride, keys, count, bytes, scale);
          const first = softmax(scores, count, lseAt);
          const second = softmax(scores + apart, count, lseAt + 4);
          weightedSumPair(to, scores, apart, v, stride, keys, count, bytes);
          divide(to, first, bytes);
          divide(to + bytes, second, bytes);
          h += 2;
        } else {
          dots(scores, q, k, stride, keys, count, bytes, scale);
          const sum = softmax(scores, count, lseAt);
          weightedSum(to, scores, v, stride, keys, count, bytes);
          divide(to, sum, bytes);
          h += 1;
        }
      }
    }
  }
}

/** scores <- e^(score - max score), log-sum-exp to `lse`; returns the sum. The list's end is padded to a multiple of four. */
function softmax(scores: usize, count: i32, lse: usize): f32 {
  const end = <usize>((count + 3) & ~3) << 2;
  for (let j = <usize>count << 2; j < end; j += 4) store<f32>(scores + j, NEVER);
  let top = f32x4.splat(NEVER);
  for (let j: usize = 0; j < end; j += 16) top = f32x4.pmax(top, v128.load(scores + j));
  const peak = max4(top);
  const shift = f32x4.splat(peak);
  let total = f32x4.splat(0);
  for (let j: usize = 0; j < end; j += 16) {
    const e = exp4(f32x4.sub(v128.load(scores + j), shift));
    v128.store(scores + j, e);
    total = f32x4.add(total, e);
  }
  const sum = sum4(total);
  store<f32>(lse, peak + <f32>logDouble(<f64>sum));
  return sum;
}

@inline
function divide(row: usize, by: f32, bytes: usize): void {
  const inverse = f32x4.splat(1 / by);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(row + at, f32x4.mul(inverse, v128.load(row + at)));
}

/** rows[j] += weights[j] x over the listed rows. */
function spread(x: usize, weights: usize, base: usize, stride: usize, keys: usize, count: i32, bytes: usize): void {
  const end = <usize>count << 2;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    const x0 = v128.load(x + at);
    const x1 = v128.load(x + at, 16);
    const x2 = v128.load(x + at, 32);
    const x3 = v128.load(x + at, 48);
    const column = base + at;
    for (let j: usize = 0; j < end; j += 4) {
      const to = column + <usize>load<i32>(keys + j) * stride;
      const w = v128.load32_splat(weights + j);
      v128.store(to, f32x4.add(v128.load(to), f32x4.mul(w, x0)));
      v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(w, x1)), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(w, x2)), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), f32x4.mul(w, x3)), 48);
    }
  }
  for (; at < bytes; at += 16) {
    const v = v128.load(x + at);
    for (let j: usize = 0; j < end; j += 4) {
      const to = base + at + <usize>load<i32>(keys + j) * stride;
      v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load32_splat(weights + j), v)));
    }
  }
}

/** spread() of x, then of x + bytes with the weights at weights + apart, sharing the loads and stores of the rows. */
function spreadPair(
  x: usize,
  weights: usize,
  apart: usize,
  base: usize,
  stride: usize,
  keys: usize,
  count: i32,
  bytes: usize,
): void {
  const end = <usize>count << 2;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    const x0 = v128.load(x + at);
    const x1 = v128.load(x + at, 16);
    const x2 = v128.load(x + at, 32);
    const x3 = v128.load(x + at, 48);
    const y = x + bytes + at;
    const y0 = v128.load(y);
    const y1 = v128.load(y, 16);
    const y2 = v128.load(y, 32);
    const y3 = v128.load(y, 48);
    const column = base + at;
    for (let j: usize = 0; j < end; j += 4) {
      const to = column + <usize>load<i32>(keys + j) * stride;
      const w = v128.load32_splat(weights + j);
      const u = v128.load32_splat(weights + apart + j);
      v128.store(to, f32x4.add(f32x4.add(v128.load(to), f32x4.mul(w, x0)), f32x4.mul(u, y0)));
      v128.store(to, f32x4.add(f32x4.add(v128.load(to, 16), f32x4.mul(w, x1)), f32x4.mul(u, y1)), 16);
      v128.store(to, f32x4.add(f32x4.add(v128.load(to, 32), f32x4.mul(w, x2)), f32x4.mul(u, y2)), 32);
      v128.store(to, f32x4.add(f32x4.add(v128.load(to, 48), f32x4.mul(w, x3)), f32x4.mul(u, y3)), 48);
    }
  }
  if (at < bytes) {
    spread(x + at, weights, base + at, stride, keys, count, bytes - at);
    spread(x + bytes + at, weights + apart, base + at, stride, keys, count, bytes - at);
  }
}

/** scores <- probabilities, slopes <- scale p (slope - drop), with the log-sum-exp that attention() stored. */
function toSlopes(scores: usize, slopes: usize, padded: i32, lse: usize, drop: f32, scale: v128): void {
  const shift = v128.load32_splat(lse);
  const less = f32x4.splat(drop);
  for (let j: usize = 0; j < <usize>padded << 2; j += 16) {
    const p = exp4(f32x4.sub(v128.load(scores + j), shift));
    v128.store(scores + j, p);
    v128.store(slopes + j, f32x4.mul(f32x4.mul(scale, p), f32x4.sub(v128.load(slopes + j), less)));
  }
}

/** Copies the listed rows, `bytes` of each, to one after the other. */
function collect(to: usize, base: usize, stride: usize, list: usize, count: i32, bytes: usize): void {
  for (let j = 0; j < count; j++) {
    const from = base + <usize>load<i32>(list + (<usize>j << 2)) * stride;
    for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
    to += bytes;
  }
}

/** The way back of collect(). */
function putBack(from: usize, base: usize, stride: usize, list: usize, count: i32, bytes: usize): void {
  for (let j = 0; j < count; j++) {
    const to = base + <usize>load<i32>(list + (<usize>j << 2)) * stride;
    for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(from + at));
    from += bytes;
  }
}

/**
 * dqkv from dout. Query rows come in groups that share no key row with one another (a prompt and its rollouts); a unit
 * is one group and one key-value head, so that nobody else writes its dk and dv. The k and v parts of dqkv start at zero.
 *
 * A rollout's rows lie a step apart, where the processor cannot foresee them. So all that a run of rows of one list needs
 * is copied in one go: its cache misses then overlap, instead of each holding up a row's work.
 */
export function attentionBackward(): void {
  const dqkv = address(0);
  const dout = address(1);
  const out = address(2);
  const lse = address(3);
  const qkv = address(4);
  const groupStarts = address(5); // groups + 1 positions in groupRows
  const groupRows = address(6);
  const groups = int(7);
  const keyStarts = address(8);
  const keyCounts = address(9);
  const keyLists = address(10);
  const heads = int(11);
  const kvHeads = int(12);
  const size = int(13);
  const longest = (int(14) + 3) & ~3; // keys of the longest list
  const scale = float(15);
  const bytes = <usize>size << 2;
  const stride = <usize>(heads + 2 * kvHeads) * bytes;
  const outStride = <usize>heads * bytes;
  const perKv = heads / kvHeads;
  const span = <usize>perKv * bytes; // of the query heads of a key-value head
  const copyBytes = <usize>longest * bytes;
  const k = threadScratch() + LAST_KEYS_BYTES;
  const v = k + copyBytes;
  const dk = v + copyBytes;
  const dv = dk + copyBytes;
  const qs = dv + copyBytes;
  const dOs = qs + <usize>longest * span;
  const os = dOs + <usize>longest * span;
  const scores = os + <usize>longest * span; // of two heads, as are slopes
  const slopes = scores + (<usize>longest << 3);
  const places = slopes + (<usize>longest << 3); // of the copied keys: 0, 1, ...
  for (let j = 0; j < longest; j++) store<i32>(places + (<usize>j << 2), j);
  const factor = f32x4.splat(scale);
  const units = groups * kvHeads;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const group = unit / kvHeads;
    const kv = unit % kvHeads;
    const headAt = <usize>kv * span;
    const kAt = <usize>(heads + kv) * bytes;
    const vAt = kAt + <usize>kvHeads * bytes;
    const end = load<i32>(groupStarts + (<usize>(group + 1) << 2));
    for (let i = load<i32>(groupStarts + (<usize>group << 2)); i < end; ) {
      const run = groupRows + (<usize>i << 2);
      const start = load<i32>(keyStarts + (<usize>load<i32>(run) << 2));
      const keys = keyLists + (<usize>start << 2);
      const mostRows = min(longest, end - i);
      let rows = 0;
      let copied = 0;
      for (; rows < mostRows; rows++) {
        const slot = <usize>load<i32>(run + (<usize>rows << 2)) << 2;
        if (load<i32>(keyStarts + slot) != start) break;
        copied = max(copied, load<i32>(keyCounts + slot));
      }
      collect(k, qkv + kAt, stride, keys, copied, bytes);
      collect(v, qkv + vAt, stride, keys, copied, bytes);
      collect(dk, dqkv + kAt, stride, keys, copied, bytes);
      collect(dv, dqkv + vAt, stride, keys, copied, bytes);
      collect(qs, qkv + headAt, stride, run, rows, span);
      collect(dOs, dout + headAt, outStride, run, rows, span);
      collect(os, out + headAt, outStride, run, rows, span);
      let q = qs;
      let dO = dOs;
      let o = os;
      for (const next = i + rows; i < next; i++) {
        const slot = <usize>load<i32>(groupRows + (<usize>i << 2));
        const count = load<i32>(keyCounts + (slot << 2));
        const padded = (count + 3) & ~3;
        const apart = <usize>padded << 2;
        let to = dqkv + slot * stride + headAt;
        let lseAt = lse + ((slot * <usize>heads + <usize>(kv * perKv)) << 2);
        for (let left = perKv; left > 0; ) {
          const taken: usize = left > 1 ? 2 : 1; // heads
          if (taken == 2) {
            dotsPair(scores, apart, q, k, bytes, places, count, bytes, scale);
            dotsPair(slopes, apart, dO, v, bytes, places, count, bytes, 1);
            toSlopes(scores, slopes, padded, lseAt, dot1(dO, o, bytes), factor);
            const second = dot1(dO + bytes, o + bytes, bytes);
            toSlopes(scores + apart, slopes + apart, padded, lseAt + 4, second, factor);
            weightedSumPair(to, slopes, apart, k, bytes, places, count, bytes);
            spreadPair(q, slopes, apart, dk, bytes, places, count, bytes);
            spreadPair(dO, scores, apart, dv, bytes, places, count, bytes);
          } else {
            dots(scores, q, k, bytes, places, count, bytes, scale);
            dots(slopes, dO, v, bytes, places, count, bytes, 1);
            toSlopes(scores, slopes, padded, lseAt, dot1(dO, o, bytes), factor);
            weightedSum(to, slopes, k, bytes, places, count, bytes);
            spread(q, slopes, dk, bytes, places, count, bytes);
            spread(dO, scores, dv, bytes, places, count, bytes);
          }
          q += taken * bytes;
          dO += taken * bytes;
          o += taken * bytes;
          to += taken * bytes;
          lseAt += taken << 2;
          left -= <i32>taken;
        }
      }
      putBack(dk, dqkv + kAt, stride, keys, copied, bytes);
      putBack(dv, dqkv + vAt, stride, keys, copied, bytes);
    }
  }
}
