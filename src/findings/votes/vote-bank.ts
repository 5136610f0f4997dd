// A vote bank: 64 answers of a base checkpoint to each of some training problems, sampled as training samples its rollouts,
// so that votes of any size can be counted without training. Problems are the first of the natural set; each draws from a
// stream of its own, so that a bank does not depend on how it is computed. A bank's key is made of all that its answers
// depend on, as a run's is; the same key means the same answers.
import { hashBytes, hashJson } from "../../core/hash.ts";
import { Random } from "../../core/random.ts";
import { createWasmDevice, kernelBytes } from "../../device/wasm/wasm-device.ts";
import { Policy } from "../../model/policy.ts";
import { Transformer } from "../../model/transformer.ts";
import { readResponse } from "../../rl/judge.ts";
import { DEFAULT_SETTINGS } from "../../rl/settings.ts";
import { type BaseCheckpoint, loadBase } from "../../runs/base-checkpoint.ts";
import { packageFacts } from "../../runs/package-root.ts";
import { checkBuild, closureOf } from "../../runs/source-closure.ts";
import { type TrainingData, trainingData } from "../../runs/training-data.ts";

/** What to sample, from which base. */
export interface BankRequest {
  readonly tier: string;
  readonly baseSeed: number;
  readonly problems: number;
  readonly samples: number;
  readonly seed: number;
}

/** One problem with the base's answers in the order sampled; null: no answer could be extracted. */
export interface BankedProblem {
  readonly level: number;
  readonly answer: string;
  readonly answers: readonly (string | null)[];
}

export interface VoteBank extends BankRequest {
  readonly key: string;
  readonly entries: readonly BankedProblem[];
}

/** What the answers come from beside the base and the device. */
const ENTRY = "src/findings/votes/vote-bank.ts";

/** The key that a bank of this request has now. Throws LabelfreeError `base/missing`, `source/stale-build`, .... */
export function bankKey(request: BankRequest): string {
  return keyOf(request, loadBase(request), dataOf(request));
}

/** Samples a bank. Throws LabelfreeError as `bankKey` does. */
export async function sampleBank(request: BankRequest): Promise<VoteBank> {
  const base = loadBase(request);
  const data = dataOf(request);
  const { task, problems } = data;
  const { temperature, maxNewTokens } = DEFAULT_SETTINGS.rollouts;
  const device = await createWasmDevice({ threads: 1 });
  try {
    const policy = new Policy(Transformer.create(device, base.config, base.weights));
    const entries: BankedProblem[] = [];
    for (const [index, problem] of problems.entries()) {
      const rollouts = await policy.generate([task.encodePrompt(problem)], {
        samplesPerPrompt: request.samples,
        maxNewTokens,
        temperature,
        stopIds: task.stopIds,
        random: Random.fromSeed(request.seed).fork(`vote-bank/${index}`),
        train: false,
      });
      const answers = rollouts.responses.map((_, at) => readResponse(rollouts, at, problem, task).answer);
      entries.push({ level: problem.level, answer: problem.answer, answers });
    }
    return { ...request, key: keyOf(request, base, data), entries };
  } finally {
    await device.close();
  }
}

function dataOf({ problems }: BankRequest): TrainingData {
  return trainingData({ task: "micro", data: { ...DEFAULT_SETTINGS.data, size: problems } });
}

function keyOf(request: BankRequest, base: BaseCheckpoint, data: TrainingData): string {
  kernels ??= hashBytes(kernelBytes());
  source ??= bankSource();
  return hashJson({ request, base: base.sha256, data: data.sha256, kernels, source });
}

let kernels: string | undefined;
let source: string | undefined;

function bankSource(): string {
  const { root, isBuilt } = packageFacts();
  const closure = closureOf(root, [ENTRY, "src/device/wasm/"]);
  if (isBuilt) checkBuild(root, closure);
  return closure.sha256;
}
