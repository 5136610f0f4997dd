// Records of a difficulty sweep without training: single runs with stated numbers, and a whole sweep with plausible ones.
import { exp } from "../../../src/core/exact-math.ts";
import { Random } from "../../../src/core/random.ts";
import { HARDEST_LEVELS } from "../../../src/findings/difficulty/level-sets.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { MethodName } from "../../../src/rl/methods.ts";
import type { StepMetrics } from "../../../src/rl/metrics.ts";
import { toRun } from "../../../src/runs/spec.ts";
import type { RunShape } from "../synthetic-records.ts";
import { evaluationRow, recordOf, stepRow } from "../synthetic-records.ts";

export interface DifficultyShape extends RunShape {
  readonly hardestLevel: number;
  /** On levels 1-3; default 0.1 above the others. */
  readonly easyBase?: number;
  readonly easyFinal?: number;
}

/** A run of four steps on levels 1 to the hardest; stories are evaluated at its ends only. */
export function recordOn(shape: DifficultyShape): RunRecord {
  const { tier, method, seed, hardestLevel, base, final } = shape;
  const { easyBase = base + 0.1, easyFinal = final + 0.1 } = shape;
  const record = recordOf(shape);
  return {
    ...record,
    key: `${record.key}-${hardestLevel}`,
    run: toRun({ method, seed, base: { tier, baseSeed: record.baseSeed }, data: { levels: levelsTo(hardestLevel) } }),
    evaluations: record.evaluations.map((row, index) => ({
      ...row,
      "eval/gsm-like/accuracy": [easyBase, null, easyFinal][index] ?? null,
    })),
  };
}

const BASES: Readonly<Record<string, number>> = { xs: 0.158, s: 0.203, m: 0.36, l: 0.522 };

/** Ends by hardest level 2, 3, 4, 5. */
const ENDS: Readonly<Record<string, readonly number[]>> = {
  "xs ttrl": [0.22, 0.15, 0.03, 0.008],
  "s ttrl": [0.3, 0.31, 0.12, 0.007],
  "m ttrl": [0.5, 0.56, 0.6, 0.62],
  "l ttrl": [0.7, 0.83, 0.93, 0.967],
  "xs grpo": [0.24, 0.27, 0.28, 0.285],
};

export interface DifficultySweepShape {
  readonly seeds: number;
  readonly steps?: number;
  readonly tiers?: readonly string[];
}

/** TTRL on all tiers and GRPO on xs, by level set and seed; the same numbers at every call. */
export function plausibleDifficultySweep({
  seeds,
  steps = 250,
  tiers = Object.keys(BASES),
}: DifficultySweepShape): RunRecord[] {
  const cells = Object.entries(ENDS).map(([name, ends]) => ({ name, ends, tier: name.split(" ")[0] }));
  return cells
    .filter(({ tier }) => tiers.includes(tier))
    .flatMap(({ name, ends, tier }) =>
      Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
        HARDEST_LEVELS.map((hardestLevel, set) =>
          plausibleRun(tier, name.split(" ")[1] as MethodName, seed, hardestLevel, ends[set], steps),
        ),
      ),
    );
}

function plausibleRun(
  tier: string,
  method: MethodName,
  seed: number,
  hardestLevel: number,
  mean: number,
  steps: number,
): RunRecord {
  const random = Random.fromSeed(`${tier}/${method}/${seed}/${hardestLevel}`);
  const base = BASES[tier] + 0.01 * (((seed - 1) % 3) - 1);
  const end = Math.max(0.002, mean + 0.025 * random.normal());
  const isFalling = end < base;
  const course = (step: number): number => 1 / (1 + exp(-(step - steps * 0.35) / (steps * 0.1)));
  const between = (from: number, to: number, step: number): number => from + (to - from) * course(step);
  const noisy = (value: number, size: number): number => Math.min(1, Math.max(0, value + size * random.normal()));
  const inEighths = (value: number): number => Math.round(noisy(value, 0.1) * 8) / 8;
  const rows = Array.from({ length: steps }, (_, index): StepMetrics => {
    const step = index + 1;
    const easier = 1.4 - 0.08 * hardestLevel;
    const labelAccuracy = between(base * easier + 0.1, isFalling ? end : Math.min(1, end * 1.1), step);
    return stepRow(step, {
      "labelfree/majority_share": noisy(between(0.45, isFalling ? 0.99 : 0.85, step), 0.04),
      "labelfree/label_accuracy": inEighths(labelAccuracy),
      "labelfree/label_accuracy/level_2": random.uniform() < 0.2 ? null : inEighths(Math.min(1, labelAccuracy * 1.25)),
    });
  });
  const record = recordOn({ tier, method, seed, hardestLevel, base, final: end });
  const evaluations = [0, steps / 2, steps].map((step) => {
    const accuracy = step === 0 ? base : between(base, end, step);
    const easy = step === steps / 2 ? null : Math.min(0.995, accuracy * 1.35);
    return { ...evaluationRow(step, accuracy, base), "eval/gsm-like/accuracy": easy };
  });
  return { ...record, steps: rows, evaluations, hasCollapsed: end < base / 2 };
}

function levelsTo(hardestLevel: number): number[] {
  return Array.from({ length: hardestLevel }, (_, index) => index + 1);
}
