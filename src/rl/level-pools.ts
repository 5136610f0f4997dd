// The problems of one epoch that an order found while training has not used yet: each level's in the epoch's shuffle, so
// that how many were taken of each level says which. Every problem is used at most once an epoch, as in a planned order.

/** Problems taken of each level in this epoch, lowest level first. */
export type Taken = readonly number[];

/** A level with problems left. */
export interface OpenLevel {
  readonly level: number;
  readonly left: number;
}

export class LevelPools {
  readonly #levels: readonly number[];
  readonly #queues: readonly (readonly number[])[];
  readonly #taken: number[];

  /** Pools over problems with these levels, `shuffled` being their indices; without `taken`, as an epoch begins. */
  constructor(levels: readonly number[], shuffled: readonly number[], taken?: Taken) {
    this.#levels = distinctLevels(levels);
    this.#queues = this.#levels.map((level) => shuffled.filter((index) => levels[index] === level));
    this.#taken = this.#levels.map((_, place) => taken?.[place] ?? 0);
  }

  /** The levels with problems left, lowest first. */
  open(): OpenLevel[] {
    return this.#levels
      .map((level, place) => ({ level, left: this.#queues[place].length - this.#taken[place] }))
      .filter(({ left }) => left > 0);
  }

  /** Takes the next problem of the open level nearest to a difficulty, the easier of two equally near; its index. */
  takeNearest(difficulty: number): number {
    const distance = ({ level }: OpenLevel) => Math.abs(level - difficulty);
    const [first, ...others] = this.open();
    const { level } = others.reduce((best, other) => (distance(other) < distance(best) ? other : best), first);
    return this.take(level);
  }

  /** Takes the next problem of an open level; its index. */
  take(level: number): number {
    const place = this.#levels.indexOf(level);
    const index = this.#queues[place][this.#taken[place]];
    this.#taken[place] += 1;
    return index;
  }

  taken(): Taken {
    return [...this.#taken];
  }
}

/** The distinct levels, lowest first. */
export function distinctLevels(levels: readonly number[]): number[] {
  return [...new Set(levels)].sort((a, b) => a - b);
}
