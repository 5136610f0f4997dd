// A reproducibility review: everything that is kept held against what it follows from, weights before runs, runs before
// figures, figures and rules before verdicts. It only reads; a finding, a file or a notebook that breaks is a row of it.

import { join } from "node:path";
import { LabelfreeError } from "../core/errors.ts";
import type { Claim } from "../findings/claim.ts";
import type { Finding } from "../findings/finding.ts";
import { auditPaper, type PaperAudit } from "../findings/paper-audit.ts";
import type { Scale } from "../findings/scale.ts";
import type { Verdict } from "../findings/verdict.ts";
import { timeStamp } from "../runs/environment.ts";
import type { KernelChoice } from "../workbook/kernel-choice.ts";
import type { Notebook } from "../workbook/notebook.ts";
import { type Check, errorText, failed, guarded, type Outcome, type Section } from "./check.ts";
import { checkBases, checkCheckpoints } from "./check-checkpoints.ts";
import { checkCommitted } from "./check-commit.ts";
import { checkFinding, checkOrphanClaims, describeVerdict } from "./check-finding.ts";
import { checkKeptData } from "./check-kept-data.ts";
import { checkNotebooks } from "./check-notebooks.ts";
import { checkRecords } from "./check-records.ts";
import { checkTraining } from "./check-training.ts";
import { type ReviewEnvironment, reviewEnvironment } from "./review-environment.ts";

export interface ReviewOptions {
  readonly scale: Scale;
  readonly findings: readonly Finding[];
  readonly loadClaims: () => readonly Claim[];
  /** Folder with one folder of records a scale. */
  readonly records: string;
  readonly checkpoints: string;
  readonly notebooks: string;
  /** Folder of a finding's figures. */
  readonly figuresOf: (finding: Finding) => string;
  /** Files and folders that should be as they were committed. */
  readonly committed: readonly string[];
  /** How many runs to train again; 0 makes nothing again. */
  readonly sample: number;
  readonly seed: number;
  readonly jobs: number;
  readonly kernelOf: (notebook: Notebook) => KernelChoice;
  readonly signal?: AbortSignal;
  readonly onStart?: (section: Section, note: string) => void;
  readonly onEnd?: (section: Section, checks: readonly Check[]) => void;
  readonly onNotice?: (text: string) => void;
}

/** A claim with what the records say on it now. */
export interface ReviewedClaim extends Pick<Claim, "finding" | "statement" | "place"> {
  readonly claim: string;
  readonly verdict: Verdict["verdict"];
  readonly detail: string;
}

export interface Review {
  readonly format: 1;
  /** When it ended, ISO 8601 in UTC. */
  readonly at: string;
  readonly scale: Scale;
  readonly sample: number;
  readonly seed: number;
  /** No check failed. */
  readonly ok: boolean;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly environment: ReviewEnvironment;
  readonly checks: readonly Check[];
  readonly claims: readonly ReviewedClaim[];
  /** About the paper, not about this study: it decides nothing. */
  readonly audit: PaperAudit | null;
}

/**
 * Makes all checks; what fails is a row.
 * @throws LabelfreeError `run/interrupted` after the signal.
 */
