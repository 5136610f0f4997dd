// What a finding that compares arms compares. An arm is a name and the settings that make it; a comparison is some arms on
// some tiers, one of them the reference. A run belongs to an arm by its settings alone, all but those that a sweep's scale,
// tier and seed decide, so that runs of other findings serve as arms too.

import { hashJson } from "../../core/hash.ts";
import { LabelfreeError } from "../../core/errors.ts";
import type { ShownMethod } from "../../figures/theme.ts";
import { METHOD_LABELS } from "../../figures/theme.ts";
import type { Run, RunSpec } from "../../runs/spec.ts";
import { toRun } from "../../runs/spec.ts";

export interface Arm {
  readonly name: string;
  /** Its row in figures and tables. */
  readonly label: string;
  readonly spec: Omit<RunSpec, "seed" | "base" | "evaluation" | "checkpointEverySteps">;
  /** The method in whose colour it is drawn. */
  readonly shownAs: ShownMethod;
}

export interface Comparison {
  readonly name: string;
  /** Heads its figure and its table. */
  readonly title: string;
  /** Weakest first. */
  readonly tiers: readonly [string, ...string[]];
  /** Default the first tier. */
  readonly smokeTiers?: readonly string[];
  /** Held-out sets that the smoke scale leaves out but this comparison looks at. */
  readonly smokeEndSets?: readonly string[];
  /** In the order in which they are shown. */
  readonly arms: readonly [Arm, ...Arm[]];
  /** Name of the arm that the others are compared with; null: each with its base only. */
  readonly reference: string | null;
}

/** A method's preset as an arm. */
export function methodArm(method: "grpo" | "ttrl" | "intuitor" | "cuma"): Arm {
  return { name: method, label: METHOD_LABELS[method], shownAs: method, spec: { method } };
}

/** Where a run stands in comparisons. */
export interface ArmPlace {
  readonly comparison: string;
  readonly arm: string;
}

/**
 * Finds the arms of runs; a run may stand in several comparisons.
 * @throws LabelfreeError `arms/not-distinct` where two arms of one comparison have equal settings.
 */
export function armFinder(comparisons: readonly Comparison[]): (run: Run) => ArmPlace[] {
  const places = new Map<string, ArmPlace[]>();
  for (const { name: comparison, tiers, arms } of comparisons) {
    for (const { name: arm, spec } of arms) {
      for (const tier of tiers) {
        const key = `${tier}/${settingsHash(toRun(spec))}`;
        const known = places.get(key) ?? [];
        const twin = known.find((place) => place.comparison === comparison);
        if (twin !== undefined) {
          const message = `${comparison}: got equal settings for ${twin.arm} and ${arm}, expected arms that differ`;
          throw new LabelfreeError("arms/not-distinct", message, { fields: { comparison, arms: [twin.arm, arm] } });
        }
        places.set(key, [...known, { comparison, arm }]);
      }
    }
  }
  return (run) => {
    const tier = "tier" in run.base ? run.base.tier : run.base.checkpoint;
    return places.get(`${tier}/${settingsHash(run)}`) ?? [];
  };
}

/** @throws LabelfreeError `arms/unknown-arm`. */
export function armNamed({ name: comparison, arms }: Comparison, name: string): Arm {
  const arm = arms.find((candidate) => candidate.name === name);
  if (arm !== undefined) return arm;
  const message = `${comparison}: got arm "${name}", expected one of ${arms.map((known) => known.name).join(", ")}`;
  throw new LabelfreeError("arms/unknown-arm", message, { fields: { comparison, name } });
}

/** Of all settings but those that a sweep's scale, tier and seed decide. */
function settingsHash(run: Run): string {
  const decided = { seed: null, base: null, evaluation: null, checkpointEverySteps: null };
  return hashJson({ ...run, ...decided, data: { ...run.data, size: null } });
}
