import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeHalf,
  encodeHalf,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from "../../src/model/half-floats.ts";

const view = new DataView(new ArrayBuffer(4));
const bitsOf = (value: number) => (view.setFloat32(0, value), view.getUint32(0));
const valueOf = (bits: number) => (view.setUint32(0, bits), view.getFloat32(0));

/** The format spelled out: the value of a 16-bit float with the given field widths, NaN apart. */
function slowDecode(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = bits >>> 15 ? -1 : 1;
  const exponent = (bits >>> fractionBits) & (2 ** exponentBits - 1);
  const fraction = bits & (2 ** fractionBits - 1);
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (1 + fraction / 2 ** fractionBits) * 2 ** (exponent - bias);
}

/** Nearest by search over all finite values of the format and the first one beyond them, ties to the even pattern. */
function slowEncode(value: number, exponentBits: number): number {
  const signBit = Object.is(value, -0) || value < 0 ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  const infinity = (2 ** exponentBits - 1) << (15 - exponentBits);
  if (magnitude === Infinity) return signBit | infinity;
  // the value that the infinity pattern would have as a finite number: rounding up to it overflows
  const beyond = 2 ** (2 ** (exponentBits - 1));
  const valueAt = (bits: number) => (bits === infinity ? beyond : slowDecode(bits, exponentBits));
  let low = 0;
  let high = infinity;
  if (magnitude >= beyond) return signBit | infinity;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= magnitude) low = middle;
    else high = middle;
  }
  const below = magnitude - valueAt(low);
  const above = valueAt(high) - magnitude;
  if (below === above) return signBit | (low % 2 === 0 ? low : high);
  return signBit | (below < above ? low : high);
}

const anyFloatBits = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }).map((bits) => bits >>> 0),
  fc.float({ min: -70000, max: 70000, noNaN: true }).map(bitsOf),
  fc.float({ min: Math.fround(-1e-4), max: Math.fround(1e-4), noNaN: true }).map(bitsOf),
);

describe("half floats", () => {
  const patterns = Array.from({ length: 0x10000 }, (_, bits) => bits);

  it("every float16 is read as the value that its bits spell", () => {
    expect(patterns.filter((bits) => !Object.is(valueOf(float16ToFloat32(bits)), slowDecode(bits, 5)))).toEqual([]);
  });

  it("every 16-bit pattern but signalling NaNs comes back when written again", () => {
    const quiet = (bits: number, infinity: number, quietBit: number) =>
      (bits & 0x7fff) > infinity ? bits | quietBit : bits;
    const isLostAsFloat16 = (bits: number) => float32ToFloat16(float16ToFloat32(bits)) !== quiet(bits, 0x7c00, 0x200);
    const isLostAsBfloat16 = (bits: number) => float32ToBfloat16((bits << 16) >>> 0) !== quiet(bits, 0x7f80, 0x40);
    expect(patterns.filter(isLostAsFloat16)).toEqual([]);
    expect(patterns.filter(isLostAsBfloat16)).toEqual([]);
  });

  it("writing takes the nearest value, ties to even, as a slow search over the format finds it", () => {
    const compare = (bits: number) => {
      const value = valueOf(bits);
      if (Number.isNaN(value)) {
        expect(slowDecode(float32ToFloat16(bits), 5)).toBeNaN();
        expect(slowDecode(float32ToBfloat16(bits), 8)).toBeNaN();
      } else {
        expect(float32ToFloat16(bits)).toBe(slowEncode(value, 5));
        expect(float32ToBfloat16(bits)).toBe(slowEncode(value, 8));
      }
    };
    fc.assert(fc.property(anyFloatBits, compare), { numRuns: 2000 });
  });

  it("halfway points and their float32 neighbours round right at every float16 boundary", () => {
    const isRoundedWrong = (bits: number) => {
      const upper = bits === 0x7bff ? 65536 : slowDecode(bits + 1, 5);
      const halfway = bitsOf((slowDecode(bits, 5) + upper) / 2);
      const even = bits % 2 === 0 ? bits : bits + 1;
      const rounded = [halfway - 1, halfway, halfway + 1].map(float32ToFloat16);
      return rounded.join() !== [bits, even, bits + 1].join();
    };
    expect(patterns.slice(0, 0x7c00).filter(isRoundedWrong)).toEqual([]);
  });

  it.each([
    ["the largest float16", 65504, 0x7bff],
    ["a value that overflows", 65520, 0x7c00],
    ["infinity", -Infinity, 0xfc00],
    ["the smallest subnormal", 2 ** -24, 1],
    ["a tie with zero", 2 ** -25, 0],
    ["just above a tie with zero", 2 ** -25 + 2 ** -48, 1],
    ["the largest subnormal rounded up to the smallest normal", 2 ** -14 - 2 ** -25, 0x400],
    ["minus zero", -0, 0x8000],
  ])("float16 of %s", (_, value, expected) => {
    expect(float32ToFloat16(bitsOf(value))).toBe(expected);
  });

  it("arrays convert like single values", () => {
    const values = Float32Array.of(1, -2.5, 1e-7, 3.14159, 65504);
    for (const type of ["F16", "BF16"] as const) {
      const halves = new Uint16Array(values.length);
      const back = new Float32Array(values.length);
      encodeHalf(type, values, halves);
      decodeHalf(type, halves, back);
      const exponentBits = type === "F16" ? 5 : 8;
      expect([...halves]).toEqual([...values].map((value) => slowEncode(value, exponentBits)));
      expect([...back]).toEqual([...halves].map((bits) => slowDecode(bits, exponentBits)));
    }
  });
});
