import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Command, Option } from "commander";
import { writeError } from "../core/atomic-file.ts";
import { isLabelfreeError, LabelfreeError } from "../core/errors.ts";
import { defaultSeeds, type Finding } from "../findings/finding.ts";
import { FINDINGS, findingNamed } from "../findings/index.ts";
import { openStudy } from "../findings/open-study.ts";
import { kernelInfo } from "../kernel/server/kernel-info.ts";
import { packageFacts } from "../runs/package-root.ts";
import { findingNotebook } from "../workbook/finding-notebook.ts";
import { writeNotebook } from "../workbook/notebook-file.ts";
import { recordsOption } from "./study-options.ts";

interface NewOptions {
  readonly finding: string;
  readonly out?: string;
  readonly records: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const SCALE = "micro";

export const notebookNewCommand = new Command("new")
  .description("write the notebook of a finding, without outputs")
  .addOption(new Option("--finding <name>", "which one").choices(Object.keys(FINDINGS)).makeOptionMandatory())
  .option("--out <file>", "default notebooks/<finding>.ipynb")
  .addOption(recordsOption())
  .option("--force", "replace a file that is there")
  .option("--json", 'print {"finding": ..., "file": ..., "figures": ...}')
  .addHelpText(
    "after",
    `
Each figure gets a cell of its own where the records have the finding's runs, for these say which figures there are.

Examples:
  labelfree notebook new --finding collapse
  labelfree notebook new --finding length --out /tmp/length.ipynb && labelfree notebook run /tmp/length.ipynb`,
  )
  .action(async ({ finding: name, out, records, force = false, json = false }: NewOptions) => {
    const finding = findingNamed(name);
    const file = out ?? join("notebooks", `${name}.ipynb`);
    if (existsSync(file) && !force) {
      const message = `${file}: there is such a file; --force replaces it, --out names another`;
      throw new LabelfreeError("notebook/exists", message, { fields: { file } });
    }
    const figures = await figureNames(finding, records);
    if (figures === null) {
      console.error(`${name}: the records have not all that it needs; its figures share a cell`);
    }
    makeFolder(dirname(file));
    const hasRuns = finding.sweep({ scale: SCALE, seeds: 1 }).length > 0;
    const facts = { name, title: finding.title, seeds: defaultSeeds(finding, SCALE), hasRuns, figures };
    const { language_info: languageInfo } = kernelInfo({ version: packageFacts().version, hasDebugger: true });
    const runsFolder = relative(dirname(resolve(file)), resolve("runs"))
      .split(sep)
      .join("/");
    writeNotebook(file, findingNotebook({ ...facts, languageInfo, runsFolder }));
    console.log(json ? JSON.stringify({ finding: name, file, figures }) : file);
  });

async function figureNames(finding: Finding, records: string): Promise<string[] | null> {
  try {
    const study = await openStudy(finding, { scale: SCALE, records });
    return Object.keys(finding.figures(finding.analyse(study), study));
  } catch (error) {
    if (isLabelfreeError(error) && error.code.startsWith("records/missing-")) return null;
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
}
