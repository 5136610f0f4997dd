import { LabelfreeError } from "../core/errors.ts";

/** How large a study is: "smoke" in seconds, "micro" on any CPU, "paper" with real checkpoints and benchmarks. */
export type Scale = "smoke" | "micro" | "paper";

export interface SweepOptions {
  readonly scale: Scale;
  /** Seeds 1 to this one. */
  readonly seeds: number;
}

const CHECKPOINTS = ["Qwen2.5-0.5B", "Qwen2.5-1.5B", "Qwen2.5-3B", "Qwen2.5-7B"];

/** The error of a sweep at paper scale, with what it will need. */
export function paperScaleMissing(benchmarks: readonly string[]): LabelfreeError {
  const needs = [
    `local checkpoint folders in Hugging Face layout: ${CHECKPOINTS.join(", ")}`,
    `local benchmark files: ${benchmarks.join(", ")}`,
    "a GPU device, which this version does not have",
  ];
  return new LabelfreeError(
    "scale/not-available",
    `scale paper: cannot run yet, got none of what it needs:\n  ${needs.join("\n  ")}\nuse --scale micro, which needs nothing`,
    { fields: { needs } },
  );
}
