// Two comparisons over N, the rollouts per problem, with CuMa on the weakest tier and on a middle one.
//
// Equal rollouts: every run spends 8,000 rollouts, 64 an update, in 125 updates; N decides whether they go to many
//   problems with few votes each (2,000 x 4) or to few with many (125 x 64). This is the whole grid of N and mask rules, for
//   it asks what to do with a given budget, and what differs between runs is how the budget is divided, nothing else.
// Equal problems: 1,000 problems, 8 an update, in 125 updates, under CuMa's own rule; N decides what a run costs, 4,000 to
//   64,000 rollouts. This asks whether more votes on the same problems make better labels, and whether half would do. It
//   keeps apart what equal rollouts cannot: many votes may be good and few problems bad.
//
// N = 8 under CuMa's rule is one run in both. Runs are half as long as other findings' (2,000 problems), so that N = 64 on
// equal problems costs four ordinary runs rather than eight and the whole five seeds as much as 133 ordinary runs; no other
// finding's run can serve as the reference, therefore.
import type { RunSpec } from "../../runs/spec.ts";
import type { Scale, SweepOptions } from "../scale.ts";
import { baseOf, forSeeds, sweepScale } from "../sweep-scale.ts";
import type { KeepRule } from "./arms.ts";
import { GROUP_SIZES, KEEP_RULES, PROBLEMS_PER_STEP, ROLLOUTS_PER_STEP, USUAL_SIZE } from "./arms.ts";

interface VoteScale {
  readonly tiers: readonly string[];
  readonly sizes: readonly number[];
  /** Problems at the usual N. */
  readonly problems: number;
}

const SCALES: Readonly<Record<Exclude<Scale, "paper">, VoteScale>> = {
  smoke: { tiers: ["xs", "l"], sizes: [4, 8, 64], problems: 48 },
  micro: { tiers: ["xs", "m"], sizes: GROUP_SIZES, problems: 1000 },
};

/**
 * Tiers x (N x mask rules at equal rollouts, N at equal problems) x seeds.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function votesSweep({ scale, seeds }: SweepOptions): RunSpec[] {
  const { settings } = sweepScale(scale, ["MATH-500"]);
  const { tiers, sizes, problems } = SCALES[scale === "smoke" ? "smoke" : "micro"];
  const atEqualRollouts = KEEP_RULES.flatMap((rule) =>
    sizes
      .filter((size) => rule.sizes.includes(size))
      .map((size) => cell(rule, size, ROLLOUTS_PER_STEP / size, (problems * USUAL_SIZE) / size)),
  );
  const atEqualProblems = sizes
    .filter((size) => size !== USUAL_SIZE)
    .map((size) => cell(KEEP_RULES[0], size, PROBLEMS_PER_STEP, problems));
  return forSeeds(seeds, (seed) =>
    tiers.flatMap((tier) =>
      [...atEqualRollouts, ...atEqualProblems].map((spec) => ({
        ...settings,
        ...spec,
        seed,
        base: baseOf(tier, seed),
      })),
    ),
  );
}

function cell({ mask }: KeepRule, samplesPerPrompt: number, promptsPerStep: number, size: number): RunSpec {
  return { method: "cuma", mask, rollouts: { samplesPerPrompt, promptsPerStep }, data: { size } };
}
