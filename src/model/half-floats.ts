// 16-bit floats as stored in checkpoints. float16: 1 sign, 5 exponent, 10 fraction bits (IEEE 754 binary16);
// bfloat16: the upper half of a float32. Reading is exact, subnormals, infinities and NaN payloads included; writing
// rounds to nearest, ties to even, and makes every NaN quiet. All functions work on bit patterns.

const F32_INFINITY = 0x7f800000;
const F16_INFINITY = 0x7c00;
const F16_OVERFLOW = 0x477ff000; // 65520, halfway from the largest float16 to 65536: the even neighbour is infinity
const F16_SMALLEST_NORMAL = 0x38800000; // 2^-14
const F16_STEPS_PER_ONE = 2 ** 24; // subnormals are multiples of 2^-24

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Float32 bits of a float16 value given by its bits. */
export function float16ToFloat32(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return (sign | F32_INFINITY | (fraction << 13)) >>> 0;
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
  scratch[0] = fraction / F16_STEPS_PER_ONE;
  return (sign | scratchBits[0]) >>> 0;
}

/** Bits of the float16 nearest to a float32 given by its bits. */
export function float32ToFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > F32_INFINITY) return sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
  if (magnitude >= F16_OVERFLOW) return sign | F16_INFINITY;
  if (magnitude >= F16_SMALLEST_NORMAL) {
    const roundUp = 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((magnitude - (112 << 23) + roundUp) >>> 13);
  }
  scratchBits[0] = magnitude;
  const steps = scratch[0] * F16_STEPS_PER_ONE;
  const whole = Math.floor(steps);
  const isRoundedUp = steps - whole > 0.5 || (steps - whole === 0.5 && whole % 2 === 1);
  return sign | (isRoundedUp ? whole + 1 : whole);
}

/** Bits of the bfloat16 nearest to a float32 given by its bits. */
export function float32ToBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > F32_INFINITY) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

export type HalfType = "F16" | "BF16";

/** Widens 16-bit values to float32, exactly; `target` has the length of `source`. */
export function decodeHalf(type: HalfType, source: Uint16Array, target: Float32Array): void {
  const targetBits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  if (type === "BF16") for (let i = 0; i < source.length; i++) targetBits[i] = source[i] << 16;
  else for (let i = 0; i < source.length; i++) targetBits[i] = float16ToFloat32(source[i]);
}

/** Narrows float32 values to 16 bits, to nearest, ties to even; `target` has the length of `source`. */
export function encodeHalf(type: HalfType, source: Float32Array, target: Uint16Array): void {
  const sourceBits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  const encode = type === "F16" ? float32ToFloat16 : float32ToBfloat16;
  for (let i = 0; i < source.length; i++) target[i] = encode(sourceBits[i]);
}
