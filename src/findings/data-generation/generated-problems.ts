// The finding's data as one file: a set's calls as text, a digit per answered problem and tier.
import { z } from "zod";
import type { Json } from "../../core/canonical-json.ts";
import { LabelfreeError } from "../../core/errors.ts";
import type { FindingExtra } from "../finding-extra.ts";
import type { Scale } from "../scale.ts";
import { paperScaleMissing } from "../scale.ts";
import type { GeneratedProblems, GeneratedProblemsRequest } from "./make-generated-problems.ts";
import { generatedProblemsKey, makeGeneratedProblems } from "./make-generated-problems.ts";
import { ARMS } from "./problem-sets.ts";

const CORPUS = {
  examples: 5,
  problemsPerCall: 25,
  neighbourLevel: 0.12,
  copy: 0.04,
  nearCopy: 0.08,
  worksheet: 0.3,
} as const;

const GENERATOR = {
  seed: 1,
  corpus: CORPUS,
  hiddenSize: 48,
  layers: 3,
  intermediateSize: 144,
  steps: 1000,
  batchSize: 12,
  learningRate: 4e-3,
  warmupSteps: 50,
} as const;

const REQUESTS: Readonly<Record<Exclude<Scale, "paper">, GeneratedProblemsRequest>> = {
  smoke: {
    generator: {
      ...GENERATOR,
      hiddenSize: 32,
      layers: 2,
      intermediateSize: 96,
      steps: 60,
      batchSize: 4,
      warmupSteps: 10,
    },
    generation: { draws: 2, callsPerSet: 1, temperature: 1 },
    bases: { tiers: ["xs", "l"], baseSeeds: [1] },
    answered: 4,
    samples: 4,
  },
  // 200 problems a set, as many as a level of the full training set holds
  micro: {
    generator: GENERATOR,
    generation: { draws: 10, callsPerSet: 8, temperature: 1 },
    bases: { tiers: ["xs", "s", "m", "l"], baseSeeds: [1, 2, 3] },
    answered: 10,
    samples: 8,
  },
};

/**
 * What the data of a scale are made from.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function requestOf(scale: Scale): GeneratedProblemsRequest {
  if (scale === "paper") throw paperScaleMissing(["MATH"]);
  return REQUESTS[scale];
}

export const generatedProblems: FindingExtra<GeneratedProblems> = {
  file: "generated-problems.json",
  parse: parseGeneratedProblems,
  toJson: toStored,
  keys: ({ key }) => [key],
  isCurrent: ({ key }, scale) => key === generatedProblemsKey(requestOf(scale)),
  make: (scale, onNotice) => makeGeneratedProblems(requestOf(scale), onNotice),
};

const count = z.int().min(1);
const share = z.number().min(0).max(1);

const requestSchema = z.strictObject({
  generator: z.strictObject({
    seed: z.int().min(0),
    corpus: z.strictObject({
      examples: count,
      problemsPerCall: count,
      neighbourLevel: share,
      copy: share,
      nearCopy: share,
      worksheet: share,
    }),
    hiddenSize: count,
    layers: count,
    intermediateSize: count,
    steps: count,
    batchSize: count,
    learningRate: z.number(),
    warmupSteps: z.int().min(0),
  }),
  generation: z.strictObject({ draws: count, callsPerSet: count, temperature: z.number() }),
  bases: z.strictObject({ tiers: z.array(z.string()).min(1), baseSeeds: z.array(z.int().min(0)).min(1) }),
  answered: count,
  samples: z.int().min(1).max(9),
});

const storedSchema = z.strictObject({
  key: z.string(),
  request: requestSchema,
  generatorLoss: z.number(),
  sets: z.array(
    z.strictObject({
      arm: z.enum(ARMS),
      draw: count,
      level: z.int().min(1).max(5),
      /** Examples and text of each call, in turn. */
      calls: z.array(z.tuple([z.string(), z.string()])).min(1),
      failures: z.record(z.string(), z.string().regex(/^\d*$/)),
    }),
  ),
});

function toStored({ sets, ...about }: GeneratedProblems): Json {
  const stored = sets.map(({ calls, failures, ...set }) => ({
    ...set,
    calls: calls.map(({ examples, text }) => [examples, text]),
    failures: Object.fromEntries(Object.entries(failures).map(([tier, counts]) => [tier, counts.join("")])),
  }));
  return { ...about, sets: stored } as unknown as Json;
}

function parseGeneratedProblems(value: unknown): GeneratedProblems {
  const parsed = storedSchema.safeParse(value);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const next = "labelfree reproduce data-generation --save-records writes it anew";
    throw new LabelfreeError("records/damaged", `generated-problems.json: ${path.join(".")}: ${message}; ${next}`);
  }
  const { sets, ...about } = parsed.data;
  return {
    ...about,
    sets: sets.map(({ calls, failures, ...set }) => ({
      ...set,
      calls: calls.map(([examples, text]) => ({ examples, text })),
      failures: Object.fromEntries(Object.entries(failures).map(([tier, digits]) => [tier, [...digits].map(Number)])),
    })),
  };
}
