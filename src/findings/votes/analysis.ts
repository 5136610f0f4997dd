// From runs and vote banks to the tables behind the vote figures and verdicts. Final and base accuracy as in
// ../outcomes.ts. Label accuracy: share of problems whose majority answer was right while training, mean over steps (all
// problems, masked or not); masked: share of groups that the mask dropped, mean over steps.
import { Random } from "../../core/random.ts";
import { pairedTwoLevelBootstrap } from "../../stats/two-level-bootstrap.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows } from "../outcomes.ts";
import type { RunRecord } from "../run-record.ts";
import { finiteValue, inSweepOrder } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds } from "../seed-means.ts";
import type { Budget, KeepRuleName, VoteArm } from "./arms.ts";
import { armOf, GROUP_SIZES, KEEP_RULES } from "./arms.ts";
import type { BankVotes } from "./bank-votes.ts";
import { bankVotes } from "./bank-votes.ts";
import type { VoteBank } from "./vote-bank.ts";

const LABEL_ACCURACY = "labelfree/label_accuracy";
const MASKED_FRACTION = "labelfree/masked_fraction";

export interface VoteRun extends FinalRow, VoteArm {
  /** Rollouts sampled in the whole run. */
  readonly rollouts: number;
  readonly labelAccuracy: number;
  readonly masked: number;
}

/** Final accuracy of an arm on a tier. */
export interface VoteMean extends SeedMean {
  readonly tier: string;
  readonly budget: Budget;
  readonly rule: KeepRuleName;
  readonly size: number;
}

/** Votes of one size before training, mean over the base checkpoints of a tier; intervals over bases and problems. */
export interface BankMean extends SeedMean {
  readonly tier: string;
  readonly size: number;
  /** Rollouts until the vote is decided. */
  readonly needed: number;
  readonly dropped: Readonly<Record<KeepRuleName, number>>;
}

export interface VotesAnalysis {
  /** Ordered by tier, rule, N and seed. */
  readonly runs: readonly VoteRun[];
  readonly means: readonly VoteMean[];
  readonly bases: readonly BaseRow[];
  /** null: the study has no vote banks. */
  readonly banks: readonly BankVotes[] | null;
  readonly bankMeans: readonly BankMean[];
}

/**
 * Tables of a sweep's runs and of the vote banks, if there are any.
 * @throws LabelfreeError `finding/no-runs`, `finding/not-finite` or `votes/unknown-arm`.
 */
export function analyseVotes(records: readonly RunRecord[], banks: readonly VoteBank[] | null): VotesAnalysis {
  const ordered = inArmOrder(records);
  const bases = baseRows(ordered);
  const runs = finalRows(ordered, bases).map((row, index) => toVoteRun(row, ordered[index]));
  const rows = runs.flatMap((run) => run.budgets.map((budget) => ({ ...run, budget })));
  const votes = banks === null ? null : bankVotes(banks);
  return {
    runs,
    means: meansOverSeeds("votes", rows, ["tier", "budget", "rule", "size"], "final"),
    bases,
    banks: votes,
    bankMeans: votes === null ? [] : bankMeans(votes),
  };
}

function inArmOrder(records: readonly RunRecord[]): RunRecord[] {
  const placeOf = ({ run }: RunRecord): number => {
    const { rule, size, budgets } = armOf(run);
    const ruleAt = KEEP_RULES.findIndex(({ name }) => name === rule);
    const sizeAt = (GROUP_SIZES as readonly number[]).indexOf(size);
    return (ruleAt * GROUP_SIZES.length + sizeAt) * 2 + (budgets.includes("rollouts") ? 0 : 1);
  };
  const byArm = [...records].sort((a, b) => placeOf(a) - placeOf(b) || a.seed - b.seed);
  const tierOrder = inSweepOrder(records).map(({ tier }) => tier);
  return byArm.sort((a, b) => tierOrder.indexOf(a.tier) - tierOrder.indexOf(b.tier)); // a stable sort
}

function toVoteRun(row: FinalRow, record: RunRecord): VoteRun {
  const { run, steps } = record;
  return {
    ...row,
    ...armOf(run),
    rollouts: steps.length * run.rollouts.promptsPerStep * run.rollouts.samplesPerPrompt,
    labelAccuracy: meanOverSteps(record, LABEL_ACCURACY),
    masked: meanOverSteps(record, MASKED_FRACTION),
  };
}

function meanOverSteps(record: RunRecord, column: typeof LABEL_ACCURACY | typeof MASKED_FRACTION): number {
  const values = record.steps.flatMap((row) =>
    row[column] === null ? [] : [finiteValue(row[column], record, row.step, column)],
  );
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function bankMeans(votes: readonly BankVotes[]): BankMean[] {
  const cells = new Map<string, BankVotes[]>();
  for (const row of votes) {
    const cell = `${row.tier}/${row.size}`;
    cells.set(cell, [...(cells.get(cell) ?? []), row]);
  }
  const random = Random.fromSeed("votes/banks");
  return [...cells].map(([cell, rows]) => {
    const [{ tier, size }] = rows;
    const mean = (valueOf: (row: BankVotes) => number): number =>
      rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length;
    return {
      ...{ tier, size, n: rows.length },
      mean: mean(({ correct }) => meanOf(correct)),
      ...intervalOver(rows, random.fork(cell)),
      needed: mean((row) => meanOf(row.needed)),
      dropped: {
        two: mean(({ dropped }) => dropped.two),
        three: mean(({ dropped }) => dropped.three),
        half: mean(({ dropped }) => dropped.half),
      },
    };
  });
}

const RESAMPLES = 1000;

function intervalOver(rows: readonly BankVotes[], random: Random): Pick<SeedMean, "low" | "high"> {
  if (rows.length < 2) return { low: null, high: null };
  const perBase = rows.map(({ correct }) => ({ first: correct, second: correct.map(() => 0) }));
  const { low, high } = pairedTwoLevelBootstrap(perBase, { random, resamples: RESAMPLES });
  return { low, high };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
