// Effects in the 2 x 2 x 2 factorial of curriculum, data generation and mask, within one tier, seed by seed. y is final
// accuracy, 0-1. Definitions (Box, Hunter and Hunter, Statistics for Experimenters, ch. 5):
// - leave-one-out effect of a component: y(full CuMa) - y(without it). The paper's ablation shows these three.
// - effect of a set of components: sum over the eight arms of sign * y / 4, where an arm's sign is + if it lacks an even
//   number of the set's components. For one component that is its main effect, mean y of the four arms with it - mean y
//   of the four without it; for two, their interaction: half of what one's effect gains by the other's presence.
// A seed counts where it has all arms that a definition needs.

import type { ArmName, Component } from "./arms.ts";
import { armWithout, COMPONENT_LABELS, COMPONENTS, FACTORIAL } from "./arms.ts";

export type EffectKind = "leave-one-out" | "main" | "interaction";

export interface Effect {
  readonly kind: EffectKind;
  readonly components: readonly Component[];
  /** "data generation", "curriculum × reward mask" */
  readonly label: string;
}

const SETS: readonly (readonly Component[])[] = [
  ...COMPONENTS.map((component) => [component]),
  ...COMPONENTS.flatMap((first, index) => COMPONENTS.slice(index + 1).map((second) => [first, second])),
  COMPONENTS,
];

/** All effects, in the order in which they are shown. */
export const EFFECTS: readonly Effect[] = [
  ...COMPONENTS.map((component) => toEffect("leave-one-out", [component])),
  ...SETS.map((set) => toEffect(set.length === 1 ? "main" : "interaction", set)),
];

/** An effect of one seed; null where an arm is missing. */
export function effectOf({ kind, components }: Effect, finals: ReadonlyMap<ArmName, number>): number | null {
  const terms: readonly { readonly arm: ArmName; readonly weight: number }[] =
    kind === "leave-one-out"
      ? [
          { arm: "cuma", weight: 1 },
          { arm: armWithout(components[0]), weight: -1 },
        ]
      : FACTORIAL.map(({ name, components: present }) => {
          const lacking = components.filter((component) => !present.includes(component)).length;
          return { arm: name, weight: lacking % 2 === 0 ? 0.25 : -0.25 };
        });
  let sum = 0;
  for (const { arm, weight } of terms) {
    const final = finals.get(arm);
    if (final === undefined) return null;
    sum += weight * final;
  }
  return sum;
}

function toEffect(kind: EffectKind, components: readonly Component[]): Effect {
  return { kind, components, label: components.map((component) => COMPONENT_LABELS[component]).join(" × ") };
}
