// When has a run collapsed? The paper shows collapse (held-out accuracy near 0) but does not define it. Our definition,
// fixed before any reported run, looks at training rows (reward, agreement, entropy) and held-out evaluations:
//
// Two alarms, each judged when a row arrives; the first that fires gives the step.
// - No reward: over the last WINDOW training rows the mean reward is at most NO_REWARD, and their median entropy is at
//   least NOISE_FACTOR times, and NOISE_NATS above, that of the run's first WINDOW rows (the windows must not overlap).
//   Reward 0 alone is no collapse: a hard stage of a curriculum looks like that too.
// - Accuracy gone: at the last two evaluations in a row, held-out accuracy is at most LOST_SHARE of its base value (the
//   first evaluation) and at least LOST_POINTS below it, which for 500 problems is beyond the noise. One bad evaluation
//   never fires.
// The reason says how it happened:
// - "silent": no reward, or noise as above. The policy no longer produces answers.
// - "false-consensus": agreement (share of a group behind its majority answer; reward where a row has none) is at least
//   CONSENSUS in the last window and above its start, and entropy is below its start. All rollouts say the same, wrongly.
// - "accuracy-lost": neither of the two.
// A run that ends below its base without collapse has declined (hasDeclined): another verdict.
//
// Repeated steps: the last row of a step counts. A row whose step is not beyond the latest one means that the run was
// started again there; it and everything observed from that step on replaces what was known, the verdict too.

import type { StepMetrics } from "./metrics.ts";

const WINDOW = 16;
const NO_REWARD = 0.01;
const NOISE_FACTOR = 2;
const NOISE_NATS = 0.5;
const LOST_SHARE = 0.5;
const LOST_POINTS = 0.04;
const CONSENSUS = 0.8;
const DECLINE_POINTS = 0.02;

/** One training step; null or absent: not known. */
export interface StepObservation {
  readonly step: number;
  /** Mean reward, 0-1. */
  readonly reward?: number | null;
  /** Share of a group's rollouts behind its majority answer, 0-1. */
  readonly agreement?: number | null;
  /** True correctness of the rollouts, 0-1; evidence only. */
  readonly accuracy?: number | null;
  /** Nats per token. */
  readonly entropy?: number | null;
  /** Tokens; evidence only. */
  readonly length?: number | null;
}

export interface EvaluationObservation {
  readonly step: number;
  /** Held-out accuracy, 0-1. */
  readonly accuracy: number;
}

/** Means (entropy: medians) over the first and the latest training rows; null where nothing is known. */
export interface CollapseEvidence {
  readonly windowSteps: number;
  readonly reward: number | null;
  readonly agreement: number | null;
  readonly agreementAtStart: number | null;
  readonly accuracy: number | null;
  readonly entropy: number | null;
  readonly entropyAtStart: number | null;
  readonly length: number | null;
  readonly heldOutAccuracy: number | null;
  readonly baseAccuracy: number | null;
}

export type CollapseReason = "silent" | "false-consensus" | "accuracy-lost";

export interface CollapseVerdict {
  /** Step of the row at which the collapse was established. */
  readonly step: number;
  readonly reason: CollapseReason;
  readonly evidence: CollapseEvidence;
}

/** What the detector knows so far; a value, never changed in place. */
export interface CollapseState {
  readonly steps: readonly StepObservation[];
  readonly evaluations: readonly EvaluationObservation[];
  readonly verdict: CollapseVerdict | null;
}

export const NOTHING_OBSERVED: CollapseState = { steps: [], evaluations: [], verdict: null };

/** Takes in a training row. */
export function observeStep(state: CollapseState, row: StepObservation): CollapseState {
  const known = forgetFrom(state, row.step);
  const next = { ...known, steps: [...known.steps, row] };
  return next.verdict === null && isSilent(next) ? withVerdict(next, row.step) : next;
}

/** Takes in an evaluation made after the training row of its step. */
export function observeEvaluation(state: CollapseState, row: EvaluationObservation): CollapseState {
  const evaluations = [...state.evaluations.filter(({ step }) => step < row.step), row];
  const next = { ...state, evaluations };
  return next.verdict === null && isAccuracyGone(evaluations) ? withVerdict(next, row.step) : next;
}

/** Judges a whole run from one row per step (the last wins) of each kind; null: no collapse. */
export function detectCollapse(
  steps: readonly StepObservation[],
  evaluations: readonly EvaluationObservation[],
): CollapseVerdict | null {
  const rows = lastPerStep(steps).map((row) => ({
    step: row.step,
    observe: (s: CollapseState) => observeStep(s, row),
  }));
  const checks = lastPerStep(evaluations).map((row) => ({
    step: row.step,
    observe: (s: CollapseState) => observeEvaluation(s, row),
  }));
  // a stable sort leaves a step's training row before its evaluation
  const events = [...rows, ...checks].sort((a, b) => a.step - b.step);
  return events.reduce((state, { observe }) => observe(state), NOTHING_OBSERVED).verdict;
}

