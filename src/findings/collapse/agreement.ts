// Do a group's rollouts agree, and is what they agree on true? Of each training step:
// - agreement (majority share): share of a group's rollouts that gave its most frequent answer, which is what TTRL and CuMa
//   pay for;
// - label accuracy: share of groups whose most frequent answer is right;
// - accuracy: share of rollouts that are right, which is what GRPO with labels pays for. Where every majority is right it
//   equals the agreement; it is never above it, and the gap is reward for wrong answers.
// Means over blocks of steps within each run, then over seeds. They follow the level of the step's problems, so under a
// curriculum they begin with easy ones.
import { escape, from, op } from "arquero";
import type { MethodName } from "../../rl/methods.ts";
import type { RunRecord } from "../run-record.ts";
import { finiteValue } from "../run-record.ts";
import { blockMiddle } from "../training-blocks.ts";

/** Steps magnified: those in which the paper's weakest model has almost no right output. */
const ONSET_STEPS = 50;

const ONSET_BLOCKS = 10;

interface Agreement {
  readonly agreement: number;
  readonly labelAccuracy: number;
  readonly accuracy: number;
}

export interface AgreementRow extends Agreement {
  readonly tier: string;
  readonly method: MethodName;
  readonly seed: number;
  /** Middle of the block of steps. */
  readonly step: number;
}

export interface AgreementMean extends Omit<AgreementRow, "seed"> {
  /** Seeds. */
  readonly n: number;
}

export interface AgreementCurves {
  readonly rows: readonly AgreementRow[];
  readonly means: readonly AgreementMean[];
  /** Steps in a block. */
  readonly blockSteps: number;
  /** Last step shown. */
  readonly steps: number;
}

/** The curves of whole runs. */
export function agreementCurves(records: readonly RunRecord[], blockSteps: number): AgreementCurves {
  return curves(records, blockSteps, longest(records));
}

/** The curves of the first steps, in short blocks. */
export function onsetCurves(records: readonly RunRecord[]): AgreementCurves {
  const steps = Math.min(ONSET_STEPS, longest(records));
  return curves(records, Math.ceil(steps / ONSET_BLOCKS), steps);
}

function longest(records: readonly RunRecord[]): number {
  return Math.max(...records.map(({ steps }) => steps.length));
}

function curves(records: readonly RunRecord[], blockSteps: number, steps: number): AgreementCurves {
  const values = records.flatMap((record) => stepValues(record, steps));
  const means = {
    agreement: op.mean("agreement"),
    labelAccuracy: op.mean("labelAccuracy"),
    accuracy: op.mean("accuracy"),
  };
  const rows = from(values)
    .derive({ step: escape(({ step }: { step: number }) => blockMiddle(step - 1, blockSteps)) })
    .groupby("tier", "method", "seed", "step")
    .rollup(means)
    .objects() as AgreementRow[];
  const overSeeds = from(rows)
    .groupby("tier", "method", "step")
    .rollup({ ...means, n: op.count() })
    .objects() as AgreementMean[];
  return { rows, means: overSeeds, blockSteps, steps };
}

function stepValues(record: RunRecord, steps: number): AgreementRow[] {
  const { tier, method, seed } = record;
  return record.steps.flatMap((row) => {
    if (row.step > steps) return [];
    const columns = {
      agreement: "labelfree/majority_share",
      labelAccuracy: "labelfree/label_accuracy",
      accuracy: "labelfree/accuracy",
    } as const;
    if (Object.values(columns).some((column) => row[column] === null)) return []; // the row in which the run diverged
    const value = (column: keyof Agreement) => finiteValue(row[columns[column]], record, row.step, columns[column]);
    const values = {
      agreement: value("agreement"),
      labelAccuracy: value("labelAccuracy"),
      accuracy: value("accuracy"),
    };
    return [{ tier, method, seed, step: row.step, ...values }];
  });
}
