import type { RunSpec } from "../../runs/spec.ts";
import { armsSweep } from "../arms/arms-sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { LONG_RUN } from "./comparisons.ts";

/** Comparisons of this finding, in the order in which they are shown. */
export const LONG_RUN_COMPARISONS = [LONG_RUN] as const;

/** @throws LabelfreeError `scale/not-available` at paper scale. */
export function longRunSweep(options: SweepOptions): RunSpec[] {
  return armsSweep(LONG_RUN_COMPARISONS, options);
}