/** Whether a run ended at least 2 points below its base value (its first evaluation) without having collapsed. */
export function hasDeclined(
  evaluations: readonly EvaluationObservation[],
  collapse: CollapseVerdict | null = null,
): boolean {
  const ordered = lastPerStep(evaluations);
  if (collapse !== null || ordered.length < 2) return false;
  return ordered[0].accuracy - ordered[ordered.length - 1].accuracy >= DECLINE_POINTS - ROUNDING;
}

/** What the detector sees of a run's own metrics. */
export function toStepObservation(row: StepMetrics): StepObservation {
  return {
    step: row.step,
    reward: row.reward,
    agreement: row["labelfree/majority_share"],
    accuracy: row["labelfree/accuracy"],
    entropy: row.entropy,
    length: row["completions/mean_length"],
  };
}

// shares of problems are ratios of small integers; their differences must not miss a threshold by rounding
const ROUNDING = 1e-9;

function isAccuracyGone(evaluations: readonly EvaluationObservation[]): boolean {
  if (evaluations.length < 3) return false;
  const base = evaluations[0].accuracy;
  return evaluations
    .slice(-2)
    .every(({ accuracy }) => accuracy <= base * LOST_SHARE + ROUNDING && base - accuracy >= LOST_POINTS - ROUNDING);
}

function isSilent(state: CollapseState): boolean {
  if (state.steps.length < 2 * WINDOW) return false;
  const evidence = gatherEvidence(state);
  return hasNoReward(evidence) && isNoise(evidence);
}

function hasNoReward({ reward }: CollapseEvidence): boolean {
  return reward !== null && reward <= NO_REWARD;
}

function isNoise({ entropy, entropyAtStart }: CollapseEvidence): boolean {
  if (entropy === null || entropyAtStart === null) return false;
  return entropy >= NOISE_FACTOR * entropyAtStart && entropy >= entropyAtStart + NOISE_NATS;
}

function isFalseConsensus(evidence: CollapseEvidence): boolean {
  const { agreement, agreementAtStart, entropy, entropyAtStart } = evidence;
  if (agreement === null || agreementAtStart === null || entropy === null || entropyAtStart === null) return false;
  return agreement >= CONSENSUS && agreement > agreementAtStart && entropy < entropyAtStart;
}

function withVerdict(state: CollapseState, step: number): CollapseState {
  const evidence = gatherEvidence(state);
  const isQuiet = hasNoReward(evidence) || isNoise(evidence);
  const reason = isQuiet ? "silent" : isFalseConsensus(evidence) ? "false-consensus" : "accuracy-lost";
  return { ...state, verdict: { step, reason, evidence } };
}

function gatherEvidence({ steps, evaluations }: CollapseState): CollapseEvidence {
  // a short run is cut in halves
  const size = Math.min(WINDOW, Math.floor(steps.length / 2));
  const start = steps.slice(0, size);
  const latest = size === 0 ? [] : steps.slice(-size);
  const agreementOf = (row: StepObservation) => row.agreement ?? row.reward;
  return {
    windowSteps: size,
    reward: mean(known(latest, (row) => row.reward)),
    agreement: mean(known(latest, agreementOf)),
    agreementAtStart: mean(known(start, agreementOf)),
    accuracy: mean(known(latest, (row) => row.accuracy)),
    entropy: median(known(latest, (row) => row.entropy)),
    entropyAtStart: median(known(start, (row) => row.entropy)),
    length: mean(known(latest, (row) => row.length)),
    heldOutAccuracy: evaluations.at(-1)?.accuracy ?? null,
    baseAccuracy: evaluations.at(0)?.accuracy ?? null,
  };
}

function forgetFrom(state: CollapseState, from: number): CollapseState {
  const latest = state.steps.at(-1);
  if (latest === undefined || latest.step < from) return state;
  const { verdict } = state;
  return {
    steps: state.steps.filter(({ step }) => step < from),
    evaluations: state.evaluations.filter(({ step }) => step < from),
    verdict: verdict !== null && verdict.step < from ? verdict : null,
  };
}

function lastPerStep<Row extends { readonly step: number }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.step, row])).values()].sort((a, b) => a.step - b.step);
}

function known(
  rows: readonly StepObservation[],
  value: (row: StepObservation) => number | null | undefined,
): readonly number[] {
  return rows.map(value).filter((number): number is number => Number.isFinite(number));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
