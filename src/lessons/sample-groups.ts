import { Random } from "../core/random.ts";
import { createWasmDevice } from "../device/wasm/wasm-device.ts";
import { Policy } from "../model/policy.ts";
import { Transformer } from "../model/transformer.ts";
import { type JudgedGroup, judgeRollouts } from "../rl/judge.ts";
import { type MethodName, METHODS } from "../rl/methods.ts";
import { loadBase } from "../runs/base-checkpoint.ts";
import { microTask } from "../tasks/micro/micro-task.ts";
import type { Problem } from "../tasks/task.ts";

export interface SampleOptions {
  readonly tier: string;
  /** Default 1. */
  readonly baseSeed?: number;
  /** Whose rewards and mask judge the rollouts. Default "ttrl". */
  readonly method?: MethodName;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Rollouts of a pre-trained policy to problems of the micro world, judged as the trainer judges them: one group a problem.
 * @throws LabelfreeError `base/missing`.
 */
export async function sampleGroups(problems: readonly Problem[], options: SampleOptions): Promise<JudgedGroup[]> {
  const { tier, baseSeed = 1, method = "ttrl", seed = 1 } = options;
  const { config, weights } = loadBase({ tier, baseSeed });
  const device = await createWasmDevice({ threads: 1 });
  try {
    const policy = new Policy(Transformer.create(device, config, weights));
    const { samplesPerPrompt, maxNewTokens, temperature } = METHODS[method].rollouts;
    const random = Random.fromSeed(seed);
    const rollouts = await policy.generate(
      problems.map((problem) => microTask.encodePrompt(problem)),
      {
        samplesPerPrompt,
        maxNewTokens,
        temperature,
        stopIds: microTask.stopIds,
        random: random.fork("rollouts"),
        train: false,
      },
    );
    return judgeRollouts(rollouts, problems, microTask, METHODS[method], random.fork("judge"));
  } finally {
    await device.close();
  }
}
