import type { RunSpec } from "../../runs/spec.ts";
import { armsSweep } from "../arms/arms-sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { TTRL_SETTINGS, CUMA_SETTINGS } from "./comparisons.ts";

/** Comparisons of this finding, in the order in which they are shown. */
export const SETTINGS_COMPARISONS = [TTRL_SETTINGS, CUMA_SETTINGS] as const;

/** @throws LabelfreeError `scale/not-available` at paper scale. */
export function settingsSweep(options: SweepOptions): RunSpec[] {
  return armsSweep(SETTINGS_COMPARISONS, options);
}
