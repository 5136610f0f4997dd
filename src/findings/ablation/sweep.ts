import type { RunSpec } from "../../runs/spec.ts";
import type { SweepOptions } from "../scale.ts";
import { baseOf, forSeeds, sweepScale } from "../sweep-scale.ts";
import { ARMS } from "./arms.ts";

/**
 * Tiers x arms x seeds, every arm with the same number of problems.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function ablationSweep({ scale, seeds }: SweepOptions): RunSpec[] {
  const { tiers, settings } = sweepScale(scale, ["MATH-500"]);
  return forSeeds(seeds, (seed) =>
    tiers.flatMap((tier) =>
      ARMS.map(({ spec }) => ({
        ...settings,
        ...spec,
        ...withData(settings, spec),
        seed,
        base: baseOf(tier, seed),
      })),
    ),
  );
}

function withData(settings: RunSpec, spec: RunSpec): Pick<RunSpec, "data"> {
  if (settings.data === undefined && spec.data === undefined) return {};
  return { data: { ...settings.data, ...spec.data } };
}
