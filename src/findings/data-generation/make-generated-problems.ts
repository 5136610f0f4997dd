// Makes the finding's data: pre-trains the generator, asks it for problems, and lets base checkpoints answer some of them.
// The key is made of all that the data depend on, as a run's is; the same key means the same data.
import { hashBytes, hashJson } from "../../core/hash.ts";
import { Random } from "../../core/random.ts";
import { createWasmDevice, kernelBytes } from "../../device/wasm/wasm-device.ts";
import { Policy } from "../../model/policy.ts";
import { Transformer } from "../../model/transformer.ts";
import { loadBase } from "../../runs/base-checkpoint.ts";
import { packageFacts } from "../../runs/package-root.ts";
import { checkBuild, closureOf } from "../../runs/source-closure.ts";
import { dataHash } from "../../tasks/micro/data-hash.ts";
import { evaluationSets } from "../../tasks/micro/evaluation-sets.ts";
import { MICRO_WORLD } from "../../tasks/micro/world.ts";
import { type GeneratorSettings, pretrainGenerator } from "./generator.ts";
import { answeredProblems, countFailures } from "./measure-failures.ts";
import { type GenerationSettings, generateSets, type ProblemSet } from "./problem-sets.ts";

export interface GeneratedProblemsRequest {
  readonly generator: GeneratorSettings;
  readonly generation: GenerationSettings;
  /** Who answers: each draw is answered by one base of each tier, the base seeds in turn. */
  readonly bases: { readonly tiers: readonly string[]; readonly baseSeeds: readonly number[] };
  /** Problems of a set that are answered. */
  readonly answered: number;
  /** Answers to each. */
  readonly samples: number;
}

export interface MeasuredSet extends ProblemSet {
  /** By tier, of each answered problem (measure-failures.ts): how many answers are wrong. */
  readonly failures: Readonly<Record<string, readonly number[]>>;
}

export interface GeneratedProblems {
  readonly key: string;
  /** What the data were made from. */
  readonly request: GeneratedProblemsRequest;
  /** Mean over the last tenth of the generator's steps, in nats per token. */
  readonly generatorLoss: number;
  readonly sets: readonly MeasuredSet[];
}

const ENTRY = "src/findings/data-generation/make-generated-problems.ts";

/** The key of this request now. Throws LabelfreeError `base/missing`, `source/stale-build`, .... */
export function generatedProblemsKey(request: GeneratedProblemsRequest): string {
  const { tiers, baseSeeds } = request.bases;
  const { root, isBuilt } = packageFacts();
  const closure = closureOf(root, [ENTRY, "src/device/wasm/"]);
  if (isBuilt) checkBuild(root, closure);
  return hashJson({
    request,
    bases: tiers.flatMap((tier) => baseSeeds.map((baseSeed) => loadBase({ tier, baseSeed }).sha256)),
    world: dataHash(MICRO_WORLD, { ...evaluationSets() }),
    kernels: hashBytes(kernelBytes()),
    source: closure.sha256,
  });
}

/** Makes the data. Throws LabelfreeError as `generatedProblemsKey` does, or `generator/diverged`. */
export async function makeGeneratedProblems(
  request: GeneratedProblemsRequest,
  onNotice: (text: string) => void = () => {},
): Promise<GeneratedProblems> {
  const key = generatedProblemsKey(request);
  const device = await createWasmDevice({ threads: 1 });
  try {
    const { generator: settings, generation } = request;
    const losses: number[] = [];
    const generator = await pretrainGenerator(device, settings, ({ loss }) => losses.push(loss));
    const last = losses.slice(-Math.ceil(losses.length / 10));
    const generatorLoss = last.reduce((sum, loss) => sum + loss, 0) / last.length;
    onNotice(`generator pre-trained, ${generatorLoss.toFixed(3)} nats per token`);
    const sets = await generateSets(generator, generation, settings.corpus);
    onNotice(`${sets.length} sets generated`);
    const failures = sets.map((): Record<string, readonly number[]> => ({}));
    for (const tier of request.bases.tiers) {
      for (const baseSeed of request.bases.baseSeeds) {
        const { config, weights } = loadBase({ tier, baseSeed });
        const base = new Policy(Transformer.create(device, config, weights));
        for (const [index, set] of sets.entries()) {
          if (baseSeedOf(set, request) !== baseSeed) continue;
          const random = Random.fromSeed(set.draw).fork(`failures/${tier}/${set.level}/${set.arm}`);
          const problems = answeredProblems(set, request.answered);
          failures[index][tier] = await countFailures(base, problems, { samples: request.samples, random });
        }
      }
      onNotice(`answered by tier ${tier}`);
    }
    return { key, request, generatorLoss, sets: sets.map((set, index) => ({ ...set, failures: failures[index] })) };
  } finally {
    await device.close();
  }
}

function baseSeedOf({ draw }: ProblemSet, { bases: { baseSeeds } }: GeneratedProblemsRequest): number {
  return baseSeeds[(draw - 1) % baseSeeds.length];
}
