// Four tiers stand in the places of the paper's four model sizes, by rank of measured base accuracy only; they are never
// named after those sizes. Accuracy is not monotone in steps, so the numbers here are placed by experiment.
export type TierName = "xs" | "s" | "m" | "l";

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
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly intermediateSize: number;
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

function tier(hiddenSize: number, layers: number, pretraining: Partial<PretrainingSettings>): TierSettings {
  const shape = { hiddenSize, layers, heads: 4, kvHeads: 2, intermediateSize: 3 * hiddenSize };
  return { ...shape, pretraining: { ...PRETRAINING, ...pretraining } };
}

function until(accuracy: number): PretrainingSettings["placement"] {
  return { accuracy, everySteps: 20 };
}

export const TIERS: Readonly<Record<TierName, TierSettings>> = {
  xs: tier(32, 2, { learningRate: 3e-3, placement: until(0.14) }),
  s: tier(48, 3, { placement: until(0.2) }),
  m: tier(48, 3, { placement: until(0.35) }),
  l: tier(64, 3, { steps: 2500 }),
};
