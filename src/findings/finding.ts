import type { TopLevelSpec } from "vega-lite";
import type { RunSpec } from "../runs/spec.ts";
import type { FindingExtra } from "./finding-extra.ts";
import type { Scale, SweepOptions } from "./scale.ts";
import type { Study } from "./study.ts";
import type { Verdict } from "./verdict.ts";

/** One finding of the paper: what to run, what to make of it, what to draw and what to conclude. All pure. */
export interface Finding<Analysis = unknown> {
  readonly name: string;
  /** One line for a list of findings. */
  readonly title: string;
  /** Seeds of the micro study where none are asked for. Default 5. */
  readonly microSeeds?: number;
  /** Data that it needs beside its runs; the study holds it. Default none. */
  readonly extra?: FindingExtra;
  sweep(options: SweepOptions): RunSpec[];
  analyse(study: Study): Analysis;
  /** Specs by file name without its ending. */
  figures(analysis: Analysis, study: Study): Readonly<Record<string, TopLevelSpec>>;
  verdicts(analysis: Analysis, study: Study): Verdict[];
  /** Our numbers beside the paper's, as text of this width. */
  numbers(analysis: Analysis, study: Study, width: number): string;
}

/** Seeds of a finding's study where none are asked for. */
export function defaultSeeds({ microSeeds = 5 }: Pick<Finding, "microSeeds">, scale: Scale): number {
  return scale === "smoke" ? 1 : microSeeds;
}
