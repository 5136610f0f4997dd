import { Command } from "commander";
import { LabelfreeError } from "../core/errors.ts";
import { createProgress } from "../core/progress.ts";
import type { Difference } from "../workbook/comparison-rules.ts";
import { isCode } from "../workbook/notebook.ts";
import { readNotebook } from "../workbook/notebook-file.ts";
import {
  type CellState,
  type CellVerification,
  type NotebookVerification,
  verifyNotebook,
} from "../workbook/verify-notebook.ts";
import { CellProgress, type KernelOptions, kernelChooser, placeOf, withKernelOptions } from "./notebook-options.ts";
import { integerOption, numberOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";
import { workInTurn } from "./work-in-turn.ts";

interface VerifyOptions extends KernelOptions {
  readonly tolerance: number;
  readonly jobs: number;
  readonly allowErrors?: boolean;
  readonly json?: boolean;
}

const SHOWN_DIFFERENCES = 5;
const SHOWN_CHARACTERS = 160;

export const notebookVerifyCommand = withKernelOptions(
  new Command("verify")
    .description("run notebooks in memory and compare what they give with the outputs stored in them")
    .argument("<files...>", "notebooks")
    .option(
      "--tolerance <t>",
      "largest difference of two numbers, relative to the larger where that is above 1",
      numberOption("a number from 0 on", (t) => t >= 0),
      0,
    )
    .option("--jobs <n>", "notebooks at the same time", integerOption(1, 256), 1),
)
  .option("--allow-errors", "go on after a cell that fails")
  .option("--json", "print one line of JSON, with every difference")
  .addHelpText(
    "after",
    `
Without --tolerance texts must be equal to the character and numbers to the bit, which is what the same sources and
records give on any machine. Charts are compared by their data and spec, and where those are equal by their drawing;
PNG pictures by their pixels. Exit code 1 where anything differs.

What changes from run to run is declared in the notebook: the tag \`volatile\` on a cell leaves its outputs out, and
metadata {"labelfree": {"volatile": ["[0-9.]+ s"]}} of a cell or of the notebook leaves out what matches.

Examples:
  labelfree notebook verify notebooks/*.ipynb
  labelfree notebook verify --tolerance 1e-9 notebooks/plain.ipynb
  labelfree notebook verify --json notebooks/collapse.ipynb`,
  )
  .action(async (files: string[], { tolerance, jobs, allowErrors = false, json = false, ...kernel }: VerifyOptions) => {
    const progress = createProgress({ stream: process.stderr, label: "notebook verify" });
    const cells = new CellProgress(progress);
    const kernelOf = kernelChooser(kernel);
    const notebooks = files.map(readNotebook);
    for (const notebook of notebooks) cells.add(notebook.cells.filter(isCode).length);
    const tellOfStop = () => progress.log("interrupting the kernel; once more to end at once");
    const verified = await withStopSignals(tellOfStop, (signal) =>
      workInTurn([...files.entries()], jobs, async ([index, file]) => {
        if (signal.aborted) return null;
        return verifyNotebook(file, {
          ...{ tolerance, kernelOf, allowErrors, signal },
          onStart: (cell, number) => cells.begin(file, cell, number),
          onEnd: (run) => cells.end(file, run, notebooks[index].cells[run.number - 1].source),
        });
      }),
    ).finally(() => progress.finish());
    const whole = verified.filter((each) => each !== null && !each.isInterrupted).filter((each) => each !== null);
    const isInterrupted = whole.length < files.length;
    const ok = !isInterrupted && whole.every(({ isSame }) => isSame);
    console.log(json ? JSON.stringify({ tolerance, files: whole, ok }) : whole.map(describe).join("\n"));
    if (isInterrupted) throw new LabelfreeError("run/interrupted", "notebook verify: stopped; it keeps nothing");
    if (!ok) process.exitCode = 1;
  });

function describe({ file, cells, isWhole, isSame }: NotebookVerification): string {
  const count = (state: CellState) => cells.filter((cell) => cell.state === state).length;
  const beside = [
    ...(count("volatile") === 0 ? [] : [`${count("volatile")} volatile, not compared`]),
    ...(count("skipped") === 0 ? [] : [`${count("skipped")} skipped`]),
    ...(count("not run") === 0 ? [] : [`${count("not run")} not run after the error`]),
  ];
  const summary = isSame
    ? `${count("same")} cells give the stored outputs`
    : `${count("different")} of ${cells.length} cells differ`;
  const head = [`${file}: ${summary}`, ...beside].join(", ");
  return [
    head,
    ...cells.filter(({ state }) => state === "different").flatMap(describeCell),
    ...hints(file, { isWhole, isSame }),
  ].join("\n");
}

function describeCell(cell: CellVerification): string[] {
  const shown = cell.differences.slice(0, SHOWN_DIFFERENCES);
  const rest = cell.differences.length - shown.length;
  return [
    ...shown.flatMap((difference) => describeDifference(placeOf(cell), difference)),
    ...(rest > 0 ? [`  ${placeOf(cell)}: and ${rest} more`] : []),
  ];
}

function describeDifference(place: string, { what, expected, found }: Difference): string[] {
  return [`  ${place}, ${what}`, `    stored  ${inLine(expected)}`, `    now     ${inLine(found)}`];
}

function hints(file: string, { isWhole, isSame }: Pick<NotebookVerification, "isWhole" | "isSame">): string[] {
  if (!isWhole) return [`  the run that stored them is not whole: labelfree notebook run --resume ${file} ends it`];
  return isSame ? [] : [`  labelfree notebook run ${file} stores what it gives now`];
}

function inLine(text: string): string {
  const line = text.replaceAll("\n", "⏎");
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS - 1)}…`;
}
