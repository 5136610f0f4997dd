// How token losses become one number. Every aggregation in use is a weighted sum of token losses in which all tokens of a
// response share one weight, so an aggregation is those weights. The choice changes results: on one real batch the token
// mean and the sequence mean differ in sign. A response without tokens is left out of the count of responses.

import type { Aggregation } from "./settings.ts";

/** Flat token arrays: response i owns tokens offsets[i] to offsets[i + 1]. */
export type Offsets = Int32Array | readonly number[];

export interface AggregationOptions {
  readonly aggregation: Aggregation;
  /** Length in tokens that "fixed-length" divides by. */
  readonly fixedLength: number;
  /** Per response: whether its tokens take part and count in the normaliser. Default: all do. */
  readonly counted?: readonly boolean[];
}

/** Weight of each response's tokens (one per response), 0 where nothing counts. */
export function aggregationWeights(offsets: Offsets, options: AggregationOptions): Float64Array {
  const { aggregation, fixedLength, counted } = options;
  const lengths = Array.from({ length: offsets.length - 1 }, (_, response) =>
    counted?.[response] === false ? 0 : offsets[response + 1] - offsets[response],
  );
  const tokens = lengths.reduce((total, length) => total + length, 0);
  const responses = lengths.filter((length) => length > 0).length;
  const weights: Readonly<Record<Aggregation, (length: number) => number>> = {
    "token-mean": () => 1 / tokens,
    "token-sum": () => 1,
    "sequence-mean-token-mean": (length) => 1 / (responses * length),
    "sequence-mean-token-sum": () => 1 / responses,
    "fixed-length": () => 1 / (responses * fixedLength),
  };
  return Float64Array.from(lengths, (length) => (length === 0 ? 0 : weights[aggregation](length)));
}
