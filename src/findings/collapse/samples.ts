// What one run says to the same held-out problems before and after training, to be read; one problem of each level.
import type { MethodName } from "../../rl/methods.ts";
import type { EvaluationSample } from "../../rl/metrics.ts";
import type { RunRecord } from "../run-record.ts";
import { rightAnswerTo } from "./right-answers.ts";

const SAMPLES = "eval/math-like/samples";

const METHODS = ["ttrl", "cuma"] as const satisfies readonly MethodName[];

type Said = Pick<EvaluationSample, "response" | "answer" | "correct">;

export interface SampleRow {
  readonly level: number;
  readonly prompt: string;
  /** null: not known. */
  readonly right: string | null;
  readonly before: Said;
  readonly after: Said;
}

export interface RunSamples {
  readonly tier: string;
  readonly method: MethodName;
  readonly seed: number;
  /** Easiest first; none where the run did not record samples at both ends. */
  readonly rows: readonly SampleRow[];
}

/** The samples of TTRL's and CuMa's first seeds on these tiers. */
export function runSamples(records: readonly RunRecord[], tiers: readonly string[]): RunSamples[] {
  return tiers.flatMap((tier) =>
    METHODS.flatMap((method) => {
      const ofCell = records.filter((record) => record.tier === tier && record.method === method);
      if (ofCell.length === 0) return [];
      const first = ofCell.reduce((earliest, record) => (record.seed < earliest.seed ? record : earliest));
      return [{ tier, method, seed: first.seed, rows: sampleRows(first) }];
    }),
  );
}

function sampleRows({ evaluations }: RunRecord): SampleRow[] {
  const before = evaluations.at(0)?.[SAMPLES] ?? [];
  const after = evaluations.at(-1)?.[SAMPLES] ?? [];
  return before.flatMap(({ level, prompt, ...said }) => {
    const later = after.find((sample) => sample.prompt === prompt);
    if (later === undefined) return [];
    const known = [said, later].find(({ correct }) => correct)?.answer ?? null;
    return [{ level, prompt, right: rightAnswerTo(prompt) ?? known, before: said, after: later }];
  });
}
