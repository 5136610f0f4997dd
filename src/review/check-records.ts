// Records against themselves: files against their hashes, keys against settings, outcomes against rows. A run whose
// numbers were changed and hashed anew passes here; only training it again shows that (check-training.ts).

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../core/canonical-json.ts";
import { hashBytes } from "../core/hash.ts";
import { kernelBytes } from "../device/wasm/wasm-device.ts";
import { RECORD_FILES, readRecordIndex, readRecords, settingsHash } from "../records/run-records.ts";
import { planRuns } from "../runs/prepare-run.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { toRunKey } from "../runs/run-key.ts";
import { nameRun } from "../runs/run-name.ts";
import { summarizeRows } from "../runs/run-result.ts";
import { sourceClosure } from "../runs/source-closure.ts";
import { type Check, compared, errorText, failed, guarded, inList, notChecked, short } from "./check.ts";

const SECTION = "records";
const MOST_RUNS = 20;

export interface CheckedRecords {
  readonly checks: readonly Check[];
  /** null: damaged, nothing can be held against them. */
  readonly records: readonly RecordedRun[] | null;
}

/** Checks the records in the folder of a scale, and reads them. */
export async function checkRecords(folder: string): Promise<CheckedRecords> {
  let files: readonly Check[];
  try {
    files = checkFiles(folder);
  } catch (error) {
    const about = { section: SECTION, what: join(folder, "index.json") } as const;
    return { checks: [failed(about, "hashes of the files", errorText(error))], records: null };
  }
  if (files.some(({ verdict }) => verdict === "failed")) return { checks: files, records: null };
  try {
    const records = await readRecords(folder);
    return { checks: [...files, ...(await checkRuns(records, folder))], records };
  } catch (error) {
    const about = { section: SECTION, what: `runs in ${folder}` } as const;
    return { checks: [...files, failed(about, "runs", errorText(error))], records: null };
  }
}

function checkFiles(folder: string): Check[] {
  const index = readRecordIndex(folder);
  const tables = RECORD_FILES.map((name) => ({ name, path: join(folder, `${name}.parquet`) }));
  if (index === null) {
    const left = tables.filter(({ path }) => existsSync(path)).map(({ path }) => path);
    if (left.length > 0) {
      const about = { section: SECTION, what: join(folder, "index.json") } as const;
      return [failed(about, "hashes of the files", "no such file", `there are ${inList(left)}`)];
    }
    const why = "there are none; labelfree reproduce --save-records makes them";
    return [notChecked({ section: SECTION, what: folder }, why)];
  }
  return tables.map(({ name, path }) => {
    const expected = `sha256 ${index.sha256?.[name]}`;
    const found = existsSync(path) ? `sha256 ${hashBytes(readFileSync(path))}` : "no such file";
    return compared({ section: SECTION, what: path }, expected, found, "not as it was written");
  });
}

async function checkRuns(records: readonly RecordedRun[], folder: string): Promise<Check[]> {
  if (records.length === 0) return [];
  const all = `${records.length} runs`;
  const about = (what: string) => ({ section: SECTION, what }) as const;
  return [
    compared(about("runs in the index"), `${readRecordIndex(folder)?.runs} runs`, all),
    ...eachRun(records, "its key follows from settings and hashes", checkKey),
    ...eachRun(records, "its outcome follows from its rows", checkOutcome),
    compared(
      about("runs of different settings"),
      all,
      `${new Set(records.map(({ result }) => settingsHash(result.run))).size} runs`,
      "settings that stand there twice",
    ),
    ...(await guarded(about("sources of the runs"), "the present ones", () => [checkSources(records)])),
  ];
}

interface Mismatch {
  readonly expected: string;
  readonly found: string;
}

/** One row for all runs where all are right, else one for each that is wrong. */
function eachRun(
  records: readonly RecordedRun[],
  what: string,
  mismatchOf: (recorded: RecordedRun) => Mismatch | null,
): Check[] {
  const wrong = records.flatMap((recorded): Check[] => {
    const mismatch = mismatchOf(recorded);
    if (mismatch === null) return [];
    const about = { section: SECTION, what: `${nameRun(recorded.result.run)}: ${what}` } as const;
    return [failed(about, mismatch.expected, mismatch.found)];
  });
  const all = `${records.length} of ${records.length} runs`;
  if (wrong.length === 0) return [compared({ section: SECTION, what: `of each run ${what}` }, all, all)];
  if (wrong.length <= MOST_RUNS) return wrong;
  const found = `${records.length - wrong.length} of ${records.length} runs`;
  const why = `the first ${MOST_RUNS} that are wrong have rows of their own`;
  return [failed({ section: SECTION, what: `of each run ${what}` }, all, found, why), ...wrong.slice(0, MOST_RUNS)];
}

function checkKey({ result }: RecordedRun): Mismatch | null {
  const { run, base, data, kernels, source } = result;
  const { key } = toRunKey(run, { base, data, kernels, source });
  return key === result.key ? null : { expected: `key ${key}`, found: `key ${result.key}` };
}

function checkOutcome({ result, steps, evaluations }: RecordedRun): Mismatch | null {
  const numbers = steps.map(({ step }) => step).join(" ");
  const wanted = Array.from({ length: result.steps }, (_, index) => index + 1).join(" ");
  if (numbers !== wanted)
    return { expected: `rows of steps 1 to ${result.steps}`, found: `steps ${numbers || "none"}` };
  if (!result.hasDiverged && result.steps !== result.totalSteps) {
    return { expected: `${result.totalSteps} steps`, found: `${result.steps} steps, and it did not diverge` };
  }
  const { collapse } = summarizeRows(steps, evaluations, result.run);
  const [expected, found] = [canonicalJson(collapse), canonicalJson(result.collapse)];
  return expected === found ? null : { expected: `collapse ${expected}`, found: `collapse ${found}` };
}

function checkSources(records: readonly RecordedRun[]): Check {
  const about = { section: SECTION, what: "sources of the runs" } as const;
  const plans = planRuns(records.map(({ result }) => result.run));
  const stale = records.filter(({ result }, index) => result.key !== plans[index].key);
  const present = `${short(sourceClosure().sha256)}, kernels ${short(hashBytes(kernelBytes()))}`;
  if (stale.length === 0) return compared(about, present, present);
  const others = new Set(stale.map(({ result: { source, kernels } }) => `${short(source)}, kernels ${short(kernels)}`));
  const why = `stale: ${stale.length} of ${records.length} runs were made by other sources, kernels, problems or bases than are here now; whether those give the same bits only training says`;
  return { ...notChecked(about, why), expected: present, found: inList([...others]) };
}
