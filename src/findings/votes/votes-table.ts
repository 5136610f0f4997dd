import { inPoints, signedPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { VoteRun, VotesAnalysis } from "./analysis.ts";
import type { Budget } from "./arms.ts";
import { GROUP_SIZES, KEEP_RULES } from "./arms.ts";

/** Outcomes of training by N and mask rule, and votes before training, as text of this width. */
export function votesTable(analysis: VotesAnalysis, tiers: readonly string[], scale: string, width: number): string {
  return [
    ...wrapWords(`${TRAINED_HEADING} ${scale} scale.`, width),
    "",
    trainedTable(analysis, tiers, width),
    "",
    ...wrapWords(BANK_HEADING, width),
    "",
    bankTable(analysis, width),
    "",
    ...wrapWords(CLASS_NOTE, width),
  ].join("\n");
}

const TRAINED_HEADING =
  "CuMa by N, the rollouts per problem, and by what keeps a group. Held-out accuracy in % after training, mean over n seeds; " +
  "votes: share of right majority answers while training, in %; masked: groups dropped, in %; rollouts: sampled in a run.";

const BANK_HEADING =
  "Votes of the bases before training, mean over base checkpoints. votes: right majority answers in % with their 95 % interval; " +
  "needed: rollouts until the vote is decided, and the share saved; dropped: votes in % that each rule would mask.";

const CLASS_NOTE =
  "Votes over classes of equal answers (votes.equivalence) are not a column: an answer of the micro world has one written form, " +
  "so they are the same votes.";

const BUDGET_NAMES: Readonly<Record<Budget, string>> = { rollouts: "equal rollouts", problems: "equal problems" };

function trainedTable({ runs }: VotesAnalysis, tiers: readonly string[], width: number): string {
  const columns = [
    { title: "tier" },
    { title: "comparison" },
    { title: "kept with" },
    { title: "N", align: "right" as const },
    ...["accuracy", "gain", "votes", "masked", "rollouts", "n"].map((title) => ({ title, align: "right" as const })),
  ];
  const rows = tiers.flatMap((tier) =>
    (["rollouts", "problems"] as const).flatMap((budget) =>
      KEEP_RULES.flatMap((rule) =>
        GROUP_SIZES.flatMap((size) => {
          const ofCell = runs.filter(
            (run) => run.tier === tier && run.rule === rule.name && run.size === size && run.budgets.includes(budget),
          );
          if (ofCell.length === 0) return [];
          return [[tier, BUDGET_NAMES[budget], rule.label, String(size), ...trainedCells(ofCell)]];
        }),
      ),
    ),
  );
  return textTable(columns, rows, width);
}

function trainedCells(runs: readonly VoteRun[]): string[] {
  const mean = (valueOf: (run: VoteRun) => number): number =>
    runs.reduce((sum, run) => sum + valueOf(run), 0) / runs.length;
  return [
    inPoints(mean(({ final }) => final)),
    signedPoints(mean(({ gain }) => gain)),
    inPoints(mean(({ labelAccuracy }) => labelAccuracy)),
    inPoints(mean(({ masked }) => masked)),
    String(Math.round(mean(({ rollouts }) => rollouts))),
    String(runs.length),
  ];
}

function bankTable({ bankMeans }: VotesAnalysis, width: number): string {
  if (bankMeans.length === 0) return "no vote bank; labelfree reproduce votes samples it";
  const columns = [
    { title: "tier" },
    { title: "N", align: "right" as const },
    { title: "votes" },
    { title: "needed", align: "right" as const },
    { title: "saved, %", align: "right" as const },
    ...["2 equal", "3 equal", "half"].map((rule) => ({ title: `dropped: ${rule}`, align: "right" as const })),
    { title: "bases", align: "right" as const },
  ];
  const rows = bankMeans.map(({ tier, size, mean, low, high, needed, dropped, n }) => [
    tier,
    String(size),
    low === null || high === null ? inPoints(mean) : `${inPoints(mean)} [${inPoints(low)}, ${inPoints(high)}]`,
    needed.toFixed(1),
    inPoints(1 - needed / size),
    ...KEEP_RULES.map(({ name }) => inPoints(dropped[name])),
    String(n),
  ]);
  return textTable(columns, rows, width);
}
