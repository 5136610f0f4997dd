// What a policy says on the held-out problems, before and after training: the shares of its most frequent answers, and of
// responses without an answer. A record keeps the five most frequent, the empty one among them, so four answers are always
// known. Shares of the answer of a rank are means over seeds; which answer that is may differ from seed to seed, and which
// one leads in how many seeds is told beside it. A diverged run has no final policy and is left out.
import type { MethodName } from "../../rl/methods.ts";
import type { AnswerCount, EvaluationMetrics } from "../../rl/metrics.ts";
import { mean } from "../../stats/summary.ts";
import type { RunRecord } from "../run-record.ts";
import { finiteValue } from "../run-record.ts";

export const ANSWER_RANKS = [1, 2, 3, 4] as const;

const TOP = "eval/math-like/answers/top";
const EMPTY = "eval/math-like/empty_answer_share";
const CORRECT = "eval/math-like/correct";

interface Cell {
  readonly tier: string;
  /** "base": before training. */
  readonly method: MethodName | "base";
}

/** What one policy says. */
export interface PolicyAnswers extends Cell {
  readonly seed: number;
  /** The four most frequent answers, most frequent first; fewer where it gives fewer. */
  readonly top: readonly { readonly answer: string; readonly share: number }[];
  /** Share of responses without an answer. */
  readonly empty: number;
}

/** What the policies of a cell say. */
export interface CellAnswers extends Cell {
  /** Mean share of the answer of each of `ANSWER_RANKS`. */
  readonly shares: readonly number[];
  readonly empty: number;
  /** Which answer is most frequent, in how many seeds; null: none was given. */
  readonly leaders: readonly { readonly answer: string | null; readonly seeds: number }[];
  readonly n: number;
}

/** One row per final policy and per seed's base; none of runs that did not record their answers. */
export function policyAnswers(records: readonly RunRecord[]): PolicyAnswers[] {
  const bases = new Map<string, PolicyAnswers>();
  const finals: PolicyAnswers[] = [];
  for (const record of records) {
    const { tier, method, seed, evaluations, hasDiverged } = record;
    const [first, last] = [evaluations.at(0), evaluations.at(-1)];
    const key = `${tier}/${seed}`; // the methods of a seed start from one base, evaluated on the same draws
    if (first !== undefined && hasAnswers(first) && !bases.has(key)) {
      bases.set(key, { tier, method: "base", seed, ...saidAt(record, first) });
    }
    if (last === undefined || !hasAnswers(last) || hasDiverged) continue;
    finals.push({ tier, method, seed, ...saidAt(record, last) });
  }
  return [...bases.values(), ...finals];
}

/** The answers of each cell, in the order of the policies. */
export function cellAnswers(policies: readonly PolicyAnswers[]): CellAnswers[] {
  const cells = new Map<string, PolicyAnswers[]>();
  for (const policy of policies) {
    const key = `${policy.tier}/${policy.method}`;
    cells.set(key, [...(cells.get(key) ?? []), policy]);
  }
  return [...cells.values()].map((ofCell) => {
    const [{ tier, method }] = ofCell;
    const shares = ANSWER_RANKS.map((rank) => mean(ofCell.map(({ top }) => top[rank - 1]?.share ?? 0)));
    return {
      tier,
      method,
      shares,
      empty: mean(ofCell.map(({ empty }) => empty)),
      leaders: leadersOf(ofCell),
      n: ofCell.length,
    };
  });
}

function leadersOf(policies: readonly PolicyAnswers[]): CellAnswers["leaders"] {
  const seeds = new Map<string | null, number>();
  for (const { top } of policies) {
    const answer = top.at(0)?.answer ?? null;
    seeds.set(answer, (seeds.get(answer) ?? 0) + 1);
  }
  const counts = [...seeds].map(([answer, count]) => ({ answer, seeds: count }));
  return counts.sort((a, b) => b.seeds - a.seeds || (String(a.answer) < String(b.answer) ? -1 : 1));
}

/** The columns came with later versions: a run that was recorded before has none of them. */
function hasAnswers(row: EvaluationMetrics): boolean {
  return row[TOP] !== undefined && row[CORRECT] !== undefined;
}

function saidAt(record: RunRecord, row: EvaluationMetrics): Pick<PolicyAnswers, "top" | "empty"> {
  const responses = finiteValue(row[CORRECT]?.length, record, row.step, CORRECT);
  const counts: readonly AnswerCount[] = row[TOP] ?? [];
  const named = counts.flatMap(({ answer, count }) => (answer === null ? [] : [{ answer, share: count / responses }]));
  return { top: named.slice(0, ANSWER_RANKS.length), empty: finiteValue(row[EMPTY], record, row.step, EMPTY) };
}
