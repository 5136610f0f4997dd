// Every claim of data/claims with the verdict that is stored for it. Nothing is judged here: `reproduce` and `figures`
// judge and store, and a stored verdict holds only for the rule that its hash names. A claim's state is
//   judged        the stored verdict is that of the claim's present rule
//   rule changed  it is that of another rule: it is shown, and flagged
//   not run       there is none
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Claim } from "./claim.ts";
import { loadClaims, ruleHash } from "./claim.ts";
import { knownPaperNumbers } from "./known-paper-numbers.ts";
import { readStoredVerdicts } from "./stored-verdicts.ts";
import type { Verdict } from "./verdict.ts";
import { notRun } from "./verdict.ts";

export interface ClaimReport {
  readonly claim: Claim;
  readonly state: "judged" | "rule changed" | "not run";
  /** As stored; for a claim that was not run one that says why. */
  readonly verdict: Verdict;
  /** Hash of the claim's present rule; the stored verdict's own is in the verdict. */
  readonly ruleHash: string;
  /** What is known of the paper's numbers, in words. */
  readonly paperNumbers: readonly string[];
  /** SVG files that show it. */
  readonly figures: readonly string[];
  /** The command that runs it, or runs it again. */
  readonly command: string;
}

export interface StoredStudy {
  /** Folder of the study's figures and verdicts. */
  readonly folder: string;
  /** The command that makes it. */
  readonly command: string;
}

/**
 * A report on each claim; `studyOf` says where a finding's study is stored, null for a finding that there is not.
 * @throws LabelfreeError `claim/invalid`, `verdicts/invalid` or `file/...`.
 */
export function reportClaims(
  scale: string,
  studyOf: (finding: string) => StoredStudy | null,
  claims: readonly Claim[] = loadClaims(),
): ClaimReport[] {
  const stored = new Map<string, readonly Verdict[]>();
  return claims.map((claim) => {
    const study = studyOf(claim.finding);
    const about = { claim, ruleHash: ruleHash(claim), paperNumbers: knownPaperNumbers(claim) };
    const missing = (why: string, figures: readonly string[], command: string): ClaimReport => {
      return { ...about, state: "not run", verdict: notRun(claim, scale, why), figures, command };
    };
    if (study === null) return missing(`this version has no finding "${claim.finding}"`, [], "none");
    const { folder, command } = study;
    const path = join(folder, `${claim.finding}-verdicts.json`);
    if (!existsSync(path)) return missing(`${path} is not there; ${command} makes it`, [], command);
    if (!stored.has(path)) stored.set(path, readStoredVerdicts(path, scale));
    const figures = figuresOf(folder, claim.finding);
    const verdict = stored.get(path)?.find((candidate) => candidate.claim === claim.id);
    if (verdict === undefined) return missing(`${path} does not judge it; ${command} does`, figures, command);
    const state = verdict.ruleHash !== about.ruleHash ? "rule changed" : stateOf(verdict);
    return { ...about, state, verdict, figures, command };
  });
}

function stateOf({ verdict }: Verdict): "judged" | "not run" {
  return verdict === "not run" ? "not run" : "judged";
}

function figuresOf(folder: string, finding: string): string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${finding}-`) && name.endsWith(".svg"));
  return names.sort().map((name) => join(folder, name));
}
