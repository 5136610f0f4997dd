// What the commands that run notebooks have in common: the kernel, and lines that tell of cells.

import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Command, Option } from "commander";
import { formatDuration, type ProgressDisplay } from "../core/progress.ts";
import type { TypeCheckMode } from "../kernel/server/type-check.ts";
import { builtPath } from "../runs/package-root.ts";
import { findKernel, type KernelChoice, kernelNameOf, OWN_KERNEL, ownKernel } from "../workbook/kernel-choice.ts";
import type { CodeCell, Notebook } from "../workbook/notebook.ts";
import type { CellRun } from "../workbook/run-cells.ts";

export interface KernelOptions {
  readonly kernel?: string;
  readonly types: TypeCheckMode;
}

const LONGEST_TEXT = 60;

/** Adds the options that choose the kernel. */
export function withKernelOptions(command: Command): Command {
  return command
    .option("--kernel <name>", "kernelspec; default the notebook's own, where it names none labelfree")
    .addOption(
      new Option("--types <mode>", "type errors, with labelfree's kernel")
        .choices(["warn", "block", "off"])
        .default("off"),
    );
}

/** The kernel for each notebook; labelfree's is this very build, installed or not. */
export function kernelChooser({ kernel, types }: KernelOptions): (notebook: Notebook) => KernelChoice {
  return ({ metadata }) => {
    const name = kernel ?? kernelNameOf(metadata) ?? OWN_KERNEL;
    if (name !== OWN_KERNEL) return findKernel(name);
    const words = ["kernel", "start", "--no-history", "--types", types, "--connection-file", "{connection_file}"];
    return ownKernel([process.execPath, builtPath("cli/main.js"), ...words]);
  };
}

/** Tells of cells as they begin and end, of several notebooks at the same time. */
export class CellProgress {
  readonly #display: ProgressDisplay;
  #total = 0;
  #done = 0;

  constructor(display: ProgressDisplay) {
    this.#display = display;
  }

  add(cells: number): void {
    this.#total += cells;
  }

  /** Cells that will not run after all. */
  drop(cells: number): void {
    this.#total -= cells;
    this.#show();
  }

  begin(file: string, cell: CodeCell, number: number): void {
    this.#show(`${basename(file)}, cell ${number}: ${firstLine(cell.source)}`);
  }

  end(file: string, { number, elapsedMs, executionCount, status, error }: CellRun, source: string): void {
    if (status !== "interrupted") this.#done++;
    const count = executionCount === null ? "" : `[${executionCount}]`;
    const outcome =
      status === "ok" && error === undefined ? firstLine(source) : `${status}${error ? `, ${error.ename}` : ""}`;
    const parts = [basename(file), `cell ${number}`.padEnd(8), count.padEnd(5), formatDuration(elapsedMs).padStart(7)];
    this.#display.log(`${parts.join("  ")}  ${outcome}`);
    this.#show();
  }

  #show(note?: string): void {
    this.#display.update({ done: this.#done, total: this.#total, ...(note === undefined ? {} : { note }) });
  }
}

/** "cell 5 (In [3]), line 2" */
export function placeOf({ number, executionCount, line }: Pick<CellRun, "number" | "executionCount" | "line">): string {
  const count = executionCount === null ? "" : ` (In [${executionCount}])`;
  return `cell ${number}${count}${line === undefined ? "" : `, line ${line}`}`;
}

/** A failed cell with its file, place and traceback. */
export function describeFailure(file: string, run: CellRun, hasColors: boolean): string {
  const { error } = run;
  if (error === undefined) return "";
  const head = `${file}, ${placeOf(run)}: ${error.ename}: ${error.evalue}`;
  const traceback = error.traceback.join("\n");
  return [head, ...(traceback === "" ? [] : [hasColors ? traceback : stripVTControlCharacters(traceback)])].join("\n");
}

function firstLine(source: string): string {
  const line = source.trim().split("\n", 1)[0];
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT - 1)}…`;
}
