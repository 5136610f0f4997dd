// What each arm of the ablation is. CuMa has three components over TTRL: the curriculum (levels in ascending order, else
// one shuffle), data generation (levels evened out with generated problems, else the natural set) and the reward mask.
// Eight arms have every combination of them, all with the same number of problems: from CuMa's preset a component is
// taken away, and without any the arm is TTRL's preset itself, so that both ends are runs that other findings share.
// Further arms are full CuMa in another order; shuffled order is the arm without the curriculum. An arm is one entry
// here: its settings, and which components it has (null: it is not part of the factorial).

import { hashJson } from "../../core/hash.ts";
import { LabelfreeError } from "../../core/errors.ts";
import type { MethodName } from "../../rl/methods.ts";
import type { Run, RunSpec } from "../../runs/spec.ts";
import { toRun } from "../../runs/spec.ts";

/** CuMa's components, in the order of importance that the paper gives. */
export const COMPONENTS = ["curriculum", "generation", "mask"] as const;

export type Component = (typeof COMPONENTS)[number];

export const COMPONENT_LABELS: Readonly<Record<Component, string>> = {
  curriculum: "curriculum",
  generation: "data generation",
  mask: "reward mask",
};

export type ArmName =
  | "cuma"
  | "no-mask"
  | "no-generation"
  | "no-curriculum"
  | "curriculum-only"
  | "generation-only"
  | "mask-only"
  | "ttrl"
  | "reverse"
  | "adaptive";

export interface Arm {
  readonly name: ArmName;
  readonly label: string;
  readonly components: readonly Component[] | null;
  readonly spec: Pick<RunSpec, "mask" | "data"> & { readonly method: MethodName };
}

const UNMASKED = { minVotes: null };

/** All arms, in the order in which they are shown. */
export const ARMS: readonly Arm[] = [
  { name: "cuma", label: "full CuMa", components: ["curriculum", "generation", "mask"], spec: { method: "cuma" } },
  {
    name: "no-mask",
    label: "without mask",
    components: ["curriculum", "generation"],
    spec: { method: "cuma", mask: UNMASKED },
  },
  {
    name: "no-generation",
    label: "without generation",
    components: ["curriculum", "mask"],
    spec: { method: "cuma", data: { set: "natural" } },
  },
  {
    name: "no-curriculum",
    label: "without curriculum (shuffled)",
    components: ["generation", "mask"],
    spec: { method: "cuma", data: { order: "shuffled" } },
  },
  {
    name: "curriculum-only",
    label: "curriculum only",
    components: ["curriculum"],
    spec: { method: "cuma", mask: UNMASKED, data: { set: "natural" } },
  },
  {
    name: "generation-only",
    label: "generation only",
    components: ["generation"],
    spec: { method: "cuma", mask: UNMASKED, data: { order: "shuffled" } },
  },
  {
    name: "mask-only",
    label: "mask only",
    components: ["mask"],
    spec: { method: "cuma", data: { set: "natural", order: "shuffled" } },
  },
  { name: "ttrl", label: "none (TTRL)", components: [], spec: { method: "ttrl" } },
  {
    name: "reverse",
    label: "full CuMa, reverse order",
    components: null,
    spec: { method: "cuma", data: { order: "reverse" } },
  },
  {
    name: "adaptive",
    label: "full CuMa, adaptive order",
    components: null,
    spec: { method: "cuma", data: { order: "adaptive" } },
  },
];

/** The arms of the full factorial with what they have. */
export const FACTORIAL = ARMS.flatMap(({ name, components }) => (components === null ? [] : [{ name, components }]));

const BY_SETTINGS = new Map(ARMS.map((arm) => [settingsHash(toRun(arm.spec)), arm]));

/**
 * The arm that a run belongs to, by its settings.
 * @throws LabelfreeError `ablation/unknown-arm`.
 */
export function armOf(run: Run): Arm {
  const arm = BY_SETTINGS.get(settingsHash(run));
  if (arm !== undefined) return arm;
  const { method, mask, data } = run;
  const got = `${method} with mask.minVotes ${mask.minVotes}, data.set ${data.set}, data.order ${data.order}`;
  throw new LabelfreeError("ablation/unknown-arm", `ablation: got a run of ${got}, expected the settings of an arm`, {
    fields: { method, mask, data },
  });
}

export function armNamed(name: ArmName): Arm {
  const arm = ARMS.find((candidate) => candidate.name === name);
  if (arm !== undefined) return arm;
  throw new LabelfreeError("ablation/unknown-arm", `ablation: got arm "${name}", expected one of its arms`);
}

/** The arm that has all components but this one. */
export function armWithout(component: Component): ArmName {
  return armWith(COMPONENTS.filter((other) => other !== component));
}

function armWith(components: readonly Component[]): ArmName {
  const found = FACTORIAL.find(
    (arm) => arm.components.length === components.length && components.every((one) => arm.components.includes(one)),
  );
  if (found !== undefined) return found.name;
  throw new LabelfreeError("ablation/unknown-arm", `ablation: got components ${components}, expected those of an arm`);
}

/** Of all settings but those that a sweep's scale, tier and seed decide. */
function settingsHash(run: Run): string {
  const decided = { seed: null, base: null, evaluation: null, checkpointEverySteps: null };
  return hashJson({ ...run, ...decided, data: { ...run.data, size: null } });
}
