// Tables of other libraries, recognised by their members: neither library is loaded for it, and any version of it serves.

import { hasMethods, isReadable, readClassMember } from "./read-member.ts";
import type { Table } from "./table.ts";
import { MAX_TABLE_COLUMNS, MAX_TABLE_ROWS } from "./table.ts";

/** The value as a table where it is an arquero table or a danfojs frame or series, else undefined. */
export function asTable(value: unknown): Table | undefined {
  if (!isReadable(value)) return undefined;
  return fromArquero(value) ?? fromDanfo(value);
}

interface ArqueroTable {
  numRows(): number;
  columnNames(): string[];
  objects(options: { limit: number }): Readonly<Record<string, unknown>>[];
}

function fromArquero(value: object): Table | undefined {
  if (!hasMethods(value, ["numRows", "columnNames", "objects", "getter"])) return undefined;
  const table = value as ArqueroTable;
  const names = table.columnNames();
  const columns = names.slice(0, MAX_TABLE_COLUMNS);
  const rows = table.objects({ limit: MAX_TABLE_ROWS }).map((row) => columns.map((name) => row[name]));
  return { columns, rows, rowCount: table.numRows(), columnCount: names.length };
}

function fromDanfo(value: object): Table | undefined {
  if (typeof readClassMember(value, "print") !== "function") return undefined;
  const [names, index, shape] = ["columns", "index", "shape"].map((key) => readClassMember(value, key));
  if (!Array.isArray(names) || !Array.isArray(index) || !Array.isArray(shape)) return undefined;
  const values = readClassMember(value, "values");
  if (!Array.isArray(values)) return undefined;
  const columns = names.slice(0, MAX_TABLE_COLUMNS).map(String);
  const rows = values
    .slice(0, MAX_TABLE_ROWS)
    .map((row) => (Array.isArray(row) ? row.slice(0, columns.length) : [row]));
  const rowNames = index.slice(0, rows.length);
  return { columns, rows, rowNames, rowCount: values.length, columnCount: names.length };
}
