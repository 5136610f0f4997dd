// A finding from the records once more: every figure drawn anew and compared byte for byte, every verdict judged anew and
// compared with the stored one, every rule's hash with the one that is stored beside the verdict.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isLabelfreeError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { formatCount } from "../core/progress.ts";
import { type Claim, ruleHash } from "../findings/claim.ts";
import { defaultSeeds, type Finding } from "../findings/finding.ts";
import { isNotKept, keptStudy } from "../findings/kept-study.ts";
import { drawReport } from "../findings/report.ts";
import type { Scale } from "../findings/scale.ts";
import { readStoredVerdicts } from "../findings/stored-verdicts.ts";
import type { Study } from "../findings/study.ts";
import type { Verdict } from "../findings/verdict.ts";
import { verdictPartRow } from "../findings/verdict-table.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { compareJson } from "../workbook/compare-json.ts";
import { type Check, compared, errorText, failed, inList, notChecked, short } from "./check.ts";
import { type ComparedFile, compareFiles, filesOf } from "./compare-files.ts";
import { firstDifference } from "./first-difference.ts";

const EXACT = { tolerance: 0, volatile: [] };

export interface FindingOptions {
  readonly scale: Scale;
  /** null: damaged. */
  readonly records: readonly RecordedRun[] | null;
  /** Folder with one folder of records a scale. */
  readonly recordsFolder: string;
  readonly figuresFolder: string;
  /** Those of data/claims that name the finding. */
  readonly claims: readonly Claim[];
}

export interface CheckedFinding {
  readonly checks: readonly Check[];
  /** What the records say; none where they say nothing. */
  readonly verdicts: readonly Verdict[];
}

/** Draws and judges one finding again. */
export async function checkFinding(finding: Finding, options: FindingOptions): Promise<CheckedFinding> {
  const { scale, records, recordsFolder, figuresFolder } = options;
  if (records === null) return withoutStudy(finding, options, "the records are damaged");
  let study: Study;
  try {
    const seeds = defaultSeeds(finding, scale);
    study = keptStudy(finding, { scale, seeds, records, folder: recordsFolder });
  } catch (error) {
    if (isLabelfreeError(error, "scale/not-available")) return withoutStudy(finding, options, errorText(error));
    if (isNotKept(error)) return withoutRuns(finding, options, errorText(error));
    return { checks: [broken(finding, "figures", error)], verdicts: [] };
  }
  let verdicts: Verdict[];
  try {
    const analysis = finding.analyse(study);
    verdicts = finding.verdicts(analysis, study);
    const files = await drawReport({ finding, study, analysis, verdicts });
    const compares = compareFiles(figuresFolder, finding, files);
    const checks = [...compares.map((file) => checkFile(file, finding)), ...checkVerdicts(finding, verdicts, options)];
    return { checks, verdicts };
  } catch (error) {
    return { checks: [broken(finding, "verdicts", error)], verdicts: [] };
  }
}

function broken({ name }: Finding, section: "figures" | "verdicts", error: unknown): Check {
  return failed(
    { section, what: `${name}: drawn and judged from the records` },
    "figures and verdicts",
    errorText(error),
  );
}

/** Nothing to hold its files against. */
function withoutStudy({ name }: Finding, { claims }: FindingOptions, why: string): CheckedFinding {
  const checks = [
    notChecked({ section: "figures", what: `${name}: figures` }, why),
    ...claims.map((claim) => notChecked({ section: "verdicts", what: titleOf(claim) }, why)),
  ];
  return { checks, verdicts: [] };
}

/** Not run; but what is drawn or judged without runs in the records has nothing that it follows from. */
function withoutRuns(finding: Finding, options: FindingOptions, message: string): CheckedFinding {
  const why = `not run: ${message}`;
  const files = filesOf(options.figuresFolder, finding);
  if (files.length === 0) return withoutStudy(finding, options, why);
  const { checks } = withoutStudy(finding, options, why);
  const orphans = files.map((name) =>
    failed(
      { section: name === fileOfVerdicts(finding) ? "verdicts" : "figures", what: join(options.figuresFolder, name) },
      "runs in the records that give it",
      message,
    ),
  );
  return { checks: [...orphans, ...checks.filter(({ section }) => section === "verdicts")], verdicts: [] };
}

