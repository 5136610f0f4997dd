// exp, log, sin, cos and pow with the same bits in every JavaScript engine. ECMAScript leaves Math.exp and the others to
// the engine ("an implementation-approximated value"); + - * / and comparisons are exact IEEE 754, so only those and
// the exponent bits are used here. Method: argument reduction as in fdlibm (x = k ln 2 + r; x = 2^k m; x = n pi/2 + r
// with the constants cut so that k or n times a piece is exact), then the Taylor series of the reduced argument, long
// enough that its remainder is below 2^-58. Where we differ from fdlibm: Taylor coefficients, which need no table of
// fitted constants, and pow through double-double arithmetic. Error: below 1 unit in the last place; pow 0.501.

import { add, type DoubleDouble, divide, multiply, polynomial, twoSum } from "./double-double.ts";
import { LabelfreeError } from "./errors.ts";

const LN2_HIGH = 0.6931471803691238; // 32 bits of ln 2
const LN2_LOW = 1.9082149292705877e-10; // ln 2 - LN2_HIGH
const LN2_REST: DoubleDouble = { hi: LN2_LOW, lo: 1.1612227229362532e-26 };
const LOG2_E = 1.4426950408889634;
const SQRT2 = 1.4142135623730951;
const QUARTER_PI = 0.7853981633974483;
const TWO_OVER_PI = 0.6366197723675814;
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32]; // 33 bits each
const MAX_ANGLE = 823549; // 2^19 pi: n has 20 bits, so n times a 33-bit piece is exact
const MIN_NORMAL = 2.2250738585072014e-308; // 2^-1022
const TWO_54 = 18014398509481984;

const EXP_TERMS = Array.from({ length: 13 }, (_, n) => 1 / factorial(n + 2)); // (e^r - 1 - r) / r^2
const LOG_TERMS = Array.from({ length: 12 }, (_, n) => 2 / (2 * n + 3)); // (log((1 + s) / (1 - s)) / s - 2) / s^2
const SIN_TERMS = Array.from({ length: 8 }, (_, n) => alternating(n) / factorial(2 * n + 5)); // after r - r^3 / 6
const COS_TERMS = Array.from({ length: 8 }, (_, n) => alternating(n) / factorial(2 * n + 4)); // after 1 - r^2 / 2
const EXP_TERMS_LONG = Array.from({ length: 21 }, (_, n) => reciprocal(factorial(n)));
const LOG_TERMS_LONG = Array.from({ length: 16 }, (_, n) => reciprocal(2 * n + 1));

/** e^x; 0 below -745.13, Infinity above 709.78. */
export function exp(x: number): number {
  if (!(x > -746)) return Number.isNaN(x) ? x : 0;
  if (x > 710) return Infinity;
  const k = Math.floor(x * LOG2_E + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low; // |r| <= ln(2) / 2
  const lost = high - r - low;
  return timesPowerOfTwo(1 + (r + (r * r * horner(r, EXP_TERMS) + lost)), k);
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const { mantissa, exponent: k } = decompose(x);
  const f = mantissa - 1;
  const s = f / (2 + f); // log(1 + f) = log((1 + s) / (1 - s)) = 2 s + s R, and 2 s = f - f^2/2 + s f^2/2
  const z = s * s;
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + z * horner(z, LOG_TERMS)) + k * LN2_LOW) - f);
}

