import { Command } from "commander";
import { LabelfreeError } from "../core/errors.ts";
import { modelConfig, parseIds, withPolicy } from "./checkpoint-policy.ts";
import { integerOption } from "./number-option.ts";

const SHOWN = 10;

interface LogitsOptions {
  readonly model: string;
  readonly ids: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly threads: number;
}

export const logitsCommand = new Command("logits")
  .description("print a checkpoint's logits after a sequence of tokens")
  .requiredOption("--model <dir>", "checkpoint folder in Hugging Face layout")
  .requiredOption("--ids <list>", "token ids, such as 1,2,3")
  .option("--all", "after every token, not only the last")
  .option("--json", 'print {"logits": [...]}, one array per position with --all')
  .option("--threads <n>", "threads; the logits are the same for any number", integerOption(1, 64), 1)
  .addHelpText("after", "\nExample:\n  labelfree logits --model Qwen2.5-0.5B --ids 9707,11,1879 --json")
  .action(async ({ model, ids, all = false, json = false, threads }: LogitsOptions) => {
    const config = modelConfig(model);
    const tokens = parseIds(ids, config);
    const logits = await withPolicy(model, threads, (policy) => policy.logits(tokens, { all }));
    if (!logits.every(Number.isFinite)) {
      throw new LabelfreeError("cli/not-finite", `${model}: some logits are not finite; are its weights damaged?`);
    }
    const { vocabularySize } = config;
    const positions = Array.from({ length: logits.length / vocabularySize }, (_, position) =>
      logits.subarray(position * vocabularySize, (position + 1) * vocabularySize),
    );
    if (json) printJson(positions, all);
    else printLargest(positions, tokens.length);
  });

/** Row by row: all positions of a large vocabulary would not fit in one string. */
function printJson(positions: readonly Float32Array[], all: boolean): void {
  process.stdout.write(`{"logits":${all ? "[" : ""}`);
  for (const [index, row] of positions.entries()) process.stdout.write(`${index > 0 ? "," : ""}[${row.join(",")}]`);
  process.stdout.write(`${all ? "]" : ""}}\n`);
}

function printLargest(positions: readonly Float32Array[], tokens: number): void {
  for (const [index, row] of positions.entries()) {
    const largest = Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
    const shown = largest.slice(0, SHOWN).map((id) => `${id} (${row[id].toFixed(4)})`);
    console.log(`after token ${tokens - positions.length + index + 1}: ${shown.join(", ")}`);
  }
}
