// Runs without training, from bases of stated accuracy: a method's gain follows from the base accuracy and a little noise.
import { Random } from "../../../src/core/random.ts";
import type { LabelFree } from "../../../src/findings/threshold/analysis.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { evaluationRow, recordOf } from "../synthetic-records.ts";

type Method = LabelFree | "grpo";

export interface BaseShape {
  readonly tier: string;
  readonly baseSeed: number;
  readonly accuracy: number;
}

/** Two bases of each ladder tier, three of each other. */
export const BASES: readonly BaseShape[] = [
  ...ladder("t10", 0.1),
  ...main("xs", 0.14),
  ...ladder("t15", 0.15),
  ...main("s", 0.2),
  ...ladder("t25", 0.25),
  ...ladder("t30", 0.3),
  ...main("m", 0.35),
  ...ladder("t45", 0.45),
  ...main("l", 0.52),
];

export function runFrom(
  { tier, baseSeed, accuracy }: BaseShape,
  method: Method,
  seed: number,
  final: number,
): RunRecord {
  const record = recordOf({ tier: "xs", method, seed, base: accuracy, final });
  return {
    ...record,
    key: `${tier}-${baseSeed}-${method}-${seed}`,
    tier,
    baseSeed,
    run: { ...record.run, base: { tier, baseSeed } },
    evaluations: [evaluationRow(0, accuracy, accuracy), evaluationRow(4, final, accuracy)],
  };
}

/** Two runs of each method from each base; `finalOf` gives where a run ends. */
export function mapRecords(
  finalOf: (method: Method, base: number, noise: number) => number,
  bases: readonly BaseShape[] = BASES,
): RunRecord[] {
  return bases.flatMap((base) =>
    (["ttrl", "intuitor", "cuma", "grpo"] as const).flatMap((method) =>
      method === "grpo" && base.tier.startsWith("t")
        ? []
        : [0, 1].map((index) => {
            const bases = base.tier.startsWith("t") ? 2 : 3;
            const seed = base.baseSeed + index * bases;
            const noise = Random.fromSeed(`${base.tier}/${method}/${seed}`).normal();
            return runFrom(base, method, seed, Math.min(1, Math.max(0, finalOf(method, base.accuracy, noise))));
          }),
    ),
  );
}

/** TTRL turns from 0 to near 1 around 0.27, Intuitor around 0.4, CuMa and labels help everywhere. */
export function plausibleFinal(method: Method, base: number, noise: number): number {
  if (method === "ttrl") return base + 0.04 * noise < 0.27 ? 0.008 : Math.min(0.97, 2 * base);
  if (method === "intuitor")
    return base + 0.06 * noise < 0.36 ? base - 0.05 + 0.03 * noise : Math.min(0.97, 1.8 * base);
  if (method === "cuma") return Math.min(0.96, base * 1.5 + 0.02 * noise);
  return Math.min(0.98, base * 1.8 + 0.01 * noise);
}

function ladder(tier: string, accuracy: number): BaseShape[] {
  return [1, 2].map((baseSeed) => ({ tier, baseSeed, accuracy: accuracy + 0.004 * (baseSeed - 1) }));
}

function main(tier: string, accuracy: number): BaseShape[] {
  return [1, 2, 3].map((baseSeed) => ({ tier, baseSeed, accuracy: accuracy + 0.006 * (baseSeed - 2) }));
}
