import type { RunSpec } from "../../runs/spec.ts";
import { armsSweep } from "../arms/arms-sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { REWARDS } from "./comparisons.ts";

/** Comparisons of this finding, in the order in which they are shown. */
export const REWARDS_COMPARISONS = [REWARDS] as const;

/** @throws LabelfreeError `scale/not-available` at paper scale. */
export function rewardsSweep(options: SweepOptions): RunSpec[] {
  return armsSweep(REWARDS_COMPARISONS, options);
}
