import { Command } from "commander";
import { createProgress } from "../core/progress.ts";
import { executeRun } from "../runs/execute-run.ts";
import { nameRun } from "../runs/run-name.ts";
import type { RunResult } from "../runs/run-result.ts";
import { runDirectory } from "../runs/run-store.ts";
import type { Run } from "../runs/spec.ts";
import { EXAMPLE_SPEC } from "./example-spec.ts";
import { integerOption } from "./number-option.ts";
import { readSpec } from "./read-spec.ts";
import { withStopSignals } from "./stop-signals.ts";

interface TrainOptions {
  readonly spec?: string;
  readonly threads: number;
  readonly out: string;
  readonly json?: boolean;
  readonly example?: boolean;
}

export const trainCommand = new Command("train")
  .description("train one run, or go on with it where it was interrupted")
  .option("--spec <file>", "what to train, as JSON; - reads the standard input")
  .option("--threads <n>", "threads; the result is the same for any number", integerOption(1, 64), 1)
  .option("--out <dir>", "folder for the folders of runs", "runs")
  .option("--json", "print the result as one line of JSON")
  .option("--example", "print a small spec to start from")
  .addHelpText(
    "after",
    `
Examples:
  labelfree train --example > spec.json
  labelfree train --spec spec.json
  labelfree train --example | labelfree train --spec - --threads 2 --json`,
  )
  .action(async ({ spec, example = false, json = false, threads, out }: TrainOptions, command: Command) => {
    if (example) {
      process.stdout.write(`${JSON.stringify(EXAMPLE_SPEC, null, 2)}\n`);
      return;
    }
    if (spec === undefined) command.error("error: required option '--spec <file>' not specified");
    const run = await readSpec(spec);
    const result = await trainWithProgress(run, { root: out, threads });
    process.stdout.write(json ? `${JSON.stringify(toLine(result, out))}\n` : describe(result, out));
  });

async function trainWithProgress(run: Run, options: { root: string; threads: number }): Promise<RunResult> {
  const progress = createProgress({ stream: process.stderr, label: nameRun(run) });
  const onNotice = (text: string) => progress.log(text);
  try {
    const result = await withStopSignals(onNotice, (signal) =>
      executeRun(run, {
        ...options,
        signal,
        onNotice,
        onProgress: ({ step, totalSteps, row }) => {
          if (row === null && step > 0) onNotice(`goes on from step ${step} of ${totalSteps}`);
          const note = row === null ? {} : { note: `reward ${inShort(row.reward)}` };
          progress.update({ done: step, total: totalSteps, ...note });
        },
      }),
    );
    return result;
  } finally {
    progress.finish();
  }
}

/** What --json prints. */
function toLine(result: RunResult, root: string): object {
  const { key, weightsHash, steps, totalSteps, resumedFrom, hasDiverged, collapse, metrics, evaluations } = result;
  return {
    key,
    weightsHash,
    steps,
    totalSteps,
    resumedFrom,
    hasDiverged,
    collapse: collapse === null ? null : { step: collapse.step, reason: collapse.reason },
    reward: metrics?.reward ?? null,
    accuracy: accuracies(result.run, evaluations),
    directory: runDirectory(root, key),
  };
}

function describe(result: RunResult, root: string): string {
  const { key, weightsHash, steps, totalSteps, hasDiverged, collapse, evaluations, run } = result;
  const lines = [
    `run        ${key.slice(0, 16)}, ${steps} of ${totalSteps} steps${hasDiverged ? ", diverged" : ""}`,
    ...Object.entries(accuracies(run, evaluations)).map(
      ([set, { base, final }]) => `accuracy   ${set}: ${inShort(base)} before, ${inShort(final)} after`,
    ),
    `collapse   ${collapse === null ? "none" : `${collapse.reason} at step ${collapse.step}`}`,
    `weights    ${weightsHash}`,
    `folder     ${runDirectory(root, key)}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Held-out accuracy, 0-1, of the base policy and of the trained one, by evaluation set. */
function accuracies(
  { evaluation }: Run,
  { first, last }: RunResult["evaluations"],
): Record<string, { base: number | null; final: number | null }> {
  return Object.fromEntries(
    [...evaluation.sets, ...evaluation.endSets].map((set) => [
      set,
      { base: first?.[`eval/${set}/accuracy`] ?? null, final: last?.[`eval/${set}/accuracy`] ?? null },
    ]),
  );
}

function inShort(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(3);
}
