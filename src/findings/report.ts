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
}

export interface ReportFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * A finding's figures as SVG and PNG, with their provenance inside, and its verdicts; the same study gives the same bytes.
 * @throws LabelfreeError `figure/...`.
 */
export async function drawReport({ finding, study, analysis, verdicts }: ReportOptions): Promise<ReportFile[]> {
  const provenance = createProvenance({
    scale: study.scale,
    runKeys: [...study.runs.map(({ result }) => result.key), ...extraKeys(finding, study)],
    codeHash: codeHashOf(study),
    ruleHashes: Object.fromEntries(verdicts.map(({ claim, ruleHash }) => [claim, ruleHash])),
  });
  const files: ReportFile[] = [];
  for (const [name, spec] of Object.entries(finding.figures(analysis, study))) {
    const svg = await renderSvg(spec, { provenance });
    files.push({ name: `${name}.svg`, data: toBytes(svg) }, { name: `${name}.png`, data: renderPng(svg) });
  }
  const text = `${JSON.stringify({ provenance, verdicts }, null, 2)}\n`;
  return [...files, { name: `${finding.name}-verdicts.json`, data: toBytes(text) }];
}

/**
 * Draws a finding's report into an existing folder; returns the paths.
 * @throws LabelfreeError `figure/...` or `file/...`.
 */
export async function writeReport({
  folder,
  ...options
}: ReportOptions & { readonly folder: string }): Promise<string[]> {
  const files = await drawReport(options);
  return files.map(({ name, data }) => {
    const path = join(folder, name);
    writeFileAtomic(path, data);
    return path;
  });
}

function extraKeys({ extra: about }: Finding, { extra }: Study): readonly string[] {
  return extra === undefined ? [] : (about?.keys?.(extra) ?? []);
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
