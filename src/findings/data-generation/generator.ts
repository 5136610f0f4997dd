// The generator: a small transformer that reads a level and examples and writes further problems, as a large language model
// is asked to. It is pre-trained from random weights on generator-corpus.ts by next-token prediction; each step's documents
// derive from the seed and the step alone.
import { LabelfreeError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import type { Device } from "../../device/device.ts";
import { AdamW } from "../../model/adamw.ts";
import type { TransformerConfig } from "../../model/config.ts";
import { initialWeights } from "../../model/initial-weights.ts";
import { Policy } from "../../model/policy.ts";
import { learningRateAt } from "../../model/schedule.ts";
import { Transformer } from "../../model/transformer.ts";
import { VOCABULARY } from "../../tasks/micro/vocabulary.ts";
import { type CorpusSettings, drawDocument } from "./generator-corpus.ts";

export interface GeneratorSettings {
  readonly seed: number;
  readonly corpus: CorpusSettings;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly intermediateSize: number;
  readonly steps: number;
  /** Documents a step. */
  readonly batchSize: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
}

export interface GeneratorStep {
  readonly step: number;
  /** Cross-entropy per token, in nats. */
  readonly loss: number;
}

/** Pre-trains a generator. Throws LabelfreeError `generator/diverged`. */
export async function pretrainGenerator(
  device: Device,
  settings: GeneratorSettings,
  onStep: (step: GeneratorStep) => void = () => {},
): Promise<Policy> {
  const random = Random.fromSeed(settings.seed).fork("generator");
  const config = configOf(settings);
  const policy = new Policy(Transformer.create(device, config, initialWeights(config, random.fork("weights"), 0.1)));
  const optimizer = new AdamW(policy.transformer, { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01 });
  for (let step = 1; step <= settings.steps; step++) {
    const drawn = random.fork(`step/${step}`);
    const documents = Array.from({ length: settings.batchSize }, () => drawDocument(drawn, settings.corpus));
    const batch = {
      prompts: documents.map((ids) => ids.slice(0, 1)),
      responses: documents.map((ids, prompt) => ({ prompt, tokens: ids.slice(1) })),
    };
    const { logp } = await policy.score(batch, { temperature: 1 });
    const loss = -logp.reduce((sum, value) => sum + value, 0) / logp.length;
    if (!Number.isFinite(loss)) throw diverged(step);
    policy.backward(new Float32Array(logp.length).fill(-1 / logp.length));
    const learningRate = learningRateAt(step - 1, {
      peak: settings.learningRate,
      warmupSteps: settings.warmupSteps,
      totalSteps: settings.steps,
      kind: "cosine",
    });
    await optimizer.step(learningRate, { clipNorm: 1 });
    onStep({ step, loss });
  }
  return policy;
}

function configOf({ hiddenSize, layers, intermediateSize }: GeneratorSettings): TransformerConfig {
  return {
    family: "qwen2",
    vocabularySize: VOCABULARY.length,
    hiddenSize,
    intermediateSize,
    layers,
    heads: 4,
    kvHeads: 2,
    headSize: hiddenSize / 4,
    ropeTheta: 10000,
    rmsNormEps: 1e-6,
    slidingWindow: null,
    tiedEmbeddings: true,
    qkvBias: true,
    maxPositions: 512,
  };
}

function diverged(step: number): LabelfreeError {
  const message = `generator: the loss is not finite at step ${step}; lower the learning rate`;
  return new LabelfreeError("generator/diverged", message, { fields: { step } });
}
