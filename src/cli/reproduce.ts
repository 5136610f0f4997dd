import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { writeError } from "../core/atomic-file.ts";
import { createProgress } from "../core/progress.ts";
import type { Finding } from "../findings/finding.ts";
import { FINDINGS, findingNamed } from "../findings/index.ts";
import { writeReport } from "../findings/report.ts";
import type { Scale } from "../findings/scale.ts";
import type { Study } from "../findings/study.ts";
import { runStudy } from "../findings/study.ts";
import { verdictTable } from "../findings/verdict-table.ts";
import { integerOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";

interface ReproduceOptions {
  readonly scale: Scale;
  readonly seeds?: number;
  readonly jobs: number;
  readonly out: string;
  readonly json?: boolean;
}

const DEFAULT_SEEDS: Readonly<Record<Scale, number>> = { smoke: 1, micro: 3, paper: 3 };
const LARGEST_WIDTH = 120;

export const reproduceCommand = new Command("reproduce")
  .description("train a finding's runs, draw its figures and judge its claims; goes on where it was interrupted")
  .addArgument(
    new Argument(
      "<finding>",
      Object.values(FINDINGS)
        .map(({ title }) => title)
        .join("; "),
    ).choices(Object.keys(FINDINGS)),
  )
  .addOption(new Option("--scale <scale>", "how large").choices(["smoke", "micro", "paper"]).default("micro"))
  .option("--seeds <n>", "seeds 1 to n; default 3, 1 at smoke scale", integerOption(1, 1000))
  .option("--jobs <n>", "runs at the same time", integerOption(1, 256), availableParallelism())
  .option("--out <dir>", "folder for runs/ and figures/", ".")
  .option("--json", "print the verdicts and paths as one line of JSON")
  .addHelpText(
    "after",
    `
Examples:
  labelfree reproduce collapse
  labelfree reproduce collapse --scale smoke --json
  labelfree reproduce collapse --seeds 5 --jobs 4`,
  )
  .action(async (name: string, { scale, seeds = DEFAULT_SEEDS[scale], jobs, out, json = false }: ReproduceOptions) => {
    const finding = findingNamed(name);
    const study = await trainWithProgress(finding, { scale, seeds, jobs, out });
    const analysis = finding.analyse(study);
    const verdicts = finding.verdicts(analysis, study);
    const folder = figureFolder(out, scale);
    const files = await writeReport({ finding, study, analysis, verdicts, folder });
    if (json) {
      const failures = study.failures.map(({ run, why }) => ({
        method: run.method,
        base: run.base,
        seed: run.seed,
        why,
      }));
      const runs = study.runs.map(({ result }) => result.key);
      console.log(JSON.stringify({ finding: name, scale, seeds, verdicts, files, runs, failures }));
    } else {
      const width = Math.min(process.stdout.columns || LARGEST_WIDTH, LARGEST_WIDTH);
      console.log(
        `${finding.numbers(analysis, study, width)}\n\n${verdictTable(verdicts, width)}\n\n${files.join("\n")}`,
      );
    }
    if (study.failures.length > 0) process.exitCode = 1;
  });

interface TrainOptions {
  readonly scale: Scale;
  readonly seeds: number;
  readonly jobs: number;
  readonly out: string;
}

async function trainWithProgress(finding: Finding, { scale, seeds, jobs, out }: TrainOptions): Promise<Study> {
  const specs = finding.sweep({ scale, seeds });
  const progress = createProgress({ stream: process.stderr, label: `${finding.name} (${scale})` });
  const onNotice = (text: string) => progress.log(text);
  try {
    return await withStopSignals(onNotice, (signal) =>
      runStudy(specs, scale, {
        root: join(out, "runs"),
        jobs,
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

/** Figures of the micro scale are the ones to show; those of other scales lie apart, so that none takes their place. */
function figureFolder(out: string, scale: Scale): string {
  const folder = scale === "micro" ? join(out, "figures") : join(out, "figures", scale);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
  return folder;
}
