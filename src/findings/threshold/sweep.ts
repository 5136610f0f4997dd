// A line of base checkpoints from weak to strong. xs to l are the collapse sweep's own runs, its labelled ceiling among
// them. The ladder's tiers have one shape, that of s and m, and differ only in how long they were pre-trained, so that
// ability can be told from size. Bases count alike: two runs each from six seeds on xs to l (three bases a tier) and from
// four on the ladder (two bases a tier).
import type { MethodName } from "../../rl/methods.ts";
import type { RunSpec } from "../../runs/spec.ts";
import { COMPARED_METHODS } from "../collapse/sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { baseOf, forSeeds, sweepScale } from "../sweep-scale.ts";

/** Weakest first; named after the accuracy in % at which pre-training ended. */
export const LADDER_TIERS = ["t10", "t15", "t25", "t30", "t45"] as const;

/** Tiers of the ladder's shape, which pre-training alone tells apart. */
export const ONE_SHAPE_TIERS: readonly string[] = ["t10", "t15", "s", "t25", "t30", "m", "t45"];

const LABEL_FREE = ["ttrl", "intuitor", "cuma"] as const satisfies readonly MethodName[];

/** Seeds that give a base of the ladder as many runs as `seeds` seeds give the first base of the other tiers. */
const ladderSeeds = (seeds: number): number => 2 * Math.ceil(seeds / 3);

/**
 * Collapse's runs of these seeds, and the ladder's without labels.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function thresholdSweep({ scale, seeds }: SweepOptions): RunSpec[] {
  const { tiers, settings } = sweepScale(scale, ["MATH-500"]);
  const runs = (tier: string, methods: readonly MethodName[], seed: number): RunSpec[] =>
    methods.map((method) => ({ ...settings, method, seed, base: baseOf(tier, seed) }));
  const known = forSeeds(seeds, (seed) => tiers.flatMap((tier) => runs(tier, COMPARED_METHODS, seed)));
  if (scale === "smoke") return known; // the ladder's tiers are checkpoints of the micro study only
  return [
    ...known,
    ...forSeeds(ladderSeeds(seeds), (seed) => LADDER_TIERS.flatMap((tier) => runs(tier, LABEL_FREE, seed))),
  ];
}
