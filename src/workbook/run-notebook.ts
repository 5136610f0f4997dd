// A notebook's file, run and kept: it is written whole after every cell, so that a kill loses the cell that ran and no
// more. Beginning clears all outputs and leaves a mark, which goes away when the last cell is done.

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LabelfreeError } from "../core/errors.ts";
import type { KernelChoice } from "./kernel-choice.ts";
import { KernelSession } from "./kernel-session.ts";
import { isCode, type Notebook } from "./notebook.ts";
import { readNotebook, writeNotebook } from "./notebook-file.ts";
import { doneCells, markProgress, progressOf, unmarkProgress } from "./notebook-progress.ts";
import { type GivenParameters, injectParameters } from "./parameters.ts";
import { type CellRun, clearOutputs, runCells, type RunCellsOptions } from "./run-cells.ts";

export interface BeginOptions {
  /** Where the executed notebook goes; default the file itself. */
  readonly target?: string;
  readonly parameters?: GivenParameters;
  /** Go on with an interrupted run. */
  readonly resume?: boolean;
  /** The kernel for a notebook. */
  readonly kernelOf: (notebook: Notebook) => KernelChoice;
}

/** A run whose file is written and marked, and whose cells wait. */
export interface BegunRun {
  readonly file: string;
  readonly target: string;
  readonly notebook: Notebook;
  readonly kernel: KernelChoice;
  readonly parameters: GivenParameters;
  /** Code cells done by an earlier run. */
  readonly doneCount: number;
}

export interface NotebookRun {
  readonly file: string;
  readonly target: string;
  readonly kernel: string;
  readonly startMs: number;
  readonly cells: readonly CellRun[];
  readonly status: "ok" | "error" | "interrupted";
}

/**
 * Reads a notebook, sets its parameters and clears what it will run; null where there is nothing to go on with.
 * @throws LabelfreeError `notebook/...` or `file/...`; nothing is written then.
 */
export function beginRun(file: string, { target = file, parameters = {}, resume = false, kernelOf }: BeginOptions) {
  const source = readNotebook(file);
  const kernel = kernelOf(source);
  const earlier = resume ? earlierRun(file, target, source) : undefined;
  const progress = earlier && progressOf(earlier);
  if (resume && progress === undefined) return null;
  const given = Object.keys(parameters).length > 0 ? parameters : (progress?.parameters ?? {});
  const notebook = injectParameters(source, given, kernel.language, file);
  const done = earlier && progress ? doneCells(notebook.cells, earlier, progress) : [];
  const begun: BegunRun = {
    ...{ file, target, kernel, parameters: given, doneCount: done.length },
    notebook: {
      ...notebook,
      metadata: markProgress(notebook.metadata, done, given),
      cells: clearOutputs(notebook.cells, done),
    },
  };
  return { ...begun, write: () => writeNotebook(target, begun.notebook) };
}

/**
 * Runs the cells of a begun run and writes the file after each of them.
 * @throws LabelfreeError `kernel/no-start` or `file/...`.
 */
export async function finishRun(
  begun: BegunRun,
  options: Pick<RunCellsOptions, "allowErrors" | "signal" | "onStart" | "onEnd">,
): Promise<NotebookRun> {
  const { file, target, kernel, parameters, doneCount } = begun;
  const startedAt = performance.now();
  const session = await KernelSession.start(kernel, dirname(resolve(file)));
  const startMs = performance.now() - startedAt;
  try {
    const notebook = await withLanguage(begun.notebook, session);
    const { cells, runs, isWhole } = await runCells(session, notebook.cells, {
      ...options,
      doneCount,
      onEnd: (run, now, done) => {
        const marked = markProgress(notebook.metadata, now.filter(isCode).slice(0, done), parameters);
        writeNotebook(target, { ...notebook, metadata: marked, cells: now });
        options.onEnd?.(run, now, done);
      },
    });
    if (isWhole) writeNotebook(target, { ...notebook, metadata: unmarkProgress(notebook.metadata), cells });
    const last = runs.at(-1)?.status;
    const status = isWhole ? "ok" : last === "interrupted" ? "interrupted" : "error";
    return { file, target, kernel: kernel.name, startMs, cells: runs, status };
  } finally {
    await session.close();
  }
}

function earlierRun(file: string, target: string, source: Notebook): Notebook | undefined {
  if (target === file) return source;
  if (existsSync(target)) return readNotebook(target);
  const message = `${target}: there is no such file to go on with; start without --resume`;
  throw new LabelfreeError("notebook/nothing-to-resume", message, { fields: { target } });
}

/** Jupyter shows and highlights code by this; a notebook that has it keeps it. */
async function withLanguage(notebook: Notebook, session: KernelSession): Promise<Notebook> {
  if (notebook.metadata.language_info !== undefined) return notebook;
  return { ...notebook, metadata: { ...notebook.metadata, language_info: await session.languageInfo() } };
}