export async function review(options: ReviewOptions): Promise<Review> {
  const { scale, findings, records: recordsFolder, sample, seed, jobs, signal, onStart, onEnd, onNotice } = options;
  const folder = join(recordsFolder, scale);
  const checks: Check[] = [];
  const goOn = () => {
    if (signal?.aborted) throw new LabelfreeError("run/interrupted", "review: stopped; it keeps nothing");
  };
  const begin = async (section: Section, note: string): Promise<void> => {
    onStart?.(section, note);
    await new Promise((resolve) => setImmediate(resolve)); // a signal comes through
    goOn();
  };
  const end = (section: Section, made: readonly Check[]): void => {
    checks.push(...made);
    onEnd?.(section, made);
  };

  await begin("committed files", "");
  end("committed files", checkCommitted(options.committed));

  await begin("records", folder);
  const { checks: ofRecords, records } = await checkRecords(folder);
  end("records", ofRecords);

  await begin("base checkpoints", options.checkpoints);
  end("base checkpoints", [...checkCheckpoints(options.checkpoints), ...checkBases(records ?? [])]);

  await begin("training", sample === 0 ? "none" : `${Math.min(sample, records?.length ?? 0)} runs`);
  const training = await checkTraining(records ?? [], {
    ...{ scale, sample, seed, jobs },
    ...(signal === undefined ? {} : { signal }),
    ...(onNotice === undefined ? {} : { onNotice }),
    onProgress: ({ stepsDone, stepsTotal }) => onStart?.("training", `step ${stepsDone} of ${stepsTotal}`),
  });
  end("training", training);

  await begin("kept data", "");
  const keptOptions = { folder, scale, isMade: sample > 0, onNotice: (text: string) => onStart?.("kept data", text) };
  end("kept data", await checkKeptData(findings, { ...keptOptions, goOn }));

  const claims: Claim[] = [];
  const ofClaims = await guarded({ section: "verdicts", what: "the claims" }, "claims that can be read", () => {
    claims.push(...options.loadClaims());
    return [];
  });
  const verdicts: Verdict[] = [];
  const ofFindings: Check[] = [...ofClaims, ...checkOrphanClaims(claims, findings)];
  for (const finding of findings) {
    await begin("figures", finding.name);
    const own = claims.filter((claim) => claim.finding === finding.name);
    const figuresFolder = options.figuresOf(finding);
    const checked = await checkFinding(finding, { scale, records, recordsFolder, figuresFolder, claims: own });
    ofFindings.push(...checked.checks);
    verdicts.push(...checked.verdicts);
  }
  for (const section of ["figures", "verdicts"] as const) {
    end(
      section,
      ofFindings.filter((check) => check.section === section),
    );
  }

  await begin("notebooks", options.notebooks);
  const { kernelOf } = options;
  const onNotebook = (path: string) => {
    goOn();
    onStart?.("notebooks", path);
  };
  const ofNotebooks = await checkNotebooks(options.notebooks, {
    ...{ kernelOf, onNotebook },
    ...(signal === undefined ? {} : { signal }),
  });
  end("notebooks", ofNotebooks);

  const { check, audit } = checkPaper();
  end("paper", [check]);
  goOn();

  const counts = { passed: 0, failed: 0, "not checked": 0 };
  for (const { verdict } of checks) counts[verdict]++;
  return {
    format: 1,
    at: timeStamp(),
    ...{ scale, sample, seed, ok: counts.failed === 0, counts },
    environment: reviewEnvironment(),
    checks,
    claims: claims.map((claim) => toReviewed(claim, verdicts)),
    audit,
  };
}

function checkPaper(): { readonly check: Check; readonly audit: PaperAudit | null } {
  const about = { section: "paper", what: "the paper's printed numbers" } as const;
  try {
    const audit = auditPaper();
    const outcomes = [...new Set(audit.numbers.map(({ outcome }) => outcome))];
    const counts = outcomes.map((kind) => `${audit.numbers.filter(({ outcome }) => outcome === kind).length} ${kind}`);
    const why = `${counts.join(", ")}; this is about the paper, and decides nothing here`;
    const all = `${audit.numbers.length} numbers audited`;
    return { check: { ...about, expected: all, found: all, verdict: "passed", why }, audit };
  } catch (error) {
    return { check: failed(about, "numbers that can be read", errorText(error)), audit: null };
  }
}

function toReviewed({ id, finding, statement, place }: Claim, verdicts: readonly Verdict[]): ReviewedClaim {
  const verdict = verdicts.find(({ claim }) => claim === id);
  const about = { claim: id, finding, statement, place };
  if (verdict === undefined) return { ...about, verdict: "not run", detail: "the records do not judge it" };
  return { ...about, verdict: verdict.verdict, detail: describeVerdict(verdict).replace(`${verdict.verdict}: `, "") };
}
