// From runs to the tables behind the difficulty figures and verdict. A run is known by its tier, method, seed and the hardest
// level it trained on. Definitions:
// - base accuracy: of a base checkpoint, mean over the runs that start from it (their evaluations at step 0);
// - final accuracy: at a run's last evaluation; 0 for a run that diverged; gain = final - base;
// - fall: a seed's final accuracy after levels 1-2 minus after levels 1-5, positive where harder data does harm.
// Both held-out sets are the same whatever a run trained on: sums of all levels (math-like), and stories of levels 1-3
// (gsm-like), a form that no run trains on, evaluated at a run's ends only. The first has the mixture of levels 1-5, so what
// little a fitting mixture helps, it helps against the claim.
import { Random } from "../../core/random.ts";
import type { MethodName } from "../../rl/methods.ts";
import type { BaseRow, FinalRow } from "../outcomes.ts";
import { baseRows, finalRows, pairedDifferences } from "../outcomes.ts";
import type { RunRecord } from "../run-record.ts";
import { finiteValue, inSweepOrder } from "../run-record.ts";
import type { SeedMean } from "../seed-means.ts";
import { meansOverSeeds, seedMean } from "../seed-means.ts";
import { blockMeans, blockStepsOf } from "../training-blocks.ts";
import { HARDEST_LEVELS, hardestLevelOf } from "./level-sets.ts";

const VERDICT_RESAMPLES = 10_000; // as the rules ask for

const ENDS = { easiest: HARDEST_LEVELS[0], hardest: HARDEST_LEVELS[HARDEST_LEVELS.length - 1] } as const;

/** Accuracy on held-out sums of all levels, and stories of levels 1-3. */
export const HELD_OUT_COLUMNS = ["eval/math-like/accuracy", "eval/gsm-like/accuracy"] as const;

export type HeldOutColumn = (typeof HELD_OUT_COLUMNS)[number];

/** Training metrics shown; level 2 is the hardest level that every set holds. */
export const VOTE_METRICS = [
  "labelfree/label_accuracy",
  "labelfree/label_accuracy/level_2",
  "labelfree/majority_share",
] as const;

export type VoteMetric = (typeof VOTE_METRICS)[number];

export interface DifficultyCell {
  readonly tier: string;
  readonly method: MethodName;
  readonly hardestLevel: number;
}

/** How one run ended, on one held-out set. */
export interface DifficultyRow extends FinalRow, DifficultyCell {
  readonly column: HeldOutColumn;
}

export interface DifficultyBaseRow extends BaseRow {
  readonly column: HeldOutColumn;
}

export interface FinalMeanRow extends DifficultyCell, SeedMean {
  readonly column: HeldOutColumn;
}

/** Mean fall over paired seeds. */
export interface FallRow extends SeedMean {
  readonly tier: string;
  /** "difference": TTRL's fall minus that of GRPO with labels. */
  readonly method: MethodName | "difference";
  readonly column: HeldOutColumn;
  /** By seed. */
  readonly values: readonly number[];
}

export interface VoteRow extends DifficultyCell, SeedMean {
  readonly metric: VoteMetric;
  /** Middle of the block of steps. */
  readonly step: number;
}

export interface DifficultyAnalysis {
  readonly bases: readonly DifficultyBaseRow[];
  readonly finals: readonly DifficultyRow[];
  readonly finalMeans: readonly FinalMeanRow[];
  readonly falls: readonly FallRow[];
  readonly votes: readonly VoteRow[];
  /** Steps in a block of `votes`. */
  readonly blockSteps: number;
  /** Steps of the longest run. */
  readonly steps: number;
  /** Problems in the training set of each run. */
  readonly problems: number;
}

/**
 * Tables of a sweep's runs.
 * @throws LabelfreeError `finding/no-runs`, or `finding/not-finite` where a number is missing that must be there.
 */