/** x^y with the special values of Math.pow. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  const isOdd = Math.abs(y % 2) === 1;
  const sign = isOdd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (Math.abs(y) === Infinity && size === 1) return NaN;
  if (size === 0 || size === Infinity) return sign * (size > 1 === y > 0 ? Infinity : 0);
  if (x < 0 && Math.abs(y) !== Infinity && !Number.isInteger(y)) return NaN;
  return sign * positivePower(size, y);
}

/** Sine of an angle in radians, |x| <= 823549. Throws `math/out-of-range` beyond. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const { quarter, high, low } = reduceAngle(x);
  const value = quarter % 2 === 0 ? sinNearZero(high, low) : cosNearZero(high, low);
  return quarter >= 2 ? -value : value;
}

/** Cosine of an angle in radians, |x| <= 823549. Throws `math/out-of-range` beyond. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const { quarter, high, low } = reduceAngle(x);
  const value = quarter % 2 === 0 ? cosNearZero(high, low) : sinNearZero(high, low);
  return quarter === 1 || quarter === 2 ? -value : value;
}

// x > 0 finite; the logarithm to 2^-70, because an error of e in y log x is a relative error of e in the result
function positivePower(x: number, y: number): number {
  if (x === 1) return 1;
  const magnitude = Math.abs(y);
  if (magnitude > 1e20) return x > 1 === y > 0 ? Infinity : 0; // |log x| >= 2^-53
  if (magnitude < 1e-21) return 1;
  const { mantissa, exponent } = decompose(x);
  const s = divide({ hi: mantissa - 1, lo: 0 }, twoSum(mantissa, 1));
  const series = multiply({ hi: 2 * s.hi, lo: 2 * s.lo }, polynomial(multiply(s, s), LOG_TERMS_LONG));
  const logarithm = add(timesLn2(exponent), series);
  const product = multiply({ hi: y, lo: 0 }, logarithm);
  if (product.hi > 710) return Infinity;
  if (product.hi < -746) return 0;
  const k = Math.floor(product.hi * LOG2_E + 0.5);
  const r = add(product, timesLn2(-k));
  return timesPowerOfTwo(polynomial(r, EXP_TERMS_LONG).hi, k);
}

function timesLn2(k: number): DoubleDouble {
  const low = multiply({ hi: k, lo: 0 }, LN2_REST);
  return add({ hi: k * LN2_HIGH, lo: 0 }, low);
}

// x = n pi/2 + high + low with |high| <= pi/4; quarter = n mod 4
function reduceAngle(x: number): { readonly quarter: number; readonly high: number; readonly low: number } {
  if (Math.abs(x) <= QUARTER_PI) return { quarter: 0, high: x, low: 0 };
  if (Math.abs(x) > MAX_ANGLE) {
    throw new LabelfreeError("math/out-of-range", `sin or cos: got ${x}, expected |x| <= ${MAX_ANGLE}`, {
      fields: { x },
    });
  }
  const n = Math.floor(x * TWO_OVER_PI + 0.5);
  const second = twoSum(x - n * HALF_PI[0], -n * HALF_PI[1]);
  const third = twoSum(second.hi, -n * HALF_PI[2]);
  const rest = second.lo + third.lo - n * HALF_PI[3];
  const high = third.hi + rest;
  return { quarter: ((n % 4) + 4) % 4, high, low: third.hi - high + rest };
}

// sin(r + low) = sin r + low cos r, with cos r = 1 - r^2 / 2
function sinNearZero(r: number, low: number): number {
  const z = r * r;
  const cube = z * r;
  return r - (z * (0.5 * low - cube * horner(z, SIN_TERMS)) - low + cube / 6);
}

// cos(r + low) = cos r - low sin r, with sin r = r
function cosNearZero(r: number, low: number): number {
  const z = r * r;
  const half = 0.5 * z;
  const start = 1 - half;
  return start + (1 - start - half + (z * z * horner(z, COS_TERMS) - r * low));
}

function horner(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product; // exact to 22!
}

function reciprocal(n: number): DoubleDouble {
  return divide({ hi: 1, lo: 0 }, { hi: n, lo: 0 });
}

function alternating(n: number): number {
  return n % 2 === 0 ? 1 : -1;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0; // by byte order

// x = mantissa 2^exponent with mantissa in [sqrt(1/2), sqrt(2)], x > 0 finite
function decompose(x: number): { readonly mantissa: number; readonly exponent: number } {
  const isSubnormal = x < MIN_NORMAL;
  double[0] = isSubnormal ? x * TWO_54 : x;
  const exponent = (words[HIGH_WORD] >>> 20) - 1023 - (isSubnormal ? 54 : 0);
  words[HIGH_WORD] = (words[HIGH_WORD] & 0xfffff) | 0x3ff00000;
  return double[0] > SQRT2 ? { mantissa: double[0] / 2, exponent: exponent + 1 } : { mantissa: double[0], exponent };
}

// one rounding only, also where the result is subnormal
function timesPowerOfTwo(x: number, k: number): number {
  if (k > 1023) return x * powerOfTwo(1023) * powerOfTwo(k - 1023);
  if (k < -1022) return (x * powerOfTwo(k + 54)) / TWO_54;
  return x * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  words[HIGH_WORD] = (k + 1023) << 20;
  words[1 - HIGH_WORD] = 0;
  return double[0];
}
