import { TIER_ORDER } from "../figures/theme.ts";
import type { RunSpec } from "../runs/spec.ts";
import type { Scale } from "./scale.ts";
import { paperScaleMissing } from "./scale.ts";

/** Base checkpoints of each of the four main tiers, and of any other; the seeds of a sweep take them in turn. */
const BASES_PER_TIER = { main: 3, other: 2 } as const;

/** What all sweeps of a scale share, so that a run which two findings have is trained once. */
export interface SweepScale {
  /** Weakest first. */
  readonly tiers: readonly [string, ...string[]];
  readonly settings: RunSpec;
}

const SCALES: Readonly<Record<Exclude<Scale, "paper">, SweepScale>> = {
  smoke: {
    tiers: ["xs", "l"],
    settings: { data: { size: 48 }, evaluation: { everySteps: 3, endSets: [] }, checkpointEverySteps: 3 },
  },
  micro: { tiers: ["xs", "s", "m", "l"], settings: {} },
};

/**
 * Tiers and settings of a scale.
 * @throws LabelfreeError `scale/not-available` at paper scale, with the benchmarks that it would need.
 */
export function sweepScale(scale: Scale, benchmarks: readonly string[]): SweepScale {
  if (scale === "paper") throw paperScaleMissing(benchmarks);
  return SCALES[scale];
}

/** The specs of seeds 1 to `seeds`, one after the other. */
export function forSeeds(seeds: number, specsOf: (seed: number) => RunSpec[]): RunSpec[] {
  return Array.from({ length: seeds }, (_, index) => specsOf(index + 1)).flat();
}

/** The base checkpoint that a seed starts from. */
export function baseOf(tier: string, seed: number): { readonly tier: string; readonly baseSeed: number } {
  const isMain = (TIER_ORDER as readonly string[]).includes(tier);
  return { tier, baseSeed: ((seed - 1) % (isMain ? BASES_PER_TIER.main : BASES_PER_TIER.other)) + 1 };
}