export function analyseDifficulty(runs: readonly RunRecord[]): DifficultyAnalysis {
  const records = inSweepOrder([...runs].sort((a, b) => hardestLevelOf(a.run) - hardestLevelOf(b.run)));
  const bases = HELD_OUT_COLUMNS.flatMap((column) => baseRows(records, column).map((row) => ({ column, ...row })));
  const finals = HELD_OUT_COLUMNS.flatMap((column) => {
    const ofColumn = bases.filter((row) => row.column === column);
    return finalRows(records, ofColumn, column).map((row, index): DifficultyRow => {
      return { column, ...row, hardestLevel: hardestLevelOf(records[index].run) };
    });
  });
  const steps = Math.max(...records.map((record) => record.steps.length));
  const blockSteps = blockStepsOf(records);
  const cell = ["column", "tier", "method", "hardestLevel"];
  return {
    bases,
    finals,
    finalMeans: meansOverSeeds("difficulty", finals, cell, "final"),
    falls: fallRows(finals),
    votes: voteRows(records, blockSteps),
    blockSteps,
    steps,
    problems: Math.max(...records.map(({ run }) => run.data.size)),
  };
}

/** A number of each run in a cell, by seed. */
export function valuesBySeed(
  rows: readonly DifficultyRow[],
  { tier, method, hardestLevel }: DifficultyCell,
  value: "final" | "gain",
): ReadonlyMap<number, number> {
  const ofCell = rows.filter((row) => row.tier === tier && row.method === method && row.hardestLevel === hardestLevel);
  return new Map(ofCell.map((row): [number, number] => [row.seed, row[value]]).sort(([a], [b]) => a - b));
}

/** A cell's falls by seed, for the seeds that have both ends. */
export function fallsBySeed(
  rows: readonly DifficultyRow[],
  cell: Omit<DifficultyCell, "hardestLevel">,
  { easiest, hardest }: { readonly easiest: number; readonly hardest: number },
): ReadonlyMap<number, number> {
  const finals = valuesBySeed(rows, { ...cell, hardestLevel: hardest }, "final");
  const falls = [...valuesBySeed(rows, { ...cell, hardestLevel: easiest }, "final")].flatMap(
    ([seed, final]): [number, number][] => {
      const other = finals.get(seed);
      return other === undefined ? [] : [[seed, final - other]];
    },
  );
  return new Map(falls);
}

function fallRows(finals: readonly DifficultyRow[]): FallRow[] {
  const random = Random.fromSeed("difficulty/fall");
  return HELD_OUT_COLUMNS.flatMap((column) => {
    const rows = finals.filter((row) => row.column === column);
    const tiers = [...new Set(rows.map(({ tier }) => tier))];
    return tiers.flatMap((tier) => {
      const ttrl = fallsBySeed(rows, { tier, method: "ttrl" }, ENDS);
      const grpo = fallsBySeed(rows, { tier, method: "grpo" }, ENDS);
      const series = [
        { method: "ttrl", values: [...ttrl.values()] },
        { method: "grpo", values: [...grpo.values()] },
        { method: "difference", values: pairedDifferences(ttrl, grpo) },
      ] as const;
      return series.flatMap(({ method, values }) => {
        if (values.length === 0) return [];
        return [
          {
            column,
            tier,
            method,
            values,
            ...seedMean(values, random.fork(`${column}/${tier}/${method}`), VERDICT_RESAMPLES),
          },
        ];
      });
    });
  });
}

function voteRows(records: readonly RunRecord[], blockSteps: number): VoteRow[] {
  const rows = records.flatMap((record) =>
    record.steps.flatMap((row) =>
      VOTE_METRICS.flatMap((metric) => {
        const found = row[metric];
        if (found === null || found === undefined) return []; // no problem of that level in this step, or diverged
        const { tier, method, seed } = record;
        const value = finiteValue(found, record, row.step, metric);
        return { tier, method, hardestLevel: hardestLevelOf(record.run), seed, metric, step: row.step, value };
      }),
    ),
  );
  const blocks = blockMeans(rows, ["tier", "method", "hardestLevel", "metric", "step", "seed"], blockSteps);
  return meansOverSeeds("difficulty", blocks, ["tier", "method", "hardestLevel", "metric", "step"], "value");
}
