import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { Command } from "commander";
import { writeError, writeFileAtomic } from "../core/atomic-file.ts";
import { createProgress } from "../core/progress.ts";
import { loadClaims } from "../findings/claim.ts";
import { defaultSeeds, type Finding } from "../findings/finding.ts";
import { FINDINGS } from "../findings/index.ts";
import type { Scale } from "../findings/scale.ts";
import { SECTIONS } from "../review/check.ts";
import { type Review, review } from "../review/review.ts";
import { reviewHtml } from "../review/review-html.ts";
import { countOutcomes, reviewText } from "../review/review-text.ts";
import { packagePath } from "../runs/package-root.ts";
import { kernelChooser } from "./notebook-options.ts";
import { integerOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";
import { figureFolder, recordsOption, scaleOption } from "./study-options.ts";

interface ReviewCommandOptions {
  readonly out: string;
  readonly sample: number;
  readonly seed: number;
  readonly jobs: number;
  readonly scale: Scale;
  readonly records: string;
  readonly figures: string;
  readonly notebooks: string;
  readonly json?: boolean;
}

export const reviewCommand = new Command("review")
  .description(
    "check everything that is kept against what it follows from, and write a report; fails where a check does",
  )
  .option("--out <dir>", "folder of the report: review.html and review.json", "review")
  .option("--sample <n>", "how many recorded runs to train again; 0: make nothing again", integerOption(0, 100_000), 3)
  .option("--seed <s>", "which runs: another seed, another choice", integerOption(0, 2 ** 31), 1)
  .option("--jobs <n>", "runs at the same time", integerOption(1, 256), availableParallelism())
  .addOption(scaleOption())
  .addOption(recordsOption())
  .option("--figures <dir>", "folder of figures/", ".")
  .option("--notebooks <dir>", "folder of the notebooks", "notebooks")
  .option("--json", "print the report as one line of JSON")
  .addHelpText(
    "after",
    `
Checked are: the records' files, keys and outcomes; the base checkpoints' hashes; a sample of the runs, trained again bit
for bit; what findings keep beside their runs, made again; every figure, drawn again byte for byte; every verdict, judged
again, and its rule's hash; every notebook, executed again; and, in a git checkout, that all of it is as committed.
Exit code 1 where a check failed. The report needs no network and no other file.

Examples:
  labelfree review
  labelfree review --sample 20 --seed 7 --out /tmp/review
  labelfree review --sample 0 --json`,
  )
  .action(async (options: ReviewCommandOptions) => {
    const { out, json = false } = options;
    const made = await reviewWithProgress(options);
    const html = writeReview(out, made);
    console.log(json ? JSON.stringify(made) : `${reviewText(made)}\n${html}`);
    if (!made.ok) process.exitCode = 1;
  });

async function reviewWithProgress({
  figures,
  scale,
  records: recordsOfScales,
  notebooks,
  ...options
}: ReviewCommandOptions): Promise<Review> {
  const { sample, seed, jobs } = options;
  const findings = Object.values(FINDINGS);
  const records = fromHere(recordsOfScales);
  const checkpoints = fromHere(packagePath("data", "checkpoints"));
  const figuresOf = (finding: Finding) =>
    figureFolder(figures, finding, { scale, seeds: defaultSeeds(finding, scale) });
  const progress = createProgress({ stream: process.stderr, label: "review" });
  const onNotice = (text: string) => progress.log(text);
  const total = SECTIONS.length;
  // the sections differ too much in length for a rate
  const show = (done: number, note: string) => progress.update({ done, total, note, ratePerSecond: 0 });
  try {
    const made = await withStopSignals(onNotice, (signal) =>
      review({
        ...{
          scale,
          findings,
          loadClaims,
          records,
          checkpoints,
          notebooks,
          figuresOf,
          sample,
          seed,
          jobs,
          signal,
          onNotice,
        },
        committed: [
          fromHere(packagePath("data", "claims")),
          checkpoints,
          join(records, scale),
          ...findings.map(figuresOf),
          notebooks,
        ],
        kernelOf: kernelChooser({ types: "off" }),
        onStart: (section, note) => show(SECTIONS.indexOf(section), note === "" ? section : `${section}: ${note}`),
        onEnd: (section, checks) => progress.log(`${section}: ${countOutcomes(checks)}`),
      }),
    );
    show(total, "");
    return made;
  } finally {
    progress.finish();
  }
}

/** A path as a reader of the report wants it: below this folder without what is above. */
function fromHere(path: string): string {
  const below = relative(process.cwd(), path);
  return below === "" || below.startsWith("..") ? path : below;
}

/** Writes both files; the path of the page. */
function writeReview(folder: string, made: Review): string {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
  const html = join(folder, "review.html");
  writeFileAtomic(join(folder, "review.json"), `${JSON.stringify(made, null, 2)}\n`);
  writeFileAtomic(html, reviewHtml(made));
  return html;
}
