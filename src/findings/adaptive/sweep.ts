import type { RunSpec } from "../../runs/spec.ts";
import { armsSweep } from "../arms/arms-sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { ADAPTIVE } from "./comparisons.ts";

/** Comparisons of this finding, in the order in which they are shown. */
export const ADAPTIVE_COMPARISONS = [ADAPTIVE] as const;

/** @throws LabelfreeError `scale/not-available` at paper scale. */
export function adaptiveSweep(options: SweepOptions): RunSpec[] {
  return armsSweep(ADAPTIVE_COMPARISONS, options);
}
