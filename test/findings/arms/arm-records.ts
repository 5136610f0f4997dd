// Records of arms without training, with stated or with made-up numbers.

import { hashJson } from "../../../src/core/hash.ts";
import { Random } from "../../../src/core/random.ts";
import type { Arm, Comparison } from "../../../src/findings/arms/arm.ts";
import { armNamed } from "../../../src/findings/arms/arm.ts";
import type { ArmRecord } from "../../../src/findings/arms/arm-rows.ts";
import { baseOf } from "../../../src/findings/sweep-scale.ts";
import type { Study } from "../../../src/findings/study.ts";
import type { MethodName } from "../../../src/rl/methods.ts";
import type { EvaluationMetrics } from "../../../src/rl/metrics.ts";
import type { RecordedRun } from "../../../src/runs/recorded-run.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { evaluationRow, recordOf, stepRow } from "../synthetic-records.ts";

export interface ArmShape {
  readonly comparison: Comparison;
  readonly arm: string;
  readonly tier: string;
  readonly seed: number;
  readonly base: number;
  readonly final: number;
  /** Base and final of other columns. */
  readonly columns?: Readonly<Record<string, readonly [number, number]>>;
  readonly masked?: number | null;
  readonly collapseStep?: number | null;
  readonly hasDiverged?: boolean;
}

const STEPS = 40;

/** A run of an arm that goes straight from base to final in 40 steps and five evaluations. */
export function armRecord(shape: ArmShape): ArmRecord {
  const { comparison, tier, seed, base, final, columns = {}, masked = 0, collapseStep = null, hasDiverged } = shape;
  const { spec } = armNamed(comparison, shape.arm);
  const origin = baseOf(tier, seed);
  const method = (spec.method ?? "grpo") as MethodName;
  const record = recordOf({ tier, method, seed, base, final, hasDiverged: hasDiverged ?? false });
  const evaluations = [0, 0.25, 0.5, 0.75, 1].map((share): EvaluationMetrics => {
    const between = ([from, to]: readonly [number, number]): number => from + (to - from) * share;
    const others = Object.entries(columns).map(([name, ends]) => [name, between(ends)]);
    const row = evaluationRow(STEPS * share, between([base, final]), base);
    return { ...row, ...Object.fromEntries(others) } as EvaluationMetrics;
  });
  return {
    ...record,
    key: `${comparison.name}-${tier}-${shape.arm}-${seed}`,
    baseSeed: origin.baseSeed,
    run: toRun({ ...spec, seed, base: origin }),
    steps: Array.from({ length: STEPS }, (_, index) =>
      stepRow(index + 1, { "labelfree/masked_fraction": masked, "labelfree/level": levelAt(spec, index) }),
    ),
    evaluations,
    hasCollapsed: collapseStep !== null,
    collapseStep,
  };
}

function levelAt({ data }: Arm["spec"], index: number): number {
  const place = index / STEPS;
  if (data?.order === "shuffled") return 3.2 + 0.3 * Math.abs(((index * 7) % 5) - 2) * 0.5;
  if (data?.order === "reverse") return 5 - 4 * place;
  return data?.order === "adaptive" || data?.order === "adarft" ? 1 + 3.4 * place * place : 1 + 4 * place;
}

const BASES: Readonly<Record<string, number>> = { xs: 0.14, s: 0.2, m: 0.35, l: 0.5 };

/** Comparisons x tiers x arms x seeds with made-up ends: weak tiers fall without a curriculum or labels. */
export function plausibleArms(comparisons: readonly Comparison[], seeds: number): ArmRecord[] {
  const records = comparisons.flatMap((comparison) =>
    comparison.tiers.flatMap((tier) =>
      comparison.arms.flatMap((arm) =>
        Array.from({ length: seeds }, (_, index) => plausibleArm(comparison, arm, tier, index + 1)),
      ),
    ),
  );
  return [...new Map(records.map((record) => [hashJson(record.run), record])).values()]; // as a sweep has a run once
}

function plausibleArm(comparison: Comparison, arm: Arm, tier: string, seed: number): ArmRecord {
  const random = Random.fromSeed(`${comparison.name}/${tier}/${arm.name}/${seed}`);
  const size = tier.split("-")[0];
  const { baseSeed } = baseOf(tier, seed);
  const base = BASES[size] + 0.01 * (baseSeed - 2);
  const isAble = size === "m" || size === "l";
  const { method, data } = arm.spec;
  const isSafe = method === "grpo" || (method === "cuma" && data?.order !== "shuffled" && data?.order !== "reverse");
  const end = isSafe ? base + (isAble ? 0.3 : 0.1) : isAble ? base + 0.2 : 0.02;
  const final = Math.min(1, Math.max(0.002, end + 0.02 * random.normal()));
  const hasCollapsed = final < base / 2;
  return armRecord({
    ...{ comparison, arm: arm.name, tier, seed, base, final },
    collapseStep: hasCollapsed ? 10 + random.integer(20) : null,
    masked: tier.endsWith("-flat") && arm.spec.mask?.minVotes !== null ? 0.2 + 0.1 * random.uniform() : 0.01,
    columns: {
      "eval/lcb-like/accuracy": [base * 0.9, final * 0.95],
      "eval/math-like/mean_length": [13, isAble ? 17 + random.uniform() : 9 + random.uniform()],
      "eval/math-like/reflection_share": [0.05, tier === "l-checked" ? 0.3 + 0.05 * random.uniform() : 0.02],
    },
  });
}

/** The study that such records come from. */
export function studyOf(records: readonly ArmRecord[], scale: Study["scale"] = "micro"): Study {
  const runs = records.map(({ key, run, steps, evaluations, collapseStep, hasDiverged }) => {
    const collapse = collapseStep === null ? null : { step: collapseStep };
    return { result: { key, run, collapse, hasDiverged }, steps, evaluations } as unknown as RecordedRun;
  });
  return { scale, runs, failures: [] };
}
