// Numbers of about 106 bits as the unevaluated sum hi + lo of two doubles, |lo| <= half a unit in the last place of hi.
// The error of one double addition or product is itself a double (Knuth's two-sum, Dekker's product with Veltkamp's
// split), which needs nothing but IEEE + - *. Reference: Hida, Li, Bailey, "Library for double-double and quad-double
// arithmetic" (2007). Operands must stay well inside the range of doubles: the split overflows above 2^996.

export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** a + b without error. */
export function twoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  const bPart = hi - a;
  return { hi, lo: a - (hi - bPart) + (b - bPart) };
}

/** a * b without error (short of underflow). */
export function twoProduct(a: number, b: number): DoubleDouble {
  const hi = a * b;
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return { hi, lo: aHigh * bHigh - hi + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.hi, b.hi);
  const low = twoSum(a.lo, b.lo);
  const sum = normalize(high.hi, high.lo + low.hi);
  return normalize(sum.hi, sum.lo + low.lo);
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoProduct(a.hi, b.hi);
  return normalize(high.hi, high.lo + (a.hi * b.lo + a.lo * b.hi));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  const rest = add(a, multiply({ hi: -first, lo: 0 }, b));
  return normalize(first, rest.hi / b.hi);
}

/** c[0] + x c[1] + x^2 c[2] + ... by Horner's rule. */
export function polynomial(x: DoubleDouble, coefficients: readonly DoubleDouble[]): DoubleDouble {
  return coefficients.reduceRight((sum, coefficient) => add(multiply(sum, x), coefficient), { hi: 0, lo: 0 });
}

// needs |a| >= |b|
function normalize(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

function split(a: number): readonly [number, number] {
  const scaled = 134217729 * a; // 2^27 + 1
  const high = scaled - (scaled - a);
  return [high, a - high];
}
