import { join } from "node:path";
import { writeFileAtomic } from "../core/atomic-file.ts";
import { createProvenance } from "../figures/provenance.ts";
import { renderPng, renderSvg } from "../figures/render.ts";
import type { Finding } from "./finding.ts";
import type { Study } from "./study.ts";
import { codeHashOf } from "./study.ts";
import type { Verdict } from "./verdict.ts";

export interface ReportOptions {
  readonly finding: Finding;
  readonly study: Study;
  /** What the finding's `analyse` made of the study. */
  readonly analysis: unknown;
  readonly verdicts: readonly Verdict[];
  /** An existing folder. */
  readonly folder: string;
}

/**
 * Draws a finding's figures as SVG and PNG, with their provenance inside, and stores its verdicts; returns the paths.
 * @throws LabelfreeError `figure/...` or `file/...`.
 */
export async function writeReport({ finding, study, analysis, verdicts, folder }: ReportOptions): Promise<string[]> {
  const provenance = createProvenance({
    scale: study.scale,
    runKeys: study.runs.map(({ result }) => result.key),
    codeHash: codeHashOf(study),
    ruleHashes: Object.fromEntries(verdicts.map(({ claim, ruleHash }) => [claim, ruleHash])),
  });
  const files: string[] = [];
  const write = (name: string, data: string | Uint8Array): void => {
    const path = join(folder, name);
    writeFileAtomic(path, data);
    files.push(path);
  };
  for (const [name, spec] of Object.entries(finding.figures(analysis, study))) {
    const svg = await renderSvg(spec, { provenance });
    write(`${name}.svg`, svg);
    write(`${name}.png`, renderPng(svg));
  }
  write(`${finding.name}-verdicts.json`, `${JSON.stringify({ provenance, verdicts }, null, 2)}\n`);
  return files;
}
