import type { RunSpec } from "../../runs/spec.ts";
import { armsSweep } from "../arms/arms-sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { QWEN, LLAMA, MISTRAL, PROGRAM } from "./comparisons.ts";

/** Comparisons of this finding, in the order in which they are shown. */
export const FAMILIES_COMPARISONS = [QWEN, LLAMA, MISTRAL, PROGRAM] as const;

/** @throws LabelfreeError `scale/not-available` at paper scale. */
export function familiesSweep(options: SweepOptions): RunSpec[] {
  return armsSweep(FAMILIES_COMPARISONS, options);
}
