import { readFileSync } from "node:fs";
import { sharedPath } from "../shared.ts";

type Rows = readonly (readonly number[])[];

export interface GoldenTotal {
  readonly label: string;
  readonly advantage: string;
  readonly clip: string;
  readonly aggregation: string;
  readonly kl: string | null;
  readonly beta: number;
  readonly loss: number;
  readonly grad: Rows;
}

interface GoldenInputs {
  readonly group: readonly number[];
  readonly lengths: readonly number[];
  readonly rewards: readonly number[];
  readonly logp_new: Rows;
  readonly logp_old: Rows;
  readonly logp_ref: Rows;
}

export interface GoldenLosses {
  readonly inputs: GoldenInputs;
  readonly advantages: Readonly<Record<string, readonly number[]>>;
  readonly kl: Readonly<
    Record<string, { per_token: Rows; token_mean: number; seq_mean_token_mean: number; grad_of_token_mean: Rows }>
  >;
  readonly surrogate: Readonly<
    Record<
      string,
      {
        clip_low: number | null;
        clip_high: number | null;
        dual: number | null;
        advantage: string;
        token_loss: Rows;
        clip_fraction: number;
        dual_clip_fraction: number;
      }
    >
  >;
  readonly totals: readonly GoldenTotal[];
  readonly reinforce_token_mean: { advantage: string; loss: number; grad: Rows };
  readonly gspo: readonly {
    advantage: string;
    clip_low: number;
    clip_high: number;
    clip_fraction: number;
    loss: number;
    grad: Rows;
  }[];
  readonly edge: {
    readonly inputs: GoldenInputs;
    readonly advantages: readonly number[];
    readonly losses: Readonly<Record<string, { loss: number; grad: Rows }>>;
  };
}

export interface GoldenVote {
  readonly name: string;
  readonly answers: readonly (string | null)[];
  readonly parsable_count: number;
  readonly majority: string | null;
  readonly majority_count: number;
  readonly majority_ratio: number;
  readonly tied_winners: readonly string[];
  readonly ttrl_rewards: readonly number[];
  readonly ttrl_advantages: Readonly<Record<string, readonly number[]>>;
  readonly cuma_keep: boolean;
  readonly cuma_advantages: Readonly<Record<string, readonly number[]>>;
}

const lossesPath = sharedPath("golden/losses.json");
const votesPath = sharedPath("golden/votes.json");

/** Reference values made with torch in double precision; undefined where the file is not there. */
export const goldenLosses: GoldenLosses | undefined = lossesPath && JSON.parse(readFileSync(lossesPath, "utf8"));
export const goldenVotes: { readonly cases: readonly GoldenVote[] } | undefined =
  votesPath && JSON.parse(readFileSync(votesPath, "utf8"));

/** Padded rows as the flat array that the code works on. */
export function flatten(rows: Rows, lengths: readonly number[]): number[] {
  return rows.flatMap((row, index) => row.slice(0, lengths[index]));
}

export function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [index, length] of lengths.entries()) offsets[index + 1] = offsets[index] + length;
  return offsets;
}

/** Largest distance between two number lists of the same length. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Array.from(actual).reduce((largest, value, index) => Math.max(largest, Math.abs(value - expected[index])), 0);
}
