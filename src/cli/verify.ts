// The records' own claim put to the test: a recorded run trained again, here and now, has the same bits.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { isLabelfreeError, LabelfreeError } from "../core/errors.ts";
import { createProgress } from "../core/progress.ts";
import { FINDINGS } from "../findings/index.ts";
import type { Scale } from "../findings/scale.ts";
import { readRecords } from "../records/run-records.ts";
import { type VerifiedExtra, verifyExtras } from "../review/verify-extras.ts";
import { sampleRuns, type VerifiedRun, verifyRuns } from "../review/verify-runs.ts";
import { isInterruption } from "../runs/interruption.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { integerOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";
import { recordsOption, scaleOption } from "./study-options.ts";

interface VerifyOptions {
  readonly sample: number;
  readonly seed: number;
  readonly scale: Scale;
  readonly records: string;
  readonly jobs: number;
  readonly extra?: boolean;
  readonly json?: boolean;
}

const SHOWN_DIFFERENCES = 3;

export const verifyCommand = new Command("verify")
  .description("train some of the recorded runs again and compare weights and all metrics bit for bit")
  .option("--sample <n>", "how many runs", integerOption(1, 100_000), 5)
  .option("--seed <s>", "which runs: another seed, another choice", integerOption(0, 2 ** 31), 1)
  .addOption(scaleOption())
  .addOption(recordsOption())
  .option("--jobs <n>", "runs at the same time", integerOption(1, 256), availableParallelism())
  .option("--extra", "also make again what findings keep beside the runs")
  .option("--json", "print the outcome as one line of JSON")
  .addHelpText(
    "after",
    `
Examples:
  labelfree verify
  labelfree verify --sample 20 --seed 7 --jobs 4
  labelfree verify --extra
  labelfree verify --sample 1 --json`,
  )
  .action(async ({ sample, seed, scale, records: folder, jobs, extra = false, json = false }: VerifyOptions) => {
    const records = await readRecords(join(folder, scale));
    if (records.length === 0 && !extra) {
      const message = `verify: got no records in ${join(folder, scale)}, expected some; labelfree reproduce --save-records`;
      throw new LabelfreeError("records/none", `${message} makes them`);
    }
    const runs = await verifySample(sampleRuns(records, sample, seed), { scale, jobs });
    const onNotice = (text: string) => console.error(text);
    const options = { folder: join(folder, scale), scale, onNotice };
    const extras = extra ? await verifyExtras(Object.values(FINDINGS), options) : [];
    const ok = [...runs, ...extras].every((verified) => verified.ok);
    const outcome = { scale, sample: runs.length, recorded: records.length, seed, runs, extras, ok };
    console.log(json ? JSON.stringify(outcome) : [describe(runs), ...extras.map(describeExtra)].join("\n"));
    if (!ok) process.exitCode = 1;
  });

async function verifySample(
  chosen: readonly RecordedRun[],
  { scale, jobs }: { scale: Scale; jobs: number },
): Promise<VerifiedRun[]> {
  const progress = createProgress({ stream: process.stderr, label: `verify (${scale})` });
  const onNotice = (text: string) => progress.log(text);
  try {
    return await withStopSignals(onNotice, (signal) =>
      verifyRuns(chosen, scale, {
        jobs,
        signal,
        onNotice,
        onProgress: ({ runsDone, runsTotal, stepsDone, stepsTotal }) =>
          progress.update({ done: stepsDone, total: stepsTotal, note: `${runsDone} of ${runsTotal} runs done` }),
      }),
    );
  } catch (error) {
    if (!isLabelfreeError(error) || !isInterruption(error)) throw error;
    throw new LabelfreeError(
      error.code,
      "verify: stopped; it keeps nothing, and starts from the beginning the next time",
    );
  } finally {
    progress.finish();
  }
}

function describe(runs: readonly VerifiedRun[]): string {
  const failed = runs.filter(({ ok }) => !ok).length;
  const summary = `${runs.length - failed} of ${runs.length} runs have the recorded bits`;
  return [...runs.flatMap(describeRun), summary].join("\n");
}

function describeRun({ key, name, changed, differences, weightsHash, rows, ok }: VerifiedRun): string[] {
  const head = `${key.slice(0, 16)}  ${name.padEnd(24)} `;
  const made = changed.length === 0 ? "" : `  (recorded with another ${changed.join(", ")})`;
  if (ok)
    return [
      `${head} ok, weights ${weightsHash.slice(0, 16)}, ${rows.steps} steps, ${rows.evaluations} evaluations${made}`,
    ];
  const shown = differences.slice(0, SHOWN_DIFFERENCES);
  const rest = differences.length - shown.length;
  return [
    `${head} DIFFERS${made}`,
    ...shown.map(({ what, expected, found }) => `  ${what}, expected ${inShort(expected)}, found ${inShort(found)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function describeExtra({ finding, file, isStale, ok }: VerifiedExtra): string {
  const made = isStale ? "  (recorded with other sources, kernels, problems or bases)" : "";
  return `${finding}  ${file}  ${ok ? "ok" : "DIFFERS"}${made}`;
}

function inShort(text: string | null): string {
  if (text === null) return "nothing";
  return text.length > 70 ? `${text.slice(0, 67)}...` : text;
}
