import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { writeError, writeFileAtomic } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { type Provenance, readProvenance } from "../figures/provenance.ts";
import { defaultSeeds, type Finding } from "../findings/finding.ts";
import { isNotKept, type KeptStudyOptions, keptStudy } from "../findings/kept-study.ts";
import { countStale } from "../findings/recorded-study.ts";
import { drawReport, type ReportFile } from "../findings/report.ts";
import type { Scale } from "../findings/scale.ts";
import type { Study } from "../findings/study.ts";
import { readRecords } from "../records/run-records.ts";
import { compareFiles, type FileState } from "../review/compare-files.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { integerOption } from "./number-option.ts";
import { chosenFindings, figureFolder, findingsArgument, recordsOption, scaleOption } from "./study-options.ts";

interface FiguresOptions {
  readonly scale: Scale;
  readonly seeds?: number;
  readonly out: string;
  readonly records: string;
  readonly check?: boolean;
  readonly inspect?: string;
  readonly json?: boolean;
}

interface DrawnFile {
  readonly path: string;
  readonly state: FileState | "written";
}

export const figuresCommand = new Command("figures")
  .description(
    "draw figures and judge claims from the records, without training; default all findings that are recorded",
  )
  .addArgument(findingsArgument())
  .addOption(scaleOption())
  .option("--seeds <n>", "seeds 1 to n; default what each finding asks for", integerOption(1, 1000))
  .option("--out <dir>", "folder of figures/", ".")
  .addOption(recordsOption())
  .option("--check", "write nothing; fail where the files are not, byte for byte, what the records give")
  .option("--inspect <file>", "print what an SVG or PNG was made from, and draw nothing")
  .option("--json", "print one line of JSON")
  .addHelpText(
    "after",
    `
Examples:
  labelfree figures
  labelfree figures --check
  labelfree figures collapse --out /tmp/mine
  labelfree figures --inspect figures/collapse-accuracy.png`,
  )
  .action(async (names: string[], options: FiguresOptions) => {
    const { inspect, check = false, json = false } = options;
    if (inspect !== undefined) {
      const provenance = provenanceOf(inspect);
      console.log(json ? JSON.stringify(provenance) : describeProvenance(provenance));
      return;
    }
    const records = await readRecords(join(options.records, options.scale));
    const files: DrawnFile[] = [];
    const isChosen = names.length > 0;
    for (const finding of chosenFindings(names)) {
      try {
        files.push(...(await drawFinding(finding, records, options)));
      } catch (error) {
        if (isChosen || !isNotKept(error)) throw error;
        console.error(`not drawn: ${error.message}`);
        if (check) files.push(...leftOver(finding, options));
      }
    }
    const bad = files.filter(({ state }) => state !== "written" && state !== "same");
    if (json) console.log(JSON.stringify({ scale: options.scale, files, ok: bad.length === 0 }));
    else console.log(check ? describeCheck(files, bad) : files.map(({ path }) => path).join("\n"));
    if (bad.length > 0) process.exitCode = 1;
  });

async function drawFinding(
  finding: Finding,
  records: readonly RecordedRun[],
  { scale, seeds = defaultSeeds(finding, scale), out, records: folderOfRecords, check = false }: FiguresOptions,
): Promise<DrawnFile[]> {
  const study = studyOf(finding, { scale, seeds, records, folder: folderOfRecords });
  const stale = countStale(study);
  if (stale > 0) {
    console.error(`${finding.name}: ${stale} of ${study.runs.length} runs of the records were made by other sources`);
  }
  const analysis = finding.analyse(study);
  const verdicts = finding.verdicts(analysis, study);
  const files = await drawReport({ finding, study, analysis, verdicts });
  const folder = figureFolder(out, finding, { scale, seeds });
  if (!check) return files.map((file) => writeFile(folder, file));
  return compareFiles(folder, finding, files).map(({ path, state }) => ({ path, state }));
}

function studyOf(finding: Finding, options: KeptStudyOptions): Study {
  const { scale, seeds } = options;
  try {
    const study = keptStudy(finding, options);
    if (finding.extra?.isCurrent(study.extra, scale) === false) {
      console.error(`${finding.name}: ${finding.extra.file} was made by other sources`);
    }
    return study;
  } catch (error) {
    if (!isNotKept(error)) throw error;
    const next = `labelfree reproduce ${finding.name} --scale ${scale} --seeds ${seeds} --save-records adds what is missing`;
    throw new LabelfreeError(error.code, `${error.message}; ${next}`, { fields: error.fields });
  }
}

/** Figures of a finding that nothing is kept of. */
function leftOver(finding: Finding, { scale, seeds = defaultSeeds(finding, scale), out }: FiguresOptions): DrawnFile[] {
  return compareFiles(figureFolder(out, finding, { scale, seeds }), finding, []).map(({ path, state }) => ({
    path,
    state,
  }));
}

function writeFile(folder: string, { name, data }: ReportFile): DrawnFile {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
  const path = join(folder, name);
  writeFileAtomic(path, data);
  return { path, state: "written" };
}

function describeCheck(files: readonly DrawnFile[], bad: readonly DrawnFile[]): string {
  const summary = `${files.length - bad.length} of ${files.length} files are what the records give`;
  const next = bad.length > 0 ? ["labelfree figures, without --check, draws them again"] : [];
  return [...bad.map(({ path, state }) => `${state.padEnd(8)} ${path}`), summary, ...next].join("\n");
}

function provenanceOf(path: string): Provenance {
  if (!existsSync(path)) throw new LabelfreeError("figure/not-found", `${path}: got no such file, expected a figure`);
  const provenance = readFigure(path);
  if (provenance !== null) return provenance;
  throw new LabelfreeError(
    "figure/no-provenance",
    `${path}: got a figure without provenance, expected one of labelfree's`,
  );
}

function readFigure(path: string): Provenance | null {
  try {
    return readProvenance(readFileSync(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LabelfreeError("figure/not-a-figure", `${path}: ${why}`, { cause });
  }
}

function describeProvenance({ labelfreeVersion, scale, codeHash, ruleHashes, runKeys }: Provenance): string {
  return [
    `labelfree  ${labelfreeVersion}`,
    `scale      ${scale}`,
    `code       ${codeHash}`,
    ...Object.entries(ruleHashes).map(([claim, hash]) => `rule       ${hash}  ${claim}`),
    ...runKeys.map((key) => `run        ${key}`),
  ].join("\n");
}
