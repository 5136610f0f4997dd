// Every choice of the synthetic arithmetic world, as data, so that an experiment can change the world without code.
// Chains have 1, 2, 3, 4, 4 steps: a fifth step was never learned by any tier. The world decides problems, corpus and sets;
// nothing in it knows about a training method.
import { LabelfreeError } from "../../core/errors.ts";

export const LEVELS = [1, 2, 3, 4, 5] as const;

/** The ways to write a problem, see forms.ts. */
export const FORMS = ["sum", "story", "choice", "program"] as const;

export type Form = (typeof FORMS)[number];

/** One value for each of the levels 1 to 5. */
export type PerLevel = readonly [number, number, number, number, number];

/** The held-out sets in the roles of MATH-500, GSM8K, AIME24, GPQA and LiveCodeBench. */
export const BENCHMARKS = ["math-like", "gsm-like", "aime-like", "gpqa-like", "lcb-like"] as const;

export type EvaluationName = (typeof BENCHMARKS)[number] | "placement";

export interface EvaluationSettings {
  readonly form: Form;
  /** Problems by level. */
  readonly counts: PerLevel;
}

export interface WorldSettings {
  /** Values live in 0 to modulus - 1. */
  readonly modulus: number;
  /** Digits of a start value, an intermediate value and an answer, zero-padded. */
  readonly answerWidth: 2 | 3;
  readonly chainLengths: PerLevel;
  /** Operands are drawn from 1 to this number. */
  readonly operandRanges: PerLevel;

  /** Relative frequency of each level in the corpus. */
  readonly corpusLevelWeights: PerLevel;
  /** Shares of the forms in the corpus; they sum to 1. */
  readonly formShares: Readonly<Record<Form, number>>;
  /** Shares of the corpus's answer styles; they sum to 1. */
  readonly styleShares: {
    readonly chainOfThought: number;
    readonly direct: number;
    readonly junk: number;
    /** A chain of thought that then walks back by the reverse operations. */
    readonly checked: number;
  };
  /** Share of the checked solutions whose last step slips, so that the check finds it and it is worked again. */
  readonly checkedSlips: number;
  /** Steps that a checked solution walks back from its result (fewer if the chain is shorter). */
  readonly checkedSteps: number;
  /** Probability that a direct answer knows; otherwise it is a popular guess, right by chance only. */
  readonly directKnowledge: PerLevel;
  /** Values of the popular guesses, most popular first. */
  readonly popularGuesses: readonly number[];
  /** The same for the label (1 to 4) of a choice. */
  readonly popularLabels: readonly number[];
  /** The guess of rank r (from 1) has weight r^-exponent. */
  readonly guessExponent: number;
  /** Shortest and longest junk response, in characters. */
  readonly junkLengths: readonly [number, number];

  /** Problems by level of the natural training set, skewed to hard as MATH is. */
  readonly naturalCounts: PerLevel;
  /** Problems by level of the full training set: natural ones first, then generated ones. */
  readonly fullCounts: PerLevel;
  /** The held-out sets, each of one form; "placement" places the tiers and is never reported. */
  readonly evaluations: Readonly<Record<EvaluationName, EvaluationSettings>>;
  /** Evaluation problems are drawn first, from this one seed, and nothing else may draw them. */
  readonly evaluationSeed: number;
}

export const MICRO_WORLD: WorldSettings = {
  modulus: 100,
  answerWidth: 2,
  chainLengths: [1, 2, 3, 4, 4],
  operandRanges: [3, 4, 5, 7, 9],
  corpusLevelWeights: [5, 4, 3, 2, 1],
  formShares: { sum: 0.55, story: 0.15, choice: 0.15, program: 0.15 },
  styleShares: { chainOfThought: 0.4, direct: 0.4, junk: 0.2, checked: 0 },
  checkedSteps: 1,
  checkedSlips: 0.3,
  directKnowledge: [0.4, 0.2, 0.1, 0.05, 0.02],
  popularGuesses: [10, 0, 20, 50, 99, 30, 1, 25, 40, 12],
  popularLabels: [3, 2, 1, 4],
  guessExponent: 1.2,
  junkLengths: [4, 29],
  naturalCounts: [86, 180, 210, 256, 268],
  fullCounts: [200, 200, 200, 200, 200],
  evaluations: {
    "math-like": { form: "sum", counts: [43, 90, 105, 128, 134] },
    "gsm-like": { form: "story", counts: [60, 100, 140, 0, 0] },
    "aime-like": { form: "sum", counts: [0, 0, 0, 0, 100] },
    "gpqa-like": { form: "choice", counts: [0, 0, 60, 70, 70] },
    "lcb-like": { form: "program", counts: [40, 40, 40, 40, 40] },
    placement: { form: "sum", counts: [43, 90, 105, 128, 134] },
  },
  evaluationSeed: 20251106,
};

