import type { MethodName } from "../../rl/methods.ts";
import type { RunSpec } from "../../runs/spec.ts";
import type { Scale, SweepOptions } from "../scale.ts";
import { paperScaleMissing } from "../scale.ts";

export const COMPARED_METHODS = ["grpo", "ttrl", "intuitor", "cuma"] as const satisfies readonly MethodName[];

/** Base checkpoints per tier; the seeds of a sweep take them in turn. */
const BASES_PER_TIER = 3;

interface SweepScale {
  readonly tiers: readonly string[];
  readonly settings: RunSpec;
}

const SCALES: Readonly<Record<Exclude<Scale, "paper">, SweepScale>> = {
  smoke: {
    tiers: ["xs", "l"],
    settings: { data: { size: 48 }, evaluation: { everySteps: 3, sets: ["math-like"] }, checkpointEverySteps: 3 },
  },
  micro: { tiers: ["xs", "s", "m", "l"], settings: {} },
};

/**
 * Tiers x methods x seeds; everything else is what the methods' presets say.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function collapseSweep({ scale, seeds }: SweepOptions): RunSpec[] {
  if (scale === "paper") throw paperScaleMissing(["MATH-500", "GSM8K", "GPQA", "AIME24", "LiveCodeBench"]);
  const { tiers, settings } = SCALES[scale];
  return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
    tiers.flatMap((tier) =>
      COMPARED_METHODS.map((method) => ({
        ...settings,
        method,
        seed,
        base: { tier, baseSeed: ((seed - 1) % BASES_PER_TIER) + 1 },
      })),
    ),
  );
}
