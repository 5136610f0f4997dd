// The runs of a study kept compactly, so that figures and tables come from them without training: a folder with
// runs.parquet, steps.parquet, evaluations.parquet, and index.json with the hash of each, which is written last.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile, writeError, writeFileAtomic } from "../core/atomic-file.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { LabelfreeError } from "../core/errors.ts";
import { hashBytes, hashJson } from "../core/hash.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import type { Run } from "../runs/spec.ts";
import { fromParquet, type TableRow, toParquet } from "./parquet-table.ts";
import { fromTables, INTEGER_COLUMNS, toTables } from "./run-tables.ts";

const INDEX_FILE = "index.json";
/** The tables of records, each a Parquet file of this name. */
export const RECORD_FILES = ["runs", "steps", "evaluations"] as const;
type TableName = (typeof RECORD_FILES)[number];

/** What index.json says. */
export interface RecordIndex {
  readonly runs: number;
  readonly sha256: Readonly<Record<TableName, string>>;
}

/** Runs with equal settings are one run, whatever sources made them; how often it stores checkpoints does not count. */
export function settingsHash({ checkpointEverySteps: _, ...settings }: Run): string {
  return hashJson(settings);
}

/** All runs of both, each setting once; where both have it, the one added. */
export function mergeRecords(kept: readonly RecordedRun[], added: readonly RecordedRun[]): RecordedRun[] {
  return [...new Map([...kept, ...added].map((recorded) => [settingsHash(recorded.result.run), recorded])).values()];
}

/**
 * Replaces the records in a folder by these runs, ordered by tier, method and seed; equal runs give equal bytes.
 * @throws LabelfreeError `records/none`, `records/not-storable`, `records/uneven-rows`, or `file/...`.
 */
export function writeRecords(folder: string, runs: readonly RecordedRun[]): void {
  if (runs.length === 0) throw new LabelfreeError("records/none", "records: got no runs, expected one at least");
  const tables = toTables(inOrder(runs));
  const contents = RECORD_FILES.map((name) => [name, toParquet(tables[name], INTEGER_COLUMNS)] as const);
  const index = {
    runs: runs.length,
    sha256: Object.fromEntries(contents.map(([name, data]) => [name, hashBytes(data)])),
  };
  makeFolder(folder);
  for (const [name, data] of contents) writeFileAtomic(join(folder, `${name}.parquet`), data);
  writeFileAtomic(join(folder, INDEX_FILE), `${JSON.stringify(index, null, 2)}\n`);
}

/**
 * The runs in a folder, in their order there; none if it has no records.
 * @throws LabelfreeError `records/damaged` when a file is not as it was written.
 */
export async function readRecords(folder: string): Promise<RecordedRun[]> {
  const index = readRecordIndex(folder);
  if (index === null) return [];
  const { sha256 } = index;
  const read = async (name: TableName): Promise<TableRow[]> => {
    const path = join(folder, `${name}.parquet`);
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    const got = hashBytes(bytes);
    if (got === sha256?.[name]) return fromParquet(bytes);
    const message = `${path}: not as it was written, got hash ${got.slice(0, 12)}, expected ${sha256?.[name]?.slice(0, 12)}`;
    throw new LabelfreeError("records/damaged", `${message}; restore the folder`, { fields: { path } });
  };
  return fromTables({ runs: await read("runs"), steps: await read("steps"), evaluations: await read("evaluations") });
}

/**
 * The index of the records in a folder, null if it has none.
 * @throws LabelfreeError `file/...`.
 */
export function readRecordIndex(folder: string): RecordIndex | null {
  const path = join(folder, INDEX_FILE);
  return existsSync(path) ? (readJsonFile(path) as RecordIndex) : null;
}

function inOrder(runs: readonly RecordedRun[]): RecordedRun[] {
  const placed = runs.map((recorded) => ({ recorded, place: placeOf(recorded) }));
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ recorded }) => recorded);
}

function placeOf({ result: { run, key } }: RecordedRun): string {
  return [canonicalJson({ ...run.base, baseSeed: 0 }), run.method, String(run.seed).padStart(10, "0"), key].join("\n");
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
}
