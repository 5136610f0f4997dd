import { mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { writeError } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { createProgress } from "../core/progress.ts";
import { isCode } from "../workbook/notebook.ts";
import { beginRun, finishRun, type NotebookRun } from "../workbook/run-notebook.ts";
import {
  CellProgress,
  describeFailure,
  type KernelOptions,
  kernelChooser,
  withKernelOptions,
} from "./notebook-options.ts";
import { integerOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";
import { workInTurn } from "./work-in-turn.ts";

interface RunOptions extends KernelOptions {
  readonly param: Readonly<Record<string, string>>;
  readonly jobs: number;
  readonly resume?: boolean;
  readonly out?: string;
  readonly allowErrors?: boolean;
  readonly json?: boolean;
}

export const notebookRunCommand = withKernelOptions(
  new Command("run")
    .description("run notebooks from top to bottom and store their outputs in them, after every cell")
    .argument("<files...>", "notebooks")
    .option(
      "-p, --param <name=value>",
      "value of a name in the cell tagged `parameters`, repeatable",
      collectParameter,
      {},
    )
    .option("--jobs <n>", "notebooks at the same time", integerOption(1, 256), 1)
    .option("--resume", "go on with runs that were interrupted")
    .option("--out <path>", "folder, or for one notebook a file.ipynb, for the executed notebooks; default in place"),
)
  .option("--allow-errors", "go on after a cell that fails")
  .option("--json", "print one line of JSON")
  .addHelpText(
    "after",
    `
A value of --param is read as JSON where it is JSON, and must be of the type that the parameters cell declares.
Each cell is told on stderr. An error ends its notebook and gives exit code 1, Ctrl-C interrupts the kernel and gives 130.

--resume starts a new kernel, whose state is empty: the cells that are done run once more to rebuild it, and keep the
outputs that they have. A cell tagged \`skip-on-resume\` does not run again; tag what only shows something. A cell whose
text has changed, and all below it, are not done.
Other tags: \`skip-execution\` leaves a cell out, \`raises-exception\` lets it fail.

Examples:
  labelfree notebook run notebooks/*.ipynb --jobs 2
  labelfree notebook run notebooks/collapse.ipynb --param seeds=3 --param fresh=true --out /tmp/mine
  labelfree notebook run notebooks/collapse.ipynb --resume
  labelfree notebook run plain.ipynb --kernel python3 --out executed.ipynb --json`,
  )
  .action(async (files: string[], options: RunOptions) => {
    const { jobs, allowErrors = false, json = false } = options;
    const begun = begin(files, options);
    const progress = createProgress({ stream: process.stderr, label: "notebook run" });
    const cells = new CellProgress(progress);
    for (const { notebook } of begun) cells.add(notebook.cells.filter(isCode).length);
    const tellOfStop = () => progress.log("interrupting the kernel; once more to end at once");
    const runs = await withStopSignals(tellOfStop, (signal) =>
      workInTurn(begun, jobs, async (each) => {
        if (signal.aborted) return null;
        const run = await finishRun(each, {
          allowErrors,
          signal,
          onStart: (cell, number) => cells.begin(each.file, cell, number),
          onEnd: (cellRun, now) => cells.end(each.file, cellRun, now[cellRun.number - 1].source),
        });
        if (run.status === "error") progress.log(failureOf(run));
        if (run.status !== "interrupted") cells.drop(each.notebook.cells.filter(isCode).length - run.cells.length);
        return run;
      }),
    ).finally(() => progress.finish());
    finish(runs, { files: files.length, json });
  });

function begin(files: readonly string[], { out, param: parameters, resume = false, ...kernel }: RunOptions) {
  const targets = targetsOf(files, out);
  const kernelOf = kernelChooser(kernel);
  const begun = files.map((file, index) => beginRun(file, { target: targets[index], parameters, resume, kernelOf }));
  files.forEach((file, index) => {
    if (begun[index] === null) console.error(`${file}: no run of it was interrupted, nothing to do`);
  });
  const waiting = begun.filter((each) => each !== null);
  for (const each of waiting) each.write(); // all are marked before one runs, so that --resume knows all
  return waiting;
}

function finish(runs: readonly (NotebookRun | null)[], { files, json }: { files: number; json: boolean }): void {
  const begun = runs.filter((run) => run !== null);
  const ok = begun.length === runs.length && begun.every(({ status }) => status === "ok");
  if (json) console.log(JSON.stringify({ files: begun, ok }));
  else for (const { status, target } of begun) if (status === "ok") console.log(target);
  const isInterrupted = begun.length < runs.length || begun.some(({ status }) => status === "interrupted");
  if (isInterrupted) {
    const whole = begun.filter(({ status }) => status === "ok").length + files - runs.length;
    const message = `notebook run: stopped with ${whole} of ${files} notebooks done; the same command with --resume goes on`;
    throw new LabelfreeError("run/interrupted", message);
  }
  if (!ok) process.exitCode = 1;
}

function failureOf({ file, cells }: NotebookRun): string {
  const last = cells[cells.length - 1];
  const text = describeFailure(file, last, process.stderr.hasColors?.() ?? false);
  return `${text}\nthe outputs so far are stored; once it is mended, --resume goes on from there`;
}

function targetsOf(files: readonly string[], out: string | undefined): readonly string[] {
  if (out === undefined) return files;
  if (files.length === 1 && out.endsWith(".ipynb") && !isFolder(out)) return [out];
  const targets = files.map((file) => join(out, basename(file)));
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) {
    const message = `--out ${out}: two of the notebooks would become ${twice}; run them one after the other`;
    throw new LabelfreeError("notebook/out", message, { fields: { out } });
  }
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw writeError(out, error);
  }
  return targets;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function collectParameter(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected NAME=VALUE.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