/** The default world with some settings changed; throws `tasks/world-invalid` for a world that cannot exist. */
export function toWorld(changes: Partial<WorldSettings>): WorldSettings {
  const world: WorldSettings = { ...MICRO_WORLD, ...changes };
  const { modulus, answerWidth, junkLengths, styleShares } = world;
  const capacity = answerWidth === 2 ? 100 : 1000;

  check(answerWidth === 2 || answerWidth === 3, "answerWidth", answerWidth, "2 or 3");
  // a slip or a wrong choice lies up to 9 from a value and must not come round to it
  check(isCount(modulus, 10) && modulus <= capacity, "modulus", modulus, `an integer of 10 to ${capacity}`);
  checkPerLevel("chainLengths", world.chainLengths, "integers from 1", (length) => isCount(length, 1));
  checkPerLevel("operandRanges", world.operandRanges, "integers of 1 to 9", (range) => isCount(range, 1) && range <= 9);
  checkPerLevel("corpusLevelWeights", world.corpusLevelWeights, "numbers from 0", (weight) => weight >= 0);
  check(
    world.corpusLevelWeights.some((weight) => weight > 0),
    "corpusLevelWeights",
    world.corpusLevelWeights,
    "one above 0",
  );
  check(isMixture(Object.values(styleShares)), "styleShares", styleShares, "four numbers from 0 that sum to 1");
  check(
    isMixture(Object.values(world.formShares)),
    "formShares",
    world.formShares,
    "four numbers from 0 that sum to 1",
  );
  check(isShare(world.checkedSlips), "checkedSlips", world.checkedSlips, "a number of 0 to 1");
  check(isCount(world.checkedSteps, 1), "checkedSteps", world.checkedSteps, "an integer from 1");
  checkPerLevel("directKnowledge", world.directKnowledge, "probabilities", isShare);
  check(
    world.popularGuesses.length > 0 && world.popularGuesses.every((guess) => isCount(guess, 0) && guess < modulus),
    "popularGuesses",
    world.popularGuesses,
    `one or more values of 0 to ${modulus - 1}`,
  );
  check(
    world.popularLabels.length > 0 && world.popularLabels.every((label) => isCount(label, 1) && label <= 4),
    "popularLabels",
    world.popularLabels,
    "one or more labels of 1 to 4",
  );
  check(Number.isFinite(world.guessExponent), "guessExponent", world.guessExponent, "a finite number");
  check(
    isCount(junkLengths[0], 0) && isCount(junkLengths[1], junkLengths[0]),
    "junkLengths",
    junkLengths,
    "two integers, shortest first",
  );
  const evaluations = Object.entries(world.evaluations).map(([name, { counts }]) => [`evaluations.${name}`, counts]);
  const counts: Readonly<Record<string, PerLevel>> = {
    naturalCounts: world.naturalCounts,
    fullCounts: world.fullCounts,
    ...Object.fromEntries(evaluations),
  };
  for (const [name, perLevel] of Object.entries(counts)) {
    checkPerLevel(name, perLevel, "integers from 0", (count) => isCount(count, 0));
  }
  return world;
}

/** The value of one level; throws `tasks/unknown-level`. */
export function ofLevel(values: PerLevel, level: number): number {
  if (!isCount(level, 1) || level > LEVELS.length) {
    throw new LabelfreeError("tasks/unknown-level", `level: unknown level, got ${level}, expected 1 to 5`, {
      fields: { level },
    });
  }
  return values[level - 1];
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function isMixture(shares: readonly number[]): boolean {
  return shares.every(isShare) && Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9;
}

function isCount(value: number, lowest: number): boolean {
  return Number.isInteger(value) && value >= lowest;
}

function checkPerLevel(name: string, values: PerLevel, expected: string, holds: (value: number) => boolean): void {
  check(values.length === LEVELS.length && values.every(holds), name, values, `five ${expected}`);
}

function check(holds: boolean, name: string, got: unknown, expected: string): void {
  if (holds) return;
  throw new LabelfreeError(
    "tasks/world-invalid",
    `world.${name}: not possible, got ${JSON.stringify(got)}, expected ${expected}`,
    { fields: { name, got } },
  );
}
