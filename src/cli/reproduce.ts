import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { writeError } from "../core/atomic-file.ts";
import { createProgress } from "../core/progress.ts";
import { defaultSeeds, type Finding } from "../findings/finding.ts";
import { withExtra, writeExtra } from "../findings/finding-extra.ts";
import { writeReport } from "../findings/report.ts";
import type { Scale } from "../findings/scale.ts";
import { runStudy, type Study } from "../findings/study.ts";
import type { Verdict } from "../findings/verdict.ts";
import { verdictTable } from "../findings/verdict-table.ts";
import { mergeRecords, readRecords, writeRecords } from "../records/run-records.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { integerOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";
import { chosenFindings, figureFolder, findingsArgument, recordsOption, scaleOption } from "./study-options.ts";

interface ReproduceOptions {
  readonly scale: Scale;
  readonly seeds?: number;
  readonly jobs: number;
  readonly out: string;
  readonly records: string;
  readonly train?: boolean;
  readonly saveRecords?: boolean;
  readonly json?: boolean;
}

const LARGEST_WIDTH = 120;

export const reproduceCommand = new Command("reproduce")
  .description(
    "train the runs of findings, draw their figures and judge their claims; goes on where it was interrupted",
  )
  .addArgument(findingsArgument())
  .addOption(scaleOption())
  .option("--seeds <n>", "seeds 1 to n; default what each finding asks for", integerOption(1, 1000))
  .option("--jobs <n>", "runs at the same time", integerOption(1, 256), availableParallelism())
  .option("--out <dir>", "folder for runs/ and figures/", ".")
  .addOption(recordsOption())
  .option("--train", "train all runs, even those that the records have")
  .option("--save-records", "add the runs to the records, in place of those with the same settings")
  .option("--json", "print the verdicts and paths as one line of JSON a finding")
  .addHelpText(
    "after",
    `
A run is taken from the records where its key is the same: the same settings, sources, kernels, data and base weights.

Examples:
  labelfree reproduce
  labelfree reproduce collapse --train --seeds 3
  labelfree reproduce collapse length --scale smoke --json
  labelfree reproduce --save-records --jobs 4`,
  )
  .action(async (names: string[], options: ReproduceOptions) => {
    const { scale, out, train = false, saveRecords = false, json = false } = options;
    const folder = join(options.records, scale);
    let records = await readRecords(folder);
    for (const finding of chosenFindings(names)) {
      const seeds = options.seeds ?? defaultSeeds(finding, scale);
      const trained = await trainWithProgress(finding, { ...options, seeds, records: train ? [] : records });
      const onNotice = (text: string) => console.error(`${finding.name}: ${text}`);
      const study = await withExtra(finding.extra, trained, { folder, isFresh: train, onNotice });
      const analysis = finding.analyse(study);
      const verdicts = finding.verdicts(analysis, study);
      const figures = makeFolder(figureFolder(out, finding, { scale, seeds }));
      const files = await writeReport({ finding, study, analysis, verdicts, folder: figures });
      if (saveRecords) {
        records = mergeRecords(records, study.runs);
        if (records.length > 0) writeRecords(folder, records);
        if (finding.extra !== undefined) writeExtra(finding.extra, folder, study.extra);
      }
      const report = { finding, study, seeds, verdicts, files };
      console.log(json ? toLine(report) : describe(report, finding.numbers(analysis, study, width())));
      if (study.failures.length > 0) process.exitCode = 1;
    }
  });

interface Reported {
  readonly finding: Finding;
  readonly study: Study;
  readonly seeds: number;
  readonly verdicts: readonly Verdict[];
  readonly files: readonly string[];
}

function toLine({ finding, study, seeds, verdicts, files }: Reported): string {
  const failures = study.failures.map(({ run: { method, base, seed }, why }) => ({ method, base, seed, why }));
  const runs = study.runs.map(({ result }) => result.key);
  return JSON.stringify({ finding: finding.name, scale: study.scale, seeds, verdicts, files, runs, failures });
}

function describe({ verdicts, files }: Reported, numbers: string): string {
  return `${numbers}\n\n${verdictTable(verdicts, width())}\n\n${files.join("\n")}`;
}

function width(): number {
  return Math.min(process.stdout.columns || LARGEST_WIDTH, LARGEST_WIDTH);
}

interface TrainOptions {
  readonly scale: Scale;
  readonly seeds: number;
  readonly jobs: number;
  readonly out: string;
  readonly records: readonly RecordedRun[];
}

async function trainWithProgress(finding: Finding, { scale, seeds, jobs, out, records }: TrainOptions): Promise<Study> {
  const specs = finding.sweep({ scale, seeds });
  const progress = createProgress({ stream: process.stderr, label: `${finding.name} (${scale})` });
  const onNotice = (text: string) => progress.log(text);
  try {
    return await withStopSignals(onNotice, (signal) =>
      runStudy(specs, scale, {
        root: join(out, "runs"),
        jobs,
        records,
        signal,
        onNotice,
        onProgress: ({ runsDone, runsTotal, stepsDone, stepsTotal, etaMs }) => {
          const note = `${runsDone} of ${runsTotal} runs done`;
          const rate = etaMs === null || etaMs <= 0 ? {} : { ratePerSecond: (stepsTotal - stepsDone) / (etaMs / 1000) };
          progress.update({ done: stepsDone, total: stepsTotal, note, ...rate });
        },
      }),
    );
  } finally {
    progress.finish();
  }
}

function makeFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw writeError(folder, error);
  }
}
