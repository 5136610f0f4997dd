// Synthetic records with the lengths of held-out responses, which the shared ones lack.
import { Random } from "../../../src/core/random.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { RunShape, SweepShape } from "../synthetic-records.ts";
import { plausibleSweep, recordOf } from "../synthetic-records.ts";

const LENGTH = "eval/math-like/mean_length";

export interface Lengths {
  readonly baseLength: number;
  readonly finalLength: number;
}

/** A run of four steps whose held-out length goes straight from base to final. */
export function lengthRecordOf({ baseLength, finalLength, ...shape }: RunShape & Lengths): RunRecord {
  return withLengths(recordOf(shape), (share) => baseLength + share * (finalLength - baseLength));
}

/** Tiers x methods x seeds with plausible curves: responses become short where accuracy falls, and long where it rises. */
export function plausibleLengths(shape: SweepShape): RunRecord[] {
  return plausibleSweep(shape).map((record) => {
    const random = Random.fromSeed(`length/${record.key}`);
    const base = record.evaluations[0]["eval/math-like/accuracy"] ?? 0;
    const final = record.evaluations.at(-1)?.["eval/math-like/accuracy"] ?? 0;
    const end = (final < base ? 4 + 40 * final : 21 + 8 * Math.sqrt(final)) + 0.7 * random.normal();
    const curved = withLengths(record, (share) => 16 + (end - 16) * Math.sqrt(share) + 0.2 * random.normal());
    const steps = curved.steps.map((row, index) => {
      const left = 1 - index / curved.steps.length;
      return { ...row, "completions/clipped_ratio": Math.round(6 * left * random.uniform()) / 64 };
    });
    return { ...curved, steps };
  });
}

/** The record with a share of rollouts that reflect in every step. */
export function reflecting(record: RunRecord, share: number): RunRecord {
  return { ...record, steps: record.steps.map((row) => ({ ...row, "labelfree/reflection_share": share })) };
}

function withLengths(record: RunRecord, lengthAt: (share: number) => number): RunRecord {
  const last = record.evaluations.length - 1;
  const evaluations = record.evaluations.map((row, index) => ({ ...row, [LENGTH]: lengthAt(index / last) }));
  return { ...record, evaluations };
}
