import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cos, exp, log, pow, sin } from "../../src/core/exact-math.ts";
import { hashBytes } from "../../src/core/hash.ts";

// Math.* of V8 is itself fdlibm, off by up to 1 unit; the exact values are in exact-math-values.test.ts
const MAX_ULPS_TO_ENGINE = 2;

describe("agreement with the engine within 2 units in the last place", () => {
  test("exp over its whole range, also where the result is subnormal", () => {
    fc.assert(
      fc.property(fc.double({ min: -745, max: 709.7, noNaN: true }), (x) => closeTo(exp(x), Math.exp(x))),
      { numRuns: 5000 },
    );
  });

  test("log of any positive number", () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, noNaN: true }), (x) => closeTo(log(x), Math.log(x))),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) => closeTo(log(x), Math.log(x))),
      { numRuns: 5000 },
    );
  });

  test("sin and cos of angles to 800,000", () => {
    for (const max of [1, 10, 1000, 1e5, 8e5]) {
      const angle = fc.double({ min: -max, max, noNaN: true });
      fc.assert(
        fc.property(angle, (x) => closeTo(sin(x), Math.sin(x)) && closeTo(cos(x), Math.cos(x))),
        { numRuns: 2000 },
      );
    }
  });

  test("sin and cos beside multiples of pi / 2, where the leading digits cancel", () => {
    for (let n = -1000; n <= 500_000; n += 977) {
      const x = n * (Math.PI / 2);
      expect(closeTo(sin(x), Math.sin(x)), `sin ${x}`).toBe(true);
      expect(closeTo(cos(x), Math.cos(x)), `cos ${x}`).toBe(true);
    }
  });
});

describe("laws", () => {
  test("pow gives small integer powers exactly", () => {
    for (let base = 1; base <= 40; base++) {
      let product = 1;
      for (let exponent = 0; product <= Number.MAX_SAFE_INTEGER; exponent++) {
        expect(pow(base, exponent), `${base}^${exponent}`).toBe(product);
        if (base === 1 && exponent > 60) break;
        product *= base;
      }
    }
  });

  test("pow(x, 1/2) is the square root, and pow(x, -1) the reciprocal, to a unit in the last place", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        return ulpsApart(pow(x, 0.5), Math.sqrt(x)) <= 1 && ulpsApart(pow(x, -1), 1 / x) <= 1;
      }),
      { numRuns: 1000 },
    );
  });

  test("exp never decreases between neighbouring numbers", () => {
    fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => exp(nextUp(x)) >= exp(x)));
  });

  test("sin is odd and cos even, bit for bit", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 8e5, noNaN: true }),
        (x) => Object.is(sin(-x), -sin(x)) && cos(-x) === cos(x),
      ),
    );
  });
});

describe("special values", () => {
  const specials = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, 1e-320, Infinity, -Infinity, Number.NaN];

  test("exp and log are those of Math at zeros, infinities, NaN, and beyond overflow", () => {
    for (const x of [...specials, 709.79, -745.2, 1000, -1000]) {
      if (!Number.isFinite(Math.exp(x)) || Math.exp(x) === 0 || x === 0) expect(exp(x), `exp ${x}`).toBe(Math.exp(x));
    }
    for (const x of [0, -0, 1, -1, Infinity, -Infinity, Number.NaN]) expect(log(x), `log ${x}`).toBe(Math.log(x));
    expect(exp(-745.13)).toBe(Number.MIN_VALUE);
    expect(exp(709.78)).toBeLessThan(Infinity);
  });

  test("pow has the special values of Math.pow, signs of zero included", () => {
    for (const x of specials) {
      for (const y of [...specials, 1e20, 1e-30, -1e-30]) {
        const [ours, theirs] = [pow(x, y), Math.pow(x, y)];
        expect(Object.is(ours, theirs) || closeTo(ours, theirs), `${x}^${y}: ${ours}, ${theirs}`).toBe(true);
      }
    }
  });

  test("sin and cos keep the sign of zero, give NaN at infinity and throw beyond their range", () => {
    expect(sin(0)).toBe(0);
    expect(sin(-0)).toBe(-0);
    expect(cos(0)).toBe(1);
    expect(sin(1e-320)).toBe(1e-320);
    expect(sin(Infinity)).toBeNaN();
    expect(cos(Number.NaN)).toBeNaN();
    expect(() => cos(1e6)).toThrow("got 1000000, expected |x| <= 823549");
  });
});

test("the bits over a fixed grid are those recorded here, whatever the engine", () => {
  const values: number[] = [];
  let x = -40;
  for (let i = 0; i < 20_000; i++) {
    values.push(exp(x * 8), log(x * x + i), sin(x * 1000), cos(x * 1000), pow(Math.abs(x), x / 3));
    x += 0.00400390625 + i * 2.384185791015625e-7;
  }
  expect(hashBytes(bigEndianBytes(values))).toBe("5396e71a7c8f5a9f05a17f84d1389dede647a654193e08e4de3436821154b5d2");
});

function bigEndianBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value);
  return new Uint8Array(view.buffer);
}

function closeTo(ours: number, theirs: number): boolean {
  return Object.is(ours, theirs) || ulpsApart(ours, theirs) <= MAX_ULPS_TO_ENGINE;
}

function ulpsApart(a: number, b: number): number {
  const distance = orderedBits(a) - orderedBits(b);
  return Number(distance < 0n ? -distance : distance);
}

// neighbouring doubles have neighbouring integers, across zero too
function orderedBits(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits >= 0n ? bits : -(bits & 0x7fffffffffffffffn);
}

function nextUp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x === 0 ? 0 : x);
  view.setBigInt64(0, view.getBigInt64(0) + (x >= 0 ? 1n : -1n));
  return view.getFloat64(0);
}
