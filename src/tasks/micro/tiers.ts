// Bases of reinforcement learning. Four tiers stand in the places of the paper's four model sizes, by rank of measured base
// accuracy only; they are never named after those sizes. Accuracy is not monotone in steps, so the numbers here are placed
// by experiment. Further tiers change one thing: how able the base is (the ladder, t10 to t45, of the shape of s and m), the
// architecture, or the world of the corpus.
import type { WorldSettings } from "./world.ts";

export interface PretrainingSettings {
  readonly steps: number;
  readonly batchSize: number;
  /** Peak rate of AdamW, reached after `warmupSteps`. */
  readonly learningRate: number;
  readonly schedule: "constant" | "cosine";
  /** Where the cosine ends, as a fraction of the peak; a constant schedule does not read it. */
  readonly floor: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  /** Standard deviation of the first weights. */
  readonly initialDeviation: number;
  /** The tier is the exponential moving average of the weights, with this decay per step. */
  readonly averageDecay: number;
  /** Ends training at the first measurement, every so many steps, that reaches this accuracy; null: after all steps. */
  readonly placement: { readonly accuracy: number; readonly everySteps: number } | null;
}

export interface TierSettings {
  readonly family: "qwen2" | "llama" | "mistral";
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly intermediateSize: number;
  /** Tokens that attention looks back, the current one included; null: all. */
  readonly slidingWindow: number | null;
  /** What is other in the world of the corpus. */
  readonly world: Partial<WorldSettings>;
  readonly pretraining: PretrainingSettings;
}

const PRETRAINING: PretrainingSettings = {
  steps: 3000,
  batchSize: 64,
  learningRate: 4e-3,
  schedule: "constant",
  floor: 1,
  warmupSteps: 50,
  weightDecay: 0.01,
  initialDeviation: 0.1,
  averageDecay: 0.98,
  placement: null,
};

const SMALL = { hiddenSize: 32, layers: 2, intermediateSize: 96, pretraining: { learningRate: 3e-3 } } as const;
const MIDDLE = { hiddenSize: 48, layers: 3, intermediateSize: 144, pretraining: { learningRate: 2e-3 } } as const;
const LARGE = {
  hiddenSize: 64,
  layers: 3,
  intermediateSize: 192,
  pretraining: { learningRate: 2e-3, steps: 2500 },
} as const;

const LLAMA = { family: "llama" } as const;
/** The window is shorter than a hard prompt and its response together, so that it acts. */
const MISTRAL = { family: "mistral", slidingWindow: 40 } as const;

/** Direct guesses spread evenly over all values, so that guesses seldom agree. */
const FLAT = { world: { popularGuesses: Array.from({ length: 100 }, (_, value) => value), guessExponent: 0 } };
/** Half of the worked solutions check their last step. */
const CHECKED = { world: { styleShares: { chainOfThought: 0.2, direct: 0.4, junk: 0.2, checked: 0.2 } } };

type Shape = Pick<TierSettings, "hiddenSize" | "layers" | "intermediateSize"> & {
  readonly pretraining: Partial<PretrainingSettings>;
};
type Changes = Partial<Pick<TierSettings, "family" | "slidingWindow" | "world">>;

/** A tier that ends at an accuracy on the placement set, or after all steps of its shape. */
function tier({ pretraining, ...shape }: Shape, accuracy: number | null, changes: Changes = {}): TierSettings {
  const placement = accuracy === null ? null : { accuracy, everySteps: 20 };
  const common = { family: "qwen2", heads: 4, kvHeads: 2, slidingWindow: null, world: {} } as const;
  return { ...common, ...shape, ...changes, pretraining: { ...PRETRAINING, ...pretraining, placement } };
}

const [XS, S, M, L] = [0.14, 0.2, 0.35, null];

export const TIERS = {
  xs: tier(SMALL, XS),
  s: tier(MIDDLE, S),
  m: tier(MIDDLE, M),
  l: tier(LARGE, L),
  t10: tier(MIDDLE, 0.1),
  t15: tier(MIDDLE, 0.15),
  t25: tier(MIDDLE, 0.25),
  t30: tier(MIDDLE, 0.3),
  t45: tier(MIDDLE, 0.45),
  "xs-llama": tier(SMALL, XS, LLAMA),
  "m-llama": tier(MIDDLE, M, LLAMA),
  "l-llama": tier(LARGE, L, LLAMA),
  "xs-mistral": tier(SMALL, XS, MISTRAL),
  "m-mistral": tier(MIDDLE, M, MISTRAL),
  "l-mistral": tier(LARGE, L, MISTRAL),
  "xs-flat": tier({ ...SMALL, pretraining: { ...SMALL.pretraining, steps: 5000 } }, XS, FLAT),
  "m-flat": tier(MIDDLE, M, FLAT),
  "xs-checked": tier(SMALL, XS, CHECKED),
  "l-checked": tier(LARGE, L, CHECKED),
} satisfies Readonly<Record<string, TierSettings>>;

export type TierName = keyof typeof TIERS;

export const TIER_NAMES = Object.keys(TIERS) as [TierName, ...TierName[]];

/** The tiers in the places of the paper's sizes, weakest first. */
const RANKED: readonly string[] = ["xs", "s", "m", "l"];

/** Pre-training seeds of a tier that are kept in the project. */
export function baseSeedsOf(tier: TierName): readonly number[] {
  return RANKED.includes(tier) ? [1, 2, 3] : [1, 2];
}
