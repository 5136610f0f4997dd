import type { RunSpec } from "../../runs/spec.ts";
import type { Scale, SweepOptions } from "../scale.ts";
import { paperScaleMissing } from "../scale.ts";
import { ARMS } from "./arms.ts";

/** Base checkpoints per tier; the seeds of a sweep take them in turn. */
const BASES_PER_TIER = 3;

interface SweepScale {
  readonly tiers: readonly string[];
  readonly settings: RunSpec;
}

/** Those of the other findings, so that a run which two of them have is trained once. */
const SCALES: Readonly<Record<Exclude<Scale, "paper">, SweepScale>> = {
  smoke: {
    tiers: ["xs", "l"],
    settings: { data: { size: 48 }, evaluation: { everySteps: 3, sets: ["math-like"] }, checkpointEverySteps: 3 },
  },
  micro: { tiers: ["xs", "s", "m", "l"], settings: {} },
};

/**
 * Tiers x arms x seeds, every arm with the same number of problems.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function ablationSweep({ scale, seeds }: SweepOptions): RunSpec[] {
  if (scale === "paper") throw paperScaleMissing(["MATH-500"]);
  const { tiers, settings } = SCALES[scale];
  return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
    tiers.flatMap((tier) =>
      ARMS.map(({ spec }) => ({
        ...settings,
        ...spec,
        ...withData(settings, spec),
        seed,
        base: { tier, baseSeed: ((seed - 1) % BASES_PER_TIER) + 1 },
      })),
    ),
  );
}

function withData(settings: RunSpec, spec: RunSpec): Pick<RunSpec, "data"> {
  if (settings.data === undefined && spec.data === undefined) return {};
  return { data: { ...settings.data, ...spec.data } };
}
