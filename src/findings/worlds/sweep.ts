import type { RunSpec } from "../../runs/spec.ts";
import { armsSweep } from "../arms/arms-sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { SCARCE, FLAT, CHECKED, UNCHECKED } from "./comparisons.ts";

/** Comparisons of this finding, in the order in which they are shown. */
export const WORLDS_COMPARISONS = [SCARCE, FLAT, CHECKED, UNCHECKED] as const;

/** @throws LabelfreeError `scale/not-available` at paper scale. */
export function worldsSweep(options: SweepOptions): RunSpec[] {
  return armsSweep(WORLDS_COMPARISONS, options);
}
