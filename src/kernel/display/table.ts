// A table as HTML that a screen reader can follow (caption, scoped headers) and as aligned text beside it.

import { endWithoutHalfPair, inspectLine } from "./inspect-text.ts";

export interface Table {
  readonly columns: readonly string[];
  /** Rows to show, at most MAX_TABLE_ROWS of them. */
  readonly rows: readonly (readonly unknown[])[];
  /** Names of the rows to show, where the table has them. */
  readonly rowNames?: readonly unknown[];
  /** Rows and columns of the whole table. */
  readonly rowCount: number;
  readonly columnCount: number;
}

export const MAX_TABLE_ROWS = 50;
export const MAX_TABLE_COLUMNS = 40;
const MAX_CELL_LENGTH = 120;
const MAX_TEXT_ROWS = 20;
const MAX_DECIMALS = 6;

/** HTML and text of a table. */
export function tableBundle(table: Table): { readonly html: string; readonly text: string } {
  const cells = table.columns.map((_, column) => formatColumn(table.rows.map((row) => row[column])));
  return { html: tableHtml(table, cells), text: tableText(table, cells) };
}

/** Text with the five characters that mean something in HTML written as entities. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

interface Column {
  readonly isNumeric: boolean;
  readonly texts: readonly string[];
  readonly isMissing: readonly boolean[];
}

function formatColumn(values: readonly unknown[]): Column {
  const present = values.filter((value) => value !== null && value !== undefined);
  const isNumeric =
    present.length > 0 && present.every((value) => typeof value === "number" || typeof value === "bigint");
  const decimals = Math.max(0, ...present.map(decimalsOf));
  return {
    isNumeric,
    texts: values.map((value) => formatCell(value, decimals)),
    isMissing: values.map((value) => value === null || value === undefined),
  };
}

function decimalsOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return 0;
  const text = String(Number(value.toPrecision(6)));
  const point = text.indexOf(".");
  return point < 0 || text.includes("e") ? 0 : Math.min(MAX_DECIMALS, text.length - point - 1);
}

function formatCell(value: unknown, decimals: number): string {
  if (typeof value === "number") {
    const isPlain = Number.isFinite(value) && !String(Number(value.toPrecision(6))).includes("e");
    return isPlain ? value.toFixed(decimals) : String(value);
  }
  if (typeof value === "string") return cutCell(value);
  if (value instanceof Date) return dateText(value);
  return cutCell(inspectLine(value));
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "Invalid Date";
  return date.toISOString().replace(/T00:00:00\.000Z$/, "");
}

function cutCell(text: string): string {
  return text.length <= MAX_CELL_LENGTH ? text : `${text.slice(0, endWithoutHalfPair(text, MAX_CELL_LENGTH))}…`;
}

function sizeNote(table: Table, shownRows: number): string {
  const count = (n: number, noun: string): string => `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
  const notes = [`${count(table.rowCount, "row")} × ${count(table.columnCount, "column")}`];
  if (shownRows < table.rowCount) notes.push(`first ${count(shownRows, "row")} shown`);
  if (table.columns.length < table.columnCount) notes.push(`first ${count(table.columns.length, "column")} shown`);
  return notes.join(", ");
}

function tableHtml(table: Table, columns: readonly Column[]): string {
  const align = (column: Column): string => ` style="text-align:${column.isNumeric ? "right" : "left"}"`;
  const corner = table.rowNames === undefined ? "" : "<td></td>";
  const head = table.columns.map((name, i) => `<th scope="col"${align(columns[i])}>${escapeHtml(cutCell(name))}</th>`);
  const body = table.rows.map((_, row) => {
    const name =
      table.rowNames === undefined ? "" : `<th scope="row">${escapeHtml(formatCell(table.rowNames[row], 0))}</th>`;
    return `<tr>${name}${columns.map((column) => cellHtml(column, row, align(column))).join("")}</tr>`;
  });
  return [
    '<table class="labelfree-table">',
    `<caption style="text-align:left">${sizeNote(table, table.rows.length)}</caption>`,
    `<thead><tr>${corner}${head.join("")}</tr></thead>`,
    `<tbody>\n${body.join("\n")}\n</tbody>`,
    "</table>",
  ].join("\n");
}

function cellHtml(column: Column, row: number, style: string): string {
  const text = escapeHtml(column.texts[row]);
  return `<td${style}>${column.isMissing[row] ? `<em>${text}</em>` : text}</td>`;
}

function tableText(table: Table, columns: readonly Column[]): string {
  const rowCount = Math.min(table.rows.length, MAX_TEXT_ROWS);
  const names =
    table.rowNames === undefined
      ? []
      : [
          textColumn(
            "",
            table.rowNames.slice(0, rowCount).map((name) => formatCell(name, 0)),
            false,
          ),
        ];
  const lines = [
    ...names,
    ...columns.map((column, i) => textColumn(table.columns[i], column.texts.slice(0, rowCount), column.isNumeric)),
  ];
  const rows = Array.from({ length: rowCount + 1 }, (_, row) =>
    lines
      .map((line) => line[row])
      .join("  ")
      .trimEnd(),
  );
  return [...rows, `[${sizeNote(table, rowCount)}]`].join("\n");
}

function textColumn(name: string, texts: readonly string[], isNumeric: boolean): string[] {
  const flat = [cutCell(name), ...texts].map((text) => text.replace(/[\r\n\t]+/g, " "));
  const width = Math.max(...flat.map((text) => [...text].length));
  return flat.map((text) => {
    const padding = " ".repeat(width - [...text].length);
    return isNumeric ? padding + text : text + padding;
  });
}
