import type { RunSpec } from "../../runs/spec.ts";
import { hashJson } from "../../core/hash.ts";
import type { SweepOptions } from "../scale.ts";
import { baseOf, forSeeds, sweepScale } from "../sweep-scale.ts";
import type { Arm, Comparison } from "./arm.ts";

/**
 * Comparisons x tiers x arms x seeds, a run that two comparisons share once. Everything else is what the scale says, so
 * that a run which another finding has is equal to it.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function armsSweep(comparisons: readonly Comparison[], { scale, seeds }: SweepOptions): RunSpec[] {
  const { settings } = sweepScale(scale, ["MATH-500"]);
  const specs = forSeeds(seeds, (seed) =>
    comparisons.flatMap((comparison) =>
      tiersAt(comparison, scale).flatMap((tier) =>
        comparison.arms.map((arm) => ({
          ...withSettings(settings, arm),
          ...(scale === "smoke" ? endSets(settings, comparison) : {}),
          seed,
          base: baseOf(tier, seed),
        })),
      ),
    ),
  );
  return [...new Map(specs.map((spec) => [hashJson(spec), spec])).values()];
}

/** Tiers of a comparison at a scale, weakest first. */
function tiersAt({ tiers, smokeTiers }: Comparison, scale: SweepOptions["scale"]): readonly string[] {
  return scale === "smoke" ? (smokeTiers ?? tiers.slice(0, 1)) : tiers;
}

function endSets({ evaluation }: RunSpec, { smokeEndSets }: Comparison): Pick<RunSpec, "evaluation"> {
  return smokeEndSets === undefined ? {} : { evaluation: { ...evaluation, endSets: smokeEndSets } };
}

function withSettings(settings: RunSpec, { spec }: Arm): RunSpec {
  const data =
    settings.data === undefined && spec.data === undefined ? {} : { data: { ...settings.data, ...spec.data } };
  return { ...settings, ...spec, ...data };
}