function checkFile({ path, state, expected }: ComparedFile, finding: Finding): Check {
  const section = basename(path) === fileOfVerdicts(finding) ? "verdicts" : "figures";
  const about = { section, what: path } as const;
  if (expected === null) return failed(about, "no such file", "a file", "the records do not give it");
  const wanted = describeBytes(expected);
  if (state === "missing") return failed(about, wanted, "no such file", "the records give it");
  const found = readFileSync(path);
  if (state === "same") return compared(about, wanted, describeBytes(found));
  const why = "the file is not what the records give";
  if (path.endsWith(".png")) {
    const at = found.findIndex((byte, index) => byte !== expected[index]);
    const first = formatCount(at < 0 ? found.length : at);
    return failed(about, wanted, describeBytes(found), `${why}; the first byte that differs is number ${first}`);
  }
  const [ours, theirs] = [new TextDecoder().decode(expected), found.toString("utf8")];
  const difference = firstDifference(ours, theirs) ?? { expected: wanted, found: describeBytes(found) };
  return failed(about, difference.expected, difference.found, `${why}; where it differs first is shown`);
}

function describeBytes(bytes: Uint8Array): string {
  return `sha256 ${short(hashBytes(bytes))}, ${formatCount(bytes.length)} bytes`;
}

function checkVerdicts(
  finding: Finding,
  judged: readonly Verdict[],
  { scale, figuresFolder, claims }: FindingOptions,
): Check[] {
  const path = join(figuresFolder, fileOfVerdicts(finding));
  let stored: readonly Verdict[];
  try {
    stored = readStoredVerdicts(path, scale);
  } catch (error) {
    const what = `${finding.name}: stored verdicts`;
    return [failed({ section: "verdicts", what }, "verdicts on its claims", errorText(error))];
  }
  const known = new Set(claims.map(({ id }) => id));
  const others = [...new Set([...judged, ...stored].map(({ claim }) => claim))].filter((id) => !known.has(id));
  return [
    ...claims.flatMap((claim) => {
      const named = ({ claim: id }: Verdict) => id === claim.id;
      return checkClaim(claim, judged.find(named), stored.find(named));
    }),
    ...others.map((id) =>
      failed({ section: "verdicts", what: id }, `a claim of ${finding.name} in data/claims`, "a verdict without it"),
    ),
  ];
}

function checkClaim(claim: Claim, judged: Verdict | undefined, stored: Verdict | undefined): Check[] {
  const about = { section: "verdicts", what: titleOf(claim) } as const;
  if (judged === undefined) {
    if (stored === undefined) return [notChecked(about, "not run: the finding does not judge it at this scale")];
    return [failed(about, "no verdict", describeVerdict(stored), "the finding does not judge it")];
  }
  if (stored === undefined) return [failed(about, describeVerdict(judged), "no stored verdict")];
  const now = `${claim.rule.name} ${claim.rule.version}, ${ruleHash(claim)}`;
  const rule = compared(
    { section: "verdicts", what: `${claim.id}: rule, as stored with the verdict` },
    `${stored.rule}, ${stored.ruleHash}`,
    now,
    "the claim's rule is not the one that judged",
  );
  return [rule, checkVerdict(about, judged, stored)];
}

function checkVerdict(about: Pick<Check, "section" | "what">, judged: Verdict, stored: Verdict): Check {
  const [expected, found] = [describeVerdict(judged), describeVerdict(stored)];
  const [first, ...others] = compareJson(JSON.parse(JSON.stringify(judged)), stored, EXACT, (path) => path.join("."));
  if (first === undefined) return compared(about, expected, found);
  const why = "the stored verdict is not what the records give";
  if (expected !== found) return failed(about, expected, found, why);
  const more = others.length === 0 ? "" : `, and in ${others.length} more places`;
  return failed(about, `${first.what}: ${first.expected}`, `${first.what}: ${first.found}`, `${why}${more}`);
}

/** "reproduced: gain on l − gain on xs +12.3 [+8.0, +15.1], n 5" */
export function describeVerdict({ verdict, why, decidedBy }: Verdict): string {
  if (why !== null) return `${verdict}: ${why}`;
  if (decidedBy === null) return verdict;
  const [label, ours] = verdictPartRow(decidedBy);
  return `${verdict}: ${label} ${ours}, n ${decidedBy.n}`;
}

function titleOf({ id, statement }: Claim): string {
  return `${id}: ${statement}`;
}

function fileOfVerdicts({ name }: Finding): string {
  return `${name}-verdicts.json`;
}

/** Claims that no finding of this version judges. */
export function checkOrphanClaims(claims: readonly Claim[], findings: readonly Finding[]): Check[] {
  const names = new Set(findings.map(({ name }) => name));
  return claims
    .filter(({ finding }) => !names.has(finding))
    .map((claim) => {
      const why = `not run: this version has no finding "${claim.finding}", it has ${inList([...names], names.size)}`;
      return notChecked({ section: "verdicts", what: titleOf(claim) }, why);
    });
}
