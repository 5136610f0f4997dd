// From runs to the tables behind the collapse figures and verdicts.
import { from, op } from "arquero";
import type { MethodName } from "../../rl/methods.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows } from "../outcomes.ts";
import type { EvaluationColumn, RunRecord } from "../run-record.ts";
import { baseValue, finalValue, finiteValue, HELD_OUT_ACCURACY, inSweepOrder } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds } from "../seed-means.ts";
import { blockMeans, blockStepsOf } from "../training-blocks.ts";
import { tiersOf } from "../figure-parts.ts";
import type { AgreementCurves } from "./agreement.ts";
import { agreementCurves, onsetCurves } from "./agreement.ts";
import type { CellAnswers, PolicyAnswers } from "./answers.ts";
import { cellAnswers, policyAnswers } from "./answers.ts";
import type { RunSamples } from "./samples.ts";
import { runSamples } from "./samples.ts";

const LEVELS = [1, 2, 3, 4, 5] as const;

/** Training metrics shown, by the name of their column. */
export const MECHANISM_METRICS = [
  "labelfree/label_accuracy",
  "labelfree/majority_share",
  "reward",
  "labelfree/masked_fraction",
  "entropy",
  "completions/mean_length",
] as const;

export type MechanismMetric = (typeof MECHANISM_METRICS)[number];

interface Cell {
  readonly tier: string;
  readonly method: MethodName;
}

export interface HeldOutRow extends Cell {
  readonly seed: number;
  readonly step: number;
  readonly accuracy: number;
}

export interface HeldOutMeanRow extends Cell, SeedMean {
  readonly step: number;
}

export interface MechanismRow extends Cell, SeedMean {
  readonly metric: MechanismMetric;
  /** Middle of the block of steps. */
  readonly step: number;
}

export interface LevelRow extends SeedMean {
  readonly tier: string;
  /** "base": before training. */
  readonly method: MethodName | "base";
  readonly level: number;
}

export interface CollapseAnalysis {
  readonly heldOut: readonly HeldOutRow[];
  readonly heldOutMeans: readonly HeldOutMeanRow[];
  readonly mechanism: readonly MechanismRow[];
  /** Steps in a block of `mechanism`. */
  readonly blockSteps: number;
  readonly levels: readonly LevelRow[];
  /** Agreement and truth over whole runs. */
  readonly agreement: AgreementCurves;
  /** The same over the first steps. */
  readonly onset: AgreementCurves;
  readonly answers: { readonly policies: readonly PolicyAnswers[]; readonly cells: readonly CellAnswers[] };
  /** Of the weakest and the strongest tier. */
  readonly samples: readonly RunSamples[];
  readonly finals: readonly FinalRow[];
  readonly bases: readonly BaseRow[];
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, or `finding/not-finite` where a number is missing that must be there.
 */
export function analyseCollapse(runs: readonly RunRecord[]): CollapseAnalysis {
  const records = inSweepOrder(runs);
  const bases = baseRows(records);
  const heldOut = heldOutRows(records);
  const blockSteps = blockStepsOf(records);
  const policies = policyAnswers(records);
  const tiers = tiersOf({ bases });
  return {
    heldOut,
    heldOutMeans: meansOverSeeds("collapse", heldOut, ["tier", "method", "step"], "accuracy"),
    mechanism: mechanismRows(records, blockSteps),
    blockSteps,
    levels: [...baseLevelRows(records), ...finalLevelRows(records)],
    agreement: agreementCurves(records, blockSteps),
    onset: onsetCurves(records),
    answers: { policies, cells: cellAnswers(policies) },
    samples: runSamples(records, [...new Set([tiers[0], tiers[tiers.length - 1]])]),
    finals: finalRows(records, bases),
    bases,
  };
}

function heldOutRows(records: readonly RunRecord[]): HeldOutRow[] {
  return records.flatMap((record) =>
    record.evaluations.map((row) => {
      const accuracy = finiteValue(row[HELD_OUT_ACCURACY], record, row.step, HELD_OUT_ACCURACY);
      return { tier: record.tier, method: record.method, seed: record.seed, step: row.step, accuracy };
    }),
  );
}

function baseLevelRows(records: readonly RunRecord[]): LevelRow[] {
  const rows = records.flatMap((record) =>
    LEVELS.map((level) => {
      const accuracy = baseValue(record, levelColumn(level));
      return { tier: record.tier, method: "base", level, seed: record.baseSeed, accuracy };
    }),
  );
  const perBase = from(rows)
    .groupby("tier", "method", "level", "seed")
    .rollup({ accuracy: op.mean("accuracy") })
    .objects();
  return meansOverSeeds("collapse", perBase, ["tier", "method", "level"], "accuracy");
}

function finalLevelRows(records: readonly RunRecord[]): LevelRow[] {
  const rows = records.flatMap((record) =>
    LEVELS.map((level) => {
      const { tier, method, seed } = record;
      return { tier, method, seed, level, accuracy: finalValue(record, levelColumn(level)) };
    }),
  );
  return meansOverSeeds("collapse", rows, ["tier", "method", "level"], "accuracy");
}

function mechanismRows(records: readonly RunRecord[], blockSteps: number): MechanismRow[] {
  const rows = records.flatMap((record) =>
    record.steps.flatMap((row) =>
      MECHANISM_METRICS.flatMap((metric) => {
        if (row[metric] === null) return []; // no meaning at this step, or the row in which the run diverged
        const value = finiteValue(row[metric], record, row.step, metric);
        return { tier: record.tier, method: record.method, seed: record.seed, metric, step: row.step, value };
      }),
    ),
  );
  const blocks = blockMeans(rows, ["tier", "method", "metric", "step", "seed"], blockSteps);
  return meansOverSeeds("collapse", blocks, ["tier", "method", "metric", "step"], "value");
}

function levelColumn(level: number): EvaluationColumn {
  return `eval/math-like/level_${level}`;
}
