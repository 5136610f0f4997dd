import type { RunSpec } from "../../runs/spec.ts";
import { collapseSweep } from "../collapse/sweep.ts";
import type { SweepOptions } from "../scale.ts";
import { BENCHMARK_SETS } from "./benchmarks.ts";

const [trainedForm, ...otherSets] = BENCHMARK_SETS;

/**
 * The runs of the finding collapse, read on all five benchmarks. At smoke scale these evaluate on the first benchmark only,
 * to be done in seconds, and a table needs all five: its smoke runs are runs of its own.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function mainTableSweep(options: SweepOptions): RunSpec[] {
  const specs = collapseSweep(options);
  if (options.scale !== "smoke") return specs;
  return specs.map((spec) => ({
    ...spec,
    evaluation: { ...spec.evaluation, sets: [trainedForm], endSets: otherSets },
  }));
}
