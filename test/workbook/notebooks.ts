// Notebooks for tests, and the built kernel to run them on.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { ownKernel } from "../../src/workbook/kernel-choice.ts";
import { type CodeCell, isCode, type Notebook, type Output, toNotebook } from "../../src/workbook/notebook.ts";
import { writeNotebook } from "../../src/workbook/notebook-file.ts";
import { MAIN } from "../runs/built-cli.ts";

const START = [MAIN, "kernel", "start", "--no-history", "--types", "off", "--connection-file", "{connection_file}"];
export const KERNEL = ownKernel([process.execPath, ...START]);

interface GivenCell {
  readonly id?: string;
  readonly source: string;
  readonly tags?: readonly string[];
  readonly volatile?: readonly string[];
  readonly outputs?: readonly Output[];
}

/** A notebook of code cells, `a`, `b`, `c`... by id unless they have their own. */
export function notebookOf(cells: readonly (string | GivenCell)[], metadata: object = {}): Notebook {
  const given = cells.map((cell) => (typeof cell === "string" ? { source: cell } : cell));
  const code = given.map(({ id, source, tags, volatile, outputs = [] }, index) => ({
    cell_type: "code",
    id: id ?? String.fromCharCode(97 + index),
    metadata: { ...(tags && { tags }), ...(volatile && { labelfree: { volatile } }) },
    source,
    execution_count: null,
    outputs,
  }));
  return toNotebook({ nbformat: 4, nbformat_minor: 5, metadata, cells: code }, "test");
}

export function streamOf(text: string, name = "stdout"): Output {
  return { output_type: "stream", name, text };
}

export function resultOf(data: Readonly<Record<string, unknown>>): Output {
  return { output_type: "execute_result", data: { ...data }, metadata: {}, execution_count: 1 };
}

/** A folder that goes away after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "labelfree-workbook-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a notebook into a folder; its path. */
export function save(folder: string, name: string, notebook: Notebook): string {
  const path = join(folder, name);
  writeNotebook(path, notebook);
  return path;
}

export function codeOf(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter(isCode);
}

/** What a cell's streams and results say, colours aside. */
export function textOf({ outputs }: CodeCell): string {
  const texts = outputs.map((output) => {
    if (output.output_type === "stream") return output.text;
    if (output.output_type === "error") return `${output.ename}: ${output.evalue}`;
    return String(output.data["text/plain"]);
  });
  // oxlint-disable-next-line no-control-regex
  return texts.join("|").replaceAll(/\u001b\[\d+m/g, "");
}
