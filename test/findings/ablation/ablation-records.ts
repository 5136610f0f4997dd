// Records of the ablation's runs without training, with stated or with plausible numbers.

import { Random } from "../../../src/core/random.ts";
import type { ArmName } from "../../../src/findings/ablation/arms.ts";
import { ARMS, armNamed } from "../../../src/findings/ablation/arms.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { recordOf, stepRow } from "../synthetic-records.ts";

export interface ArmShape {
  readonly tier: string;
  readonly arm: ArmName;
  readonly seed: number;
  readonly base: number;
  readonly final: number;
  readonly masked?: number;
  readonly hasDiverged?: boolean;
}

/** A run of an arm that goes straight from base to final. */
export function armRecord({ arm, masked = 0, ...shape }: ArmShape): RunRecord {
  const { spec } = armNamed(arm);
  const record = recordOf({ ...shape, method: spec.method });
  return {
    ...record,
    key: `${shape.tier}-${arm}-${shape.seed}`,
    run: toRun({ ...spec, seed: shape.seed, base: { tier: shape.tier, baseSeed: record.baseSeed } }),
    steps: [1, 2, 3, 4].map((step) => stepRow(step, { "labelfree/masked_fraction": masked })),
  };
}

const BASES: Readonly<Record<string, number>> = { xs: 0.134, s: 0.19, m: 0.33, l: 0.48 };

/** Gains of an arm as a share of the room above the base; made up. */
const GAINS: Readonly<Record<ArmName, number>> = {
  cuma: 0.12,
  "no-mask": 0.118,
  "no-generation": 0.07,
  "no-curriculum": -0.12,
  "curriculum-only": 0.065,
  "generation-only": -0.12,
  "mask-only": -0.125,
  ttrl: -0.125,
  reverse: -0.11,
  adaptive: 0.1,
};

/** Tiers x arms x seeds with made-up ends; the same numbers at every call. */
export function plausibleAblation(seeds: number, tiers: readonly string[] = Object.keys(BASES)): RunRecord[] {
  return tiers.flatMap((tier) =>
    ARMS.flatMap(({ name }) =>
      Array.from({ length: seeds }, (_, index) => {
        const random = Random.fromSeed(`${tier}/${name}/${index}`);
        const base = BASES[tier] + 0.01 * ((index % 3) - 1);
        const strength = tier === "m" || tier === "l" ? 2.5 * Math.abs(GAINS[name]) + 0.05 : GAINS[name];
        const final = Math.min(1, Math.max(0.004, base + strength + 0.02 * random.normal()));
        return armRecord({ tier, arm: name, seed: index + 1, base, final, masked: 0.01 + 0.01 * random.uniform() });
      }),
    ),
  );
}
