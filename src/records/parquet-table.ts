// Rows of plain values as a Parquet file and back, bit for bit: numbers as 64-bit floats, or as 32-bit integers where a
// column says so, text as UTF-8, all else as JSON. Compressed by the writer's own Snappy, which is JavaScript and so the
// same everywhere (zlib's bytes depend on the machine). The same rows give the same bytes.

import { parquetReadObjects } from "hyparquet";
import { type BasicType, type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { LabelfreeError } from "../core/errors.ts";

/** A row; a member that is missing is stored as null. */
export type TableRow = Readonly<Record<string, unknown>>;

const WHOLE_TABLE = 2 ** 31 - 1; // one row group: one dictionary a column

/**
 * Parquet bytes of rows, of which there must be one at least; `integers` names the columns of 32-bit integers.
 * @throws LabelfreeError `records/not-storable` for NaN, infinities and -0, which JSON does not keep either, and for
 * columns of several types.
 */
export function toParquet(rows: readonly TableRow[], integers: ReadonlySet<string>): Uint8Array {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  const columnData = [...names].map((name): ColumnSource => {
    const data = rows.map((row) => row[name] ?? null);
    return { name, data, type: typeOf(name, data, integers) };
  });
  const options = { columnData, rowGroupSize: WHOLE_TABLE, statistics: false, createdBy: "labelfree" };
  return new Uint8Array(parquetWriteBuffer(options));
}

/** The rows of a Parquet file of `toParquet`, every column in every row. */
export async function fromParquet(bytes: Uint8Array): Promise<TableRow[]> {
  const file = new Uint8Array(bytes).buffer;
  return parquetReadObjects({ file });
}

const TYPES: Readonly<Record<string, BasicType>> = { boolean: "BOOLEAN", string: "STRING", object: "JSON" };

function typeOf(name: string, data: readonly unknown[], integers: ReadonlySet<string>): BasicType {
  const types = new Set<string>();
  for (const [row, value] of data.entries()) {
    if (value === null) continue;
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
      throw notStorable(name, `${Object.is(value, -0) ? "-0" : value} in row ${row}`, "a finite number or null");
    }
    types.add(typeof value);
  }
  if (types.size > 1) throw notStorable(name, [...types].join(" and "), "one type");
  const [type] = types;
  return type === undefined || type === "number" ? (integers.has(name) ? "INT32" : "DOUBLE") : TYPES[type];
}

function notStorable(name: string, got: string, expected: string): LabelfreeError {
  const message = `records, column ${name}: got ${got}, expected ${expected}`;
  return new LabelfreeError("records/not-storable", message, { fields: { name, got } });
}
