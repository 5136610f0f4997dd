// The bytes that Jupyter itself would write (nbformat's json.dumps with indent 1 and sorted keys, texts as lists of
// lines), so that a notebook saved here and there shows no difference but what changed. One thing cannot be kept: a
// number that Python writes as 1.0 is 1 here.

import { readJsonFile, writeFileAtomic } from "../core/atomic-file.ts";
import type { Cell, Metadata, Notebook, Output } from "./notebook.ts";
import { toNotebook, withoutMembers } from "./notebook.ts";

/** @throws LabelfreeError `file/...`, `notebook/version` or `notebook/invalid`. */
export function readNotebook(path: string): Notebook {
  return toNotebook(readJsonFile(path), path);
}

/** Replaces the file at once. @throws LabelfreeError `file/...`. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeFileAtomic(path, formatNotebook(notebook));
}

/** The file's text, as nbformat writes it. */
export function formatNotebook(notebook: Notebook): string {
  const metadata = withoutMembers(notebook.metadata, ["orig_nbformat", "orig_nbformat_minor", "signature"]);
  return `${toJupyterJson({ ...notebook, metadata, cells: notebook.cells.map(toFileCell) }, "")}\n`;
}

function toFileCell(cell: Cell): object {
  const metadata = withoutMembers(cell.metadata, ["trusted"]);
  const shared = { ...cell, metadata, source: toLines(cell.source) };
  if (cell.cell_type === "code") return { ...shared, outputs: cell.outputs.map(toFileOutput) };
  if (cell.attachments === undefined) return shared;
  const attachments = Object.entries(cell.attachments).map(([name, data]) => [name, toFileBundle(data)]);
  return { ...shared, attachments: Object.fromEntries(attachments) };
}

function toFileOutput(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: toLines(output.text) };
  return output.output_type === "error" ? output : { ...output, data: toFileBundle(output.data) };
}

function toFileBundle(data: Metadata): Metadata {
  const split = (type: string, content: unknown) =>
    typeof content === "string" && isSplit(type) ? toLines(content) : content;
  return Object.fromEntries(Object.entries(data).map(([type, content]) => [type, split(type, content)]));
}

function isSplit(type: string): boolean {
  return type.startsWith("text/") || type === "application/javascript" || type === "image/svg+xml";
}

/** As Python's splitlines(True). */
function toLines(text: string): string[] {
  // oxlint-disable-next-line no-control-regex
  return text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^]+$/g) ?? [];
}

function toJupyterJson(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const inner = `${indent} `;
  const members = isList
    ? value.map((member) => toJupyterJson(member, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => `${JSON.stringify(key)}: ${toJupyterJson(member, inner)}`);
  const [open, close] = isList ? "[]" : "{}";
  return members.length === 0 ? open + close : `${open}\n${inner}${members.join(`,\n${inner}`)}\n${indent}${close}`;
}
