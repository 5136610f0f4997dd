import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { LabelfreeError } from "../core/errors.ts";
import { hashBytes, hashJson } from "../core/hash.ts";
import { createProgress } from "../core/progress.ts";
import { kernelBytes } from "../device/wasm/wasm-device.ts";
import { readProvenance } from "../figures/provenance.ts";
import { type ClaimReport, reportClaims } from "../findings/claim-reports.ts";
import { loadClaims, ruleHash } from "../findings/claim.ts";
import { defaultSeeds } from "../findings/finding.ts";
import { FINDINGS } from "../findings/index.ts";
import type { Scale } from "../findings/scale.ts";
import { verdictPartRow } from "../findings/verdict-table.ts";
import { interrupted } from "../runs/interruption.ts";
import { sourceClosure } from "../runs/source-closure.ts";
import { findBrowser } from "../workbook/export/find-browser.ts";
import type { VerdictRow } from "../workbook/export/index-page.ts";
import type { PresentSources } from "../workbook/export/page-sources.ts";
import { printPdf } from "../workbook/export/print-pdf.ts";
import { writeSite } from "../workbook/export/write-site.ts";
import { findNotebooks } from "../workbook/find-notebooks.ts";
import { isCode } from "../workbook/notebook.ts";
import { readNotebook } from "../workbook/notebook-file.ts";
import { withStopSignals } from "./stop-signals.ts";
import { figureFolder, scaleOption } from "./study-options.ts";

interface ExportOptions {
  readonly html: string;
  readonly pdf?: boolean;
  readonly title: string;
  readonly figures: string;
  readonly scale: Scale;
  readonly json?: boolean;
}

const NOTEBOOKS = "notebooks";

export const notebookExportCommand = new Command("export")
  .description("write notebooks that were run as a site that works offline, the verdicts first")
  .argument("[files...]", "notebooks, in the order of the contents; default all of notebooks/")
  .option("--html <dir>", "folder of the site", "report")
  .option("--pdf", "also print each page, by Chromium, Chrome or Edge")
  .option("--title <text>", "title of the site", "labelfree report")
  .option("--figures <dir>", "folder of figures/, whose verdicts are shown", ".")
  .addOption(scaleOption())
  .option("--json", 'print {"index": ..., "pages": ..., "pdfs": ..., "warnings": ...}')
  .addHelpText(
    "after",
    `
Nothing runs: the pages hold the outputs that the notebooks have, and say where those were drawn by other sources than
are here now. The verdicts are the stored ones, all of them, or with FILES those of the findings in them.
Open index.html in any browser; the folder can be moved or put on a server as it is.

Examples:
  labelfree notebook export
  labelfree notebook export notebooks/collapse.ipynb --html /tmp/collapse --pdf`,
  )
  .action(async (files: string[], options: ExportOptions) => {
    const { html: folder, pdf = false, title, json = false } = options;
    const browser = pdf ? findBrowser() : null; // missing: told before anything is written
    const notebooks = (files.length > 0 ? files : allNotebooks()).map((path) => ({
      path,
      notebook: readNotebook(path),
    }));
    const opened = findingsIn(notebooks.map(({ notebook }) => notebook));
    const { buildSite } = await import("../workbook/export/build-site.ts"); // with KaTeX, for which no other command waits
    const site = buildSite(notebooks, {
      title,
      verdicts: verdictRows(options).filter(({ finding }) => files.length === 0 || opened.has(finding)),
      present: presentSources(),
      sourcesOfSvg: (svg) => readProvenance(Buffer.from(svg)),
      readImage: (path) => (existsSync(path) ? readFileSync(path) : null),
    });
    const pages = writeSite(folder, site.files);
    const pdfs = browser === null ? [] : await printAll(browser, pages);
    for (const text of site.warnings) console.error(text);
    const index = join(folder, "index.html");
    console.log(json ? JSON.stringify({ index, pages, pdfs, warnings: site.warnings }) : index);
  });

function allNotebooks(): string[] {
  const paths = findNotebooks(NOTEBOOKS);
  if (paths.length > 0) return paths;
  const message = `${NOTEBOOKS}/: got no notebooks, expected some; name FILES, or labelfree notebook new writes one`;
  throw new LabelfreeError("notebook/none", message);
}

/** Findings that these notebooks open, by their code. */
function findingsIn(notebooks: readonly ReturnType<typeof readNotebook>[]): Set<string> {
  const code = notebooks.flatMap(({ cells }) => cells.filter(isCode).map(({ source }) => source)).join("\n");
  return new Set(Object.keys(FINDINGS).filter((name) => code.includes(`findingNamed(${JSON.stringify(name)})`)));
}

function verdictRows({ scale, figures }: ExportOptions): VerdictRow[] {
  const reports = reportClaims(scale, (name) => {
    if (!Object.hasOwn(FINDINGS, name)) return null;
    const finding = FINDINGS[name];
    const folder = figureFolder(figures, finding, { scale, seeds: defaultSeeds(finding, scale) });
    return { folder, command: `labelfree reproduce ${name}${scale === "micro" ? "" : ` --scale ${scale}`}` };
  });
  return reports.map(toRow);
}

function toRow({ claim, state, verdict }: ClaimReport): VerdictRow {
  const { id, statement, place, finding } = claim;
  const { decidedBy, why, scale } = verdict;
  const [label, ours] = decidedBy === null ? ["", ""] : verdictPartRow(decidedBy);
  const detail = why ?? (decidedBy === null ? "no part" : `${label}: ${ours}, n ${decidedBy.n}`);
  return {
    claim: id,
    statement,
    place,
    finding,
    verdict: verdict.verdict,
    isOutdated: state === "rule changed",
    scale,
    detail,
  };
}

function presentSources(): PresentSources {
  const codeHash = hashJson({ source: sourceClosure().sha256, kernels: hashBytes(kernelBytes()) }); // as codeHashOf has it
  return { codeHash, ruleHashes: Object.fromEntries(loadClaims().map((claim) => [claim.id, ruleHash(claim)])) };
}

async function printAll(browser: string, pages: readonly string[]): Promise<string[]> {
  const progress = createProgress({ stream: process.stderr, label: "notebook export" });
  const pdfs: string[] = [];
  try {
    await withStopSignals(
      (text) => progress.log(text),
      async (signal) => {
        for (const page of pages) {
          progress.update({ done: pdfs.length, total: pages.length, note: page });
          const pdf = page.replace(/\.html$/, ".pdf");
          try {
            await printPdf(browser, { page, pdf, signal });
          } catch (error) {
            if (!signal.aborted) throw error;
            throw interrupted(`notebook export: stopped with ${pdfs.length} of ${pages.length} PDFs`);
          }
          pdfs.push(pdf);
        }
        progress.update({ done: pdfs.length, total: pages.length });
      },
    );
  } finally {
    progress.finish();
  }
  return pdfs;
}
