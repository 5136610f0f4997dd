// exp and log in plain arithmetic, so that every engine gives the same bits.
//
// exp: x = n ln 2 + r with |r| <= ln 2 / 2, a degree-7 Taylor polynomial in r, and 2^n through the exponent bits. Adding
// 1.5 x 2^23 rounds to a whole number and leaves it in the low bits, which saves the slow conversions.
// Error under 1.5 ulp on [-87, 88]; below -87 the result is exp(-87), about 1e-38, which no sum here can notice.

const LOG2_E: f32 = 1.44269504;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const ROUNDER: f32 = 12582912;

@inline
export function exp4(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(88)); // in this order a NaN passes
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(1.0 / 5040.0);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const scale = i32x4.add(i32x4.shl(rounded, 23), i32x4.splat(0x3f800000));
  return f32x4.mul(p, scale);
}

@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

@inline
export function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

@inline
export function max4(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** log of a positive normal double, NaN of NaN: m in [sqrt 1/2, sqrt 2), log m = 2 atanh((m - 1) / (m + 1)). */
export function logDouble(x: f64): f64 {
  if (x != x) return x;
  const bits = reinterpret<i64>(x);
  const fraction = bits & 0x000fffffffffffff;
  const isHigh = <i64>(fraction > 0x6a09e667f3bcd); // above sqrt 2
  const exponent = <i32>(((bits >> 52) & 0x7ff) - 1023 + isHigh);
  const m = reinterpret<f64>((fraction | 0x3ff0000000000000) - (isHigh << 52));
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p: f64 = 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  p = p * z + 1;
  return 2 * s * p + <f64>exponent * 0.6931471805599453;
}
