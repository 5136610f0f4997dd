import type { MethodName } from "../../rl/methods.ts";
import type { RunSpec } from "../../runs/spec.ts";
import type { SweepOptions } from "../scale.ts";
import { baseOf, forSeeds, sweepScale } from "../sweep-scale.ts";

export const COMPARED_METHODS = ["grpo", "ttrl", "intuitor", "cuma"] as const satisfies readonly MethodName[];

/**
 * Tiers x methods x seeds; everything else is what the methods' presets say.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function collapseSweep({ scale, seeds }: SweepOptions): RunSpec[] {
  const { tiers, settings } = sweepScale(scale, ["MATH-500", "GSM8K", "GPQA", "AIME24", "LiveCodeBench"]);
  return forSeeds(seeds, (seed) =>
    tiers.flatMap((tier) =>
      COMPARED_METHODS.map((method) => ({ ...settings, method, seed, base: baseOf(tier, seed) })),
    ),
  );
}
