// Runs and vote banks without training or sampling. A problem is answered rightly with a chance of its own, else with a
// popular wrong answer or with one of many others.
import { Random } from "../../../src/core/random.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { votesSweep } from "../../../src/findings/votes/sweep.ts";
import type { VoteBank } from "../../../src/findings/votes/vote-bank.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { evaluationRow, stepRow } from "../synthetic-records.ts";

const BASES: Readonly<Record<string, number>> = { xs: 0.14, m: 0.35 };

export interface ShownArm {
  readonly tier: string;
  readonly size: number;
  readonly problems: number;
  readonly seed: number;
  readonly noise: number;
}

/** The micro sweep's runs, each ending where `finalOf` says. */
export function sweepRecords(finalOf: (arm: ShownArm) => number, seeds = 5): RunRecord[] {
  return votesSweep({ scale: "micro", seeds }).map((spec, index): RunRecord => {
    const run = toRun(spec);
    const { tier, baseSeed } = run.base as { tier: string; baseSeed: number };
    const { samplesPerPrompt: size, promptsPerStep } = run.rollouts;
    const noise = Random.fromSeed(`votes/${index}`).normal();
    const base = BASES[tier] + 0.01 * (baseSeed - 2);
    const final = finalOf({ tier, size, problems: run.data.size, seed: run.seed, noise });
    const steps = Math.floor(run.data.size / promptsPerStep);
    const masked = run.mask.minShare === null ? 0.3 / size : 0.5;
    return {
      key: `run-${index}`,
      ...{ tier, baseSeed, run, method: "cuma", seed: run.seed },
      steps: Array.from({ length: steps }, (_, at) =>
        stepRow(at + 1, { "labelfree/label_accuracy": final, "labelfree/masked_fraction": masked }),
      ),
      evaluations: [evaluationRow(0, base, base), evaluationRow(steps, final, base)],
      hasCollapsed: false,
      hasDiverged: false,
    };
  });
}

export function plausibleFinal({ tier, size, problems, noise }: ShownArm): number {
  const [start, most] = tier === "xs" ? [0.2, 0.05] : [0.5, 0.06];
  return start + most * (1 - 4 / size) * Math.min(1, problems / 500) + 0.012 * noise;
}

/** Banks of 64 answers to 60 problems; `ability` is the chance of a right answer on the easiest. */
export function banksOf(
  abilities: Readonly<Record<string, number>>,
  baseSeeds: readonly number[] = [1, 2, 3],
  popularity = 0.35,
): VoteBank[] {
  return Object.entries(abilities).flatMap(([tier, ability]) =>
    baseSeeds.map((baseSeed) => {
      const random = Random.fromSeed(`${tier}/${baseSeed}`);
      const entries = Array.from({ length: 60 }, (_, index) => {
        const level = 1 + (index % 5);
        const answer = "42";
        const chance = ability * (1.2 - 0.2 * level);
        const answers = Array.from({ length: 64 }, () => {
          const draw = random.uniform();
          if (draw < chance) return answer;
          if (draw < chance + popularity * (1 - chance)) return "10";
          return draw > 0.98 ? null : String(11 + random.integer(30));
        });
        return { level, answer, answers };
      });
      return { tier, baseSeed, problems: 60, samples: 64, seed: 1, key: `${tier}-${baseSeed}`, entries };
    }),
  );
}
