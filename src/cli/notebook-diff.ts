import { styleText } from "node:util";
import { Command } from "commander";
import { formatError } from "../core/errors.ts";
import type { Difference } from "../workbook/comparison-rules.ts";
import { type CellDifference, diffNotebooks, type NotebookDifference } from "../workbook/diff-notebooks.ts";
import type { LineEdit } from "../workbook/line-diff.ts";
import { readNotebook } from "../workbook/notebook-file.ts";
import { numberOption } from "./number-option.ts";

interface DiffOptions {
  readonly tolerance: number;
  readonly json?: boolean;
}

const TROUBLE = 2;
const CONTEXT_LINES = 2;
const SHOWN_DIFFERENCES = 12;

export const notebookDiffCommand = new Command("diff")
  .description("show how one notebook differs from another: sources by lines, outputs by what they say")
  .argument("<before>", "a notebook")
  .argument("<after>", "another")
  .option(
    "--tolerance <t>",
    "largest difference of two numbers in outputs, relative to the larger where that is above 1",
    numberOption("a number from 0 on", (t) => t >= 0),
    0,
  )
  .option("--json", "print one line of JSON")
  .addHelpText(
    "after",
    `
Cells are matched by their ids, then by their text. Execution counts are left out.
Exit code 0 where both say the same, 1 where they differ, 2 in trouble, as diff has it.

Examples:
  labelfree notebook diff before.ipynb after.ipynb
  git show HEAD:notebooks/collapse.ipynb > /tmp/old.ipynb; labelfree notebook diff /tmp/old.ipynb notebooks/collapse.ipynb
  labelfree notebook diff --tolerance 1e-6 --json before.ipynb after.ipynb`,
  )
  .action((before: string, after: string, { tolerance, json = false }: DiffOptions) => {
    try {
      const difference = diffNotebooks(readNotebook(before), readNotebook(after), { tolerance });
      if (json) console.log(JSON.stringify({ before, after, ...difference }));
      else if (!difference.isSame) console.log(describe(before, after, difference));
      if (!difference.isSame) process.exitCode = 1;
    } catch (error) {
      process.stderr.write(`${formatError(error)}\n`);
      process.exitCode = TROUBLE;
    }
  });

function describe(before: string, after: string, { cells, metadata }: NotebookDifference): string {
  return [
    styled("bold", `--- ${before}`),
    styled("bold", `+++ ${after}`),
    ...cells.flatMap(describeCell),
    ...(metadata.length === 0 ? [] : [heading("metadata of the notebook"), ...describeDifferences("", metadata)]),
  ].join("\n");
}

function describeCell({ kind, cellType, id, before, after, source, outputs, metadata }: CellDifference): string[] {
  const place = before === null || after === null || before === after ? `${after ?? before}` : `${before} -> ${after}`;
  return [
    heading(`${cellType} cell ${place} (${id}) ${kind}`),
    ...(source === null ? [] : describeSource(source)),
    ...describeDifferences("", outputs),
    ...describeDifferences("metadata: ", metadata),
  ];
}

function describeSource(edits: readonly LineEdit[]): string[] {
  const isNear = edits.map((_, index) =>
    edits.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1).some(({ kind }) => kind !== "same"),
  );
  return edits.flatMap(({ kind, line }, index) => {
    if (!isNear[index]) return isNear[index - 1] === true ? ["  ..."] : [];
    if (kind === "same") return [`  ${line}`.trimEnd()];
    return [kind === "removed" ? styled("red", `- ${line}`) : styled("green", `+ ${line}`)];
  });
}

function describeDifferences(prefix: string, differences: readonly Difference[]): string[] {
  const shown = differences.slice(0, SHOWN_DIFFERENCES).flatMap(({ what, expected, found }) => {
    const isShort = !`${expected}${found}`.includes("\n") && expected.length + found.length <= 60;
    if (isShort) return [`  ${prefix}${what}: ${styled("red", expected)} -> ${styled("green", found)}`];
    return [`  ${prefix}${what}`, ...marked("red", "-", expected), ...marked("green", "+", found)];
  });
  const rest = differences.length - SHOWN_DIFFERENCES;
  return rest > 0 ? [...shown, `  ${prefix}and ${rest} more`] : shown;
}

function marked(color: "red" | "green", mark: string, text: string): string[] {
  return text === "" ? [] : text.split("\n").map((line) => styled(color, `  ${mark} ${line}`));
}

function heading(text: string): string {
  return styled("cyan", `@@ ${text}`);
}

function styled(style: "bold" | "cyan" | "red" | "green", text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text;
}
