import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { loadAblationClaim } from "../../src/findings/ablation/claims.ts";
import { loadClaims, ruleHash } from "../../src/findings/claim.ts";
import type { ClaimReport } from "../../src/findings/claim-reports.ts";
import { reportClaims } from "../../src/findings/claim-reports.ts";
import { claimTable } from "../../src/findings/claim-table.ts";
import { loadCollapseClaims } from "../../src/findings/collapse/claims.ts";
import { auditPaper } from "../../src/findings/paper-audit.ts";
import { paperAuditTable } from "../../src/findings/paper-audit-table.ts";
import type { Verdict } from "../../src/findings/verdict.ts";
import { notRun, toVerdict } from "../../src/findings/verdict.ts";
import { loadDifficultyClaim } from "../../src/findings/difficulty/claims.ts";
import { loadLengthClaims } from "../../src/findings/length/claims.ts";
import { loadTransferClaim } from "../../src/findings/main-table/claims.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";

const claims = loadClaims();
const { ability, fall, improvement } = loadCollapseClaims();

const part = {
  label: "TTRL: gain on l − gain on xs",
  estimate: 0.25,
  low: 0.2,
  high: 0.3,
  n: 5,
  verdict: "reproduced",
  paper: [],
} as const;
const judged = (claim: Parameters<typeof toVerdict>[0]): Verdict =>
  toVerdict(claim, {
    scale: "micro",
    verdict: "reproduced",
    decidedBy: part,
    parts: [part],
    sideMeasures: [],
    notes: [],
  });

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});

const store = (verdicts: readonly object[], scale = "micro") =>
  writeFileSync(join(folder, "collapse-verdicts.json"), JSON.stringify({ provenance: { scale }, verdicts }));
const report = (): ClaimReport[] =>
  reportClaims("micro", (finding) =>
    finding === "collapse" || finding === "ablation" ? { folder, command: `labelfree reproduce ${finding}` } : null,
  );
const reportOn = (id: string): ClaimReport => report().find(({ claim }) => claim.id === id)!;

describe("the claims of data/claims", () => {
  test("are all read, in order of number, with the hashes that the findings' own loaders give", () => {
    const ids = claims.map(({ id }) => id);
    const numbers = ids.map((id) => Number(id.replace("claim-", "")));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const others = [
      ...Object.values(loadLengthClaims()),
      loadDifficultyClaim(),
      loadAblationClaim(),
      loadTransferClaim(),
    ];
    for (const own of [ability, fall, improvement, ...others]) {
      expect(ruleHash(claims.find(({ id }) => id === own.id)!), own.id).toBe(ruleHash(own));
    }
  });
});

describe("a report on the claims", () => {
  test("names no claim without a number or a reason, and none without what is known of the paper's numbers", () => {
    store([judged(ability), notRun(fall, "micro", "no run of ttrl on xs in this sweep")]);
    const reports = report();
    expect(reports.map(({ claim }) => claim.id)).toEqual(claims.map(({ id }) => id));
    for (const { verdict, paperNumbers, ruleHash: hash } of reports) {
      if (verdict.verdict === "not run") expect(verdict.why).toMatch(/\w{3}/);
      else expect(verdict.parts.every(({ estimate, n }) => Number.isFinite(estimate) && n > 0)).toBe(true);
      expect(paperNumbers.join()).toMatch(/\d|^no number of the paper answers it$|: unknown$/);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
    const states = Object.fromEntries(reports.map(({ claim, state }) => [claim.id, state]));
    expect(states).toMatchObject({ "claim-1": "judged", "claim-2": "not run", "claim-6": "not run" });
  });

  test("says why a claim was not run, and which command runs it", () => {
    store([judged(ability)]);
    expect(reportOn("claim-2").verdict.why).toBe(
      `${join(folder, "collapse-verdicts.json")} does not judge it; labelfree reproduce collapse does`,
    );
    expect(reportOn("claim-7").verdict.why).toBe(
      `${join(folder, "ablation-verdicts.json")} is not there; labelfree reproduce ablation makes it`,
    );
    const unknown = reportClaims("micro", () => null, [{ ...ability, finding: "magic" }]);
    expect(unknown[0].verdict.why).toBe('this version has no finding "magic"');
  });

  test("flags a verdict of another rule, and still shows it", () => {
    store([judged(ability), { ...judged(fall), ruleHash: "0".repeat(64) }]);
    const { state, verdict, ruleHash: present } = reportOn("claim-2");
    expect(state).toBe("rule changed");
    expect(verdict.verdict).toBe("reproduced");
    expect(present).toBe(ruleHash(fall));
    const text = claimTable(report(), 100);
    expect(text.replace(/\s+/g, " ")).toContain("rule changed since: now weakest-falls-below-base 1, 711f71a4e216;");
    expect(text).toContain("CHANGED");
  });

  test("names the figures of the finding, and only those that are there", () => {
    store([judged(ability)]);
    for (const name of ["collapse-b.svg", "collapse-a.svg", "collapse-a.png", "length-a.svg"]) {
      writeFileSync(join(folder, name), "");
    }
    expect(reportOn("claim-1").figures).toEqual(["collapse-a.svg", "collapse-b.svg"].map((name) => join(folder, name)));
    expect(reportOn("claim-7").figures).toEqual([]);
  });

  test("refuses a damaged file, one of another scale, and a verdict without its numbers", () => {
    store([judged(ability)], "smoke");
    expect(report).toThrow("got verdicts at smoke scale, expected micro; labelfree reproduce writes it anew");
    store([{ ...judged(ability), parts: [] }]);
    expect(report).toThrow("a verdict needs its numbers, one that was not run its reason");
    store([{ ...judged(ability), verdict: "not run" }]);
    expect(report).toThrow(expect.objectContaining({ code: "verdicts/invalid" }));
    writeFileSync(join(folder, "collapse-verdicts.json"), "{");
    expect(report).toThrow(expect.objectContaining({ code: "file/not-json" }));
  });
});

describe("the claims as text", () => {
  test("have every claim in the overview and in full, in lines of the width asked for", () => {
    store([judged(ability)]);
    const text = claimTable(report(), 110).replaceAll("\u00a0", " ");
    for (const { id, rule } of claims) {
      expect(text.match(new RegExp(`^${id}\\b`, "gm")), id).toHaveLength(2);
      expect(text).toContain(`rule ${rule.name} ${rule.version}, `);
    }
    expect(text).toContain(`1 of ${claims.length} claims judged: 1 reproduced; ${claims.length - 1} not run`);
    expect(text).toContain("+25.0 [+20.0, +30.0]");
    expect(text).toContain("without curriculum 20.1");
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(110);
  });

  test("the audit's wording is never stronger than that one sample per item cannot give a value", () => {
    const text = paperAuditTable(auditPaper(), 110);
    expect(text.match(/ not attainable with one sample per item$/gm)).toHaveLength(6);
    expect(text).toContain("55/198, attainable if cut off, not rounded");
    expect(text).not.toMatch(/impossible|wrong|error|false/i);
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(110);
  });
});
