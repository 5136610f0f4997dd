// TTRL on levels 1-2, 1-3, 1-4 and 1-5 of the natural set, on every tier. Every set has the same number of problems, so
// all runs have the same steps and samples; within a set the levels keep their natural proportions. Only the mixture
// changes: each step to the right swaps easy problems for harder ones. (Level 1 has few prompts that are not held out, so
// the set 1-2 repeats some of them.)
//
// Control: GRPO with labels on the same four sets, on the weakest tier, where the claim is judged. If harder problems did
// harm by being hard, they would harm it too; if they do so through wrong labels, they should not. One tier is enough for
// that question: 20 runs a seed, of which the five on levels 1-5 are those of the finding collapse.
import type { MethodName } from "../../rl/methods.ts";
import type { RunSpec } from "../../runs/spec.ts";
import type { SweepOptions } from "../scale.ts";
import { baseOf, forSeeds, sweepScale } from "../sweep-scale.ts";
import { HARDEST_LEVELS } from "./level-sets.ts";

const ALL_LEVELS = 5;

/**
 * Tiers x level sets x seeds with TTRL, and level sets x seeds with GRPO on the weakest tier.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function difficultySweep({ scale, seeds }: SweepOptions): RunSpec[] {
  const { tiers, settings: shared } = sweepScale(scale, ["MATH-500", "GSM8K"]);
  const ofBothSets = { everySteps: 3, endSets: ["gsm-like"] };
  const settings = scale === "smoke" ? { ...shared, evaluation: ofBothSets } : shared;
  const cells: readonly { tier: string; method: MethodName }[] = [
    ...tiers.map((tier) => ({ tier, method: "ttrl" as const })),
    { tier: tiers[0], method: "grpo" },
  ];
  return forSeeds(seeds, (seed) =>
    cells.flatMap(({ tier, method }) =>
      HARDEST_LEVELS.map((hardestLevel) => ({
        ...upTo(hardestLevel, settings),
        method,
        seed,
        base: baseOf(tier, seed),
      })),
    ),
  );
}

/** The settings with levels 1 to the hardest; all levels are the default and stay unsaid, as in other findings. */
function upTo(hardestLevel: number, settings: RunSpec): RunSpec {
  if (hardestLevel === ALL_LEVELS) return settings;
  const levels = Array.from({ length: hardestLevel }, (_, index) => index + 1);
  return { ...settings, data: { ...settings.data, levels } };
}
