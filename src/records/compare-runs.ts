// A recorded run against the same run trained again, bit for bit: JSON prints two doubles alike only if they are equal.

import { canonicalJson } from "../core/canonical-json.ts";
import type { EvaluationMetrics, StepMetrics } from "../rl/metrics.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { RunIngredients } from "../runs/run-key.ts";

export interface RunDifference {
  /** E.g. "weightsHash" or "step 3: loss". */
  readonly what: string;
  /** As JSON; null: nothing there. */
  readonly expected: string | null;
  readonly found: string | null;
}

type Row = StepMetrics | EvaluationMetrics;

const OUTCOMES = ["weightsHash", "steps", "totalSteps", "hasDiverged", "collapse"] as const;
const INGREDIENTS = ["base", "data", "kernels", "source"] as const satisfies readonly (keyof RunIngredients)[];

/**
 * What differs in outcome or rows, in order of the run; whether the keys differ does not count. Nor do the weights of a
 * run that diverged: WebAssembly leaves the bits of a NaN open.
 */
export function compareRuns(expected: RecordedRun, found: RecordedRun): RunDifference[] {
  const hasNoWeights = expected.result.hasDiverged && found.result.hasDiverged;
  const names = OUTCOMES.filter((name) => name !== "weightsHash" || !hasNoWeights);
  const outcome = ({ result }: RecordedRun) => Object.fromEntries(names.map((name) => [name, result[name]]));
  return [
    ...compareMembers("", outcome(expected), outcome(found)),
    ...compareRows("step", expected.steps, found.steps),
    ...compareRows("evaluation at step", expected.evaluations, found.evaluations),
  ];
}

/** What else than the settings the two runs were made from differently. */
export function changedIngredients(a: RunIngredients, b: RunIngredients): (keyof RunIngredients)[] {
  return INGREDIENTS.filter((name) => a[name] !== b[name]);
}

function compareRows(what: string, expected: readonly Row[], found: readonly Row[]): RunDifference[] {
  return Array.from({ length: Math.max(expected.length, found.length) }, (_, index) => index).flatMap((index) => {
    const [ours, theirs] = [expected.at(index), found.at(index)];
    return compareMembers(`${what} ${ours?.step ?? theirs?.step}: `, ours ?? {}, theirs ?? {});
  });
}

function compareMembers(place: string, expected: object, found: object): RunDifference[] {
  const [ours, theirs] = [toTexts(expected), toTexts(found)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const difference = { what: `${place}${name}`, expected: ours.get(name) ?? null, found: theirs.get(name) ?? null };
    return difference.expected === difference.found ? [] : [difference];
  });
}

function toTexts(members: object): Map<string, string> {
  return new Map(Object.entries(members).map(([name, value]) => [name, canonicalJson(value)]));
}
