// All randomness of a run: xoshiro128** 1.1 (Blackman and Vigna, 2018), 32-bit integer arithmetic only, seeded with the
// first 128 bits of a SHA-256. A stream has an identity, the hash of its seed; a fork's identity is the hash of its
// parent's and a label, so a fork depends on the names on its path and never on how much its parent has drawn.
// A saved state carries the identity, so that forks after a resume are those of the uninterrupted run.

import { LabelfreeError } from "./errors.ts";
import { cos, log } from "./exact-math.ts";
import { hashJson } from "./hash.ts";

export interface RandomState {
  readonly algorithm: "xoshiro128**";
  /** Hash of the seed and the fork labels, 64 hex digits. */
  readonly identity: string;
  readonly words: readonly [number, number, number, number];
}

type Words = RandomState["words"];

const TWO_32 = 4294967296;
const TWO_PI = 6.283185307179586;

/** A seeded stream of random numbers: the same seed and the same calls give the same bits on every machine. */
export class Random {
  readonly #identity: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor(identity: string, words: Words) {
    this.#identity = identity;
    [this.#a, this.#b, this.#c, this.#d] = words;
  }

  /** The stream of a seed; 1 and "1" are different seeds. */
  static fromSeed(seed: number | string): Random {
    return Random.#fromIdentity(hashJson(seed));
  }

  /** The stream that goes on where `state()` was called. Throws `random/invalid-state`. */
  static fromState(state: RandomState): Random {
    checkState(state);
    return new Random(state.identity, state.words);
  }

  static #fromIdentity(identity: string): Random {
    const word = (index: number) => Number.parseInt(identity.slice(8 * index, 8 * index + 8), 16);
    return new Random(identity, [word(0), word(1), word(2), word(3)]);
  }

  /** The independent stream of this stream's seed and a label: the same one at every call, without advancing this. */
  fork(label: string): Random {
    return Random.#fromIdentity(hashJson([this.#identity, label]));
  }

  state(): RandomState {
    return { algorithm: "xoshiro128**", identity: this.#identity, words: [this.#a, this.#b, this.#c, this.#d] };
  }

  /** Uniform integer in [0, 2^32). */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b = (this.#b ^ this.#c) >>> 0;
    this.#a = (this.#a ^ this.#d) >>> 0;
    this.#c = (this.#c ^ shifted) >>> 0;
    this.#d = rotateLeft(this.#d, 11) >>> 0;
    return result;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform integer in [0, n), 1 <= n <= 2^32, without bias (by rejection). */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
      throw new LabelfreeError("random/invalid", `integer: got n = ${n}, expected an integer from 1 to 2^32`);
    }
    const limit = TWO_32 - (TWO_32 % n);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % n;
  }

  /** Standard normal (Box-Muller, two uniforms per value and nothing cached). */
  normal(): number {
    const radius = Math.sqrt(-2 * log(1 - this.uniform()));
    return radius * cos(TWO_PI * this.uniform());
  }

  /** A copy in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    return shuffled;
  }

  /** One of the items, each equally likely. Throws `random/invalid` when there are none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new LabelfreeError("random/invalid", "pick: got no items, expected at least one");
    return items[this.integer(items.length)];
  }

  /** An index with probability proportional to its weight; never one of weight 0. Throws `random/invalid`. */
  weightedIndex(weights: readonly number[]): number {
    const total = totalWeight(weights);
    const target = this.uniform() * total;
    let sum = 0;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] === 0) continue;
      sum += weights[i];
      last = i;
      if (target < sum) return i;
    }
    return last; // the product above may round up to the total
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function totalWeight(weights: readonly number[]): number {
  let total = 0;
  for (const [index, weight] of weights.entries()) {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new LabelfreeError("random/invalid", `weightedIndex: got weight ${weight} at ${index}, expected 0 or more`);
    }
    total += weight;
  }
  if (total > 0 && total < Infinity) return total;
  throw new LabelfreeError("random/invalid", `weightedIndex: got a total of ${total}, expected a positive number`);
}

function checkState(state: RandomState): void {
  const { algorithm, identity, words } = state;
  const isWord = (word: number) => Number.isInteger(word) && word >= 0 && word < TWO_32;
  const wordsFit = Array.isArray(words) && words.length === 4 && words.every(isWord) && words.some((word) => word > 0);
  if (algorithm === "xoshiro128**" && /^[0-9a-f]{64}$/.test(identity) && wordsFit) return;
  throw new LabelfreeError(
    "random/invalid-state",
    `random state: got ${JSON.stringify(state)}, expected what Random.state() returned (algorithm, identity, words)`,
  );
}
