// One GRPO step, timed: 16 prompts of 12 tokens x 8 rollouts of 40 new tokens over a vocabulary of 64, then the gradient
// and one AdamW update, for two shapes of model. Responses have a fixed length, so every step does the same work.
//
// --peer runs the same step in Hugging Face transformers on PyTorch (test/bench/grpo_step.py) with the Python that it
// names, step by step in turn with ours, and gives the ratio: on a shared machine only that means something.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { styleText } from "node:util";
import { Command, Option } from "commander";
import { LabelfreeError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import { createWasmDevice } from "../device/wasm/wasm-device.ts";
import { AdamW } from "../model/adamw.ts";
import type { TransformerConfig } from "../model/config.ts";
import { initialWeights } from "../model/initial-weights.ts";
import { Policy } from "../model/policy.ts";
import { Transformer } from "../model/transformer.ts";
import { packagePath } from "../runs/package-root.ts";
import { integerOption } from "./number-option.ts";

const SHAPES = [
  { hiddenSize: 64, layers: 3 },
  { hiddenSize: 128, layers: 4 },
] as const;
const [PROMPTS, ROLLOUTS, PROMPT_TOKENS, NEW_TOKENS, VOCABULARY] = [16, 8, 12, 40, 64];
const WARM_UP_STEPS = 10; // until both have compiled what they run
const PAUSE_MS = 20; // before each step, until threads that wait for more work give their cores back

type Shape = (typeof SHAPES)[number];

export interface StepTiming {
  /** Hidden size x layers. */
  readonly shape: string;
  readonly rolloutMs: number;
  readonly trainMs: number;
  readonly totalMs: number;
  readonly rolloutTokensPerSecond: number;
}

interface BenchOptions {
  readonly threads: number;
  readonly steps: number;
  readonly peer?: string;
  readonly json?: boolean;
}

export const benchStepCommand = new Command("step")
  .description("time one GRPO step: 16 prompts x 8 rollouts of 40 tokens, then an update")
  .addOption(
    new Option("--threads <n>", "threads")
      .argParser(integerOption(1, 64))
      .default(availableParallelism(), "the number of cores"),
  )
  .option("--steps <n>", "steps to take the median of, after a warm-up", integerOption(1, 1000), 5)
  .option("--peer <python>", "also time Hugging Face transformers on PyTorch, with this Python")
  .option("--json", "print one line of JSON per shape")
  .addHelpText("after", "\nExamples:\n  labelfree bench step\n  labelfree bench step --peer venv/bin/python --json")
  .action(async ({ threads, steps, peer, json = false }: BenchOptions) => {
    for (const shape of SHAPES) {
      const runners = [
        await startOurs(shape, threads),
        ...(peer === undefined ? [] : [startPeer(peer, shape, threads)]),
      ];
      const laps: Lap[][] = runners.map(() => []);
      try {
        for (let step = 0; step < WARM_UP_STEPS + steps; step++) {
          for (const [index, runner] of runners.entries()) {
            await pause(PAUSE_MS);
            laps[index].push(await runner.step());
          }
        }
      } finally {
        for (const runner of runners) await runner.stop();
      }
      const [ours, theirs] = laps.map((all): StepTiming | undefined => summarize(shape, all.slice(WARM_UP_STEPS)));
      const ratio = theirs && { peer: theirs, speedup: theirs.totalMs / (ours as StepTiming).totalMs };
      console.log(json ? JSON.stringify({ ...ours, threads, ...ratio }) : describe(ours as StepTiming, theirs));
    }
  });

interface Lap {
  readonly rolloutMs: number;
  readonly trainMs: number;
}

interface Runner {
  step(): Promise<Lap>;
  stop(): Promise<void>;
}

async function startOurs(shape: Shape, threads: number): Promise<Runner> {
  const device = await createWasmDevice({ threads });
  const config = configOf(shape);
  const transformer = Transformer.create(device, config, initialWeights(config, Random.fromSeed("bench")));
  const policy = new Policy(transformer);
  const optimizer = new AdamW(transformer, { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 });
  const random = Random.fromSeed("bench");
  return {
    async step() {
      const prompts = Array.from({ length: PROMPTS }, () =>
        Array.from({ length: PROMPT_TOKENS }, () => 3 + random.integer(VOCABULARY - 3)),
      );
      const options = { samplesPerPrompt: ROLLOUTS, maxNewTokens: NEW_TOKENS, temperature: 0.6, stopIds: [], random };
      const start = performance.now();
      const { scores } = await policy.generate(prompts, { ...options, train: true });
      const sampled = performance.now();
      policy.backward(scores.logp.map(() => (random.uniform() - 0.5) / scores.logp.length));
      await optimizer.step(3e-4, { clipNorm: 1 });
      return { rolloutMs: sampled - start, trainMs: performance.now() - sampled };
    },
    stop: () => device.close(),
  };
}

function configOf({ hiddenSize, layers }: Shape): TransformerConfig {
  return {
    family: "qwen2",
    vocabularySize: VOCABULARY,
    hiddenSize,
    intermediateSize: 4 * hiddenSize,
    layers,
    heads: 4,
    kvHeads: 2,
    headSize: hiddenSize / 4,
    ropeTheta: 10000,
    rmsNormEps: 1e-6,
    slidingWindow: null,
    tiedEmbeddings: true,
    qkvBias: true,
    maxPositions: 128,
  };
}

function startPeer(python: string, shape: Shape, threads: number): Runner {
  const script = packagePath("test", "bench", "grpo_step.py");
  const counts = [shape.hiddenSize, shape.layers, threads].map(String);
  const child = spawn(python, [script, ...counts], { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on("error", () => undefined); // a child that ended: its output ends too
  const started = new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  started.catch(() => undefined); // step() says so
  return {
    async step() {
      try {
        await started;
        child.stdin.write("step\n");
        return JSON.parse((await lines.next()).value);
      } catch (cause) {
        const message = `--peer: ${python} could not run ${script}; it needs torch 2.13.0 and transformers`;
        throw new LabelfreeError("bench/peer", message, { cause });
      }
    },
    async stop() {
      child.stdin.end();
    },
  };
}

function summarize(shape: Shape, laps: readonly Lap[]): StepTiming {
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const rolloutMs = median(laps.map((lap) => lap.rolloutMs));
  return {
    shape: `${shape.hiddenSize}x${shape.layers}`,
    rolloutMs,
    trainMs: median(laps.map((lap) => lap.trainMs)),
    totalMs: median(laps.map((lap) => lap.rolloutMs + lap.trainMs)),
    rolloutTokensPerSecond: (PROMPTS * ROLLOUTS * NEW_TOKENS * 1000) / rolloutMs,
  };
}

function describe(ours: StepTiming, theirs: StepTiming | undefined): string {
  const line = (name: string, { rolloutMs, trainMs, totalMs, rolloutTokensPerSecond }: StepTiming) =>
    `  ${name.padEnd(12)} rollout ${rolloutMs.toFixed(0)} ms (${rolloutTokensPerSecond.toFixed(0)} tokens/s), ` +
    `train ${trainMs.toFixed(0)} ms, total ${totalMs.toFixed(0)} ms`;
  const lines = [styleText("bold", ours.shape), line("labelfree", ours)];
  if (theirs) {
    const speedup = (theirs.totalMs / ours.totalMs).toFixed(2);
    lines.push(line("transformers", theirs), `  ${speedup} times as fast as transformers`);
  }
  return lines.join("\n");
}
