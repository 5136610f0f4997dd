import { Command, Option } from "commander";
import { Random } from "../core/random.ts";
import { readStopIds } from "../model/stop-ids.ts";
import { modelConfig, parseIds, withPolicy } from "./checkpoint-policy.ts";
import { integerOption, numberOption } from "./number-option.ts";

interface SampleOptions {
  readonly model: string;
  readonly ids: string;
  readonly maxNew: number;
  readonly greedy?: boolean;
  readonly temperature: number;
  readonly topP?: number;
  readonly seed: number;
  readonly ignoreEos?: boolean;
  readonly json?: boolean;
  readonly threads: number;
}

const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

export const sampleCommand = new Command("sample")
  .description("continue a sequence of tokens with a checkpoint")
  .requiredOption("--model <dir>", "checkpoint folder in Hugging Face layout")
  .requiredOption("--ids <list>", "token ids of the prompt, such as 1,2,3")
  .option("--max-new <n>", "new tokens at most", integerOption(1, 1 << 20), 24)
  .addOption(new Option("--greedy", "the most likely token each time").conflicts(["temperature", "topP"]))
  .option(
    "--temperature <t>",
    "0 is greedy",
    numberOption("a number of at least 0", (t) => t >= 0),
    1,
  )
  .option(
    "--top-p <p>",
    "keep the most likely tokens up to this probability",
    numberOption("a number above 0, at most 1", (p) => p > 0 && p <= 1),
  )
  .option("--seed <n>", "the same seed gives the same tokens", integerOption(0, LARGEST_SEED), 0)
  .option("--ignore-eos", "go on after an end token")
  .option("--json", 'print {"ids": [...]}, the new tokens, an end token included')
  .option("--threads <n>", "threads; the tokens are the same for any number", integerOption(1, 64), 1)
  .addHelpText(
    "after",
    "\nExample:\n  labelfree sample --model Qwen2.5-0.5B --ids 9707,11 --temperature 0.6 --top-p 0.95 --json",
  )
  .action(async (options: SampleOptions) => {
    const { model, maxNew, greedy = false, temperature, topP, seed, ignoreEos = false, json = false } = options;
    const prompt = parseIds(options.ids, modelConfig(model), maxNew);
    const stopIds = ignoreEos ? [] : readStopIds(model);
    const { responses } = await withPolicy(model, options.threads, (policy) =>
      policy.generate([prompt], {
        samplesPerPrompt: 1,
        maxNewTokens: maxNew,
        temperature: greedy ? 0 : temperature,
        ...(topP === undefined ? {} : { topP }),
        stopIds,
        random: Random.fromSeed(seed),
        train: false,
      }),
    );
    const ids = responses[0].tokens;
    console.log(json ? JSON.stringify({ ids }) : ids.join(","));
  });
