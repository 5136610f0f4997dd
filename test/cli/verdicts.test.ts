import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { loadClaims } from "../../src/findings/claim.ts";
import { loadCollapseClaims } from "../../src/findings/collapse/claims.ts";
import { toVerdict } from "../../src/findings/verdict.ts";
import { MAIN, start } from "../runs/built-cli.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";

interface Line {
  readonly scale: string;
  readonly claims: readonly {
    readonly claim: string;
    readonly state: string;
    readonly verdict: { readonly why: string | null; readonly parts: readonly object[] };
    readonly figures: readonly string[];
  }[];
  readonly changed: readonly string[];
  readonly audit?: { readonly numbers: readonly object[] };
}

const verdicts = (...words: readonly string[]) => start([MAIN, "verdicts", ...words]).ended;

let out: string;
beforeEach(() => {
  out = temporaryDirectory();
});

function storeVerdict(hash?: string): void {
  const part = { label: "part", estimate: 0.1, low: 0.05, high: 0.2, n: 5, verdict: "reproduced", paper: [] } as const;
  const { ability } = loadCollapseClaims();
  const outcome = { scale: "micro", verdict: "reproduced", sideMeasures: [], notes: [] } as const;
  const verdict = toVerdict(ability, { ...outcome, decidedBy: part, parts: [part] });
  mkdirSync(join(out, "figures"));
  const stored = { provenance: { scale: "micro" }, verdicts: [{ ...verdict, ruleHash: hash ?? verdict.ruleHash }] };
  writeFileSync(join(out, "figures", "collapse-verdicts.json"), JSON.stringify(stored));
}

describe("labelfree verdicts", () => {
  it("prints every claim, with a number or the reason why there is none, as one line of JSON", async () => {
    storeVerdict();
    const { code, stdout, stderr } = await verdicts("--out", out, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const line: Line = JSON.parse(stdout);
    expect(line.claims.map(({ claim }) => claim)).toEqual(loadClaims().map(({ id }) => id));
    for (const { claim, verdict } of line.claims) {
      expect(verdict.parts.length > 0 || verdict.why !== null, claim).toBe(true);
    }
    expect(line.claims[0]).toMatchObject({ claim: "claim-1", state: "judged" });
    expect(line.changed).toEqual([]);
    expect(line.audit).toBeUndefined();
  });

  it("says in its text which command runs a claim that was not run, and exits 0", async () => {
    const { code, stdout } = await verdicts("--out", out, "--scale", "smoke");
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, " ")).toContain(`labelfree reproduce collapse --scale smoke --out ${out} makes it`);
  });

  it("exits 1 for a claim whose rule has changed since its verdict was stored, and names it", async () => {
    storeVerdict("0".repeat(64));
    const { code, stdout, stderr } = await verdicts("--out", out);
    expect(code).toBe(1);
    expect(stderr).toContain("the rules of claim-1 have changed");
    expect(stdout.replace(/\s+/g, " ")).toContain("rule changed since: now gain-grows-with-ability");
  });

  it("exits 1 and says what to do for a damaged file", async () => {
    storeVerdict();
    const path = join(out, "figures", "collapse-verdicts.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"estimate":0.1', '"estimate":null'));
    const { code, stderr } = await verdicts("--out", out);
    expect(code).toBe(1);
    expect(stderr).toContain("labelfree reproduce writes it anew");
  });

  it("adds the audit of the paper's own numbers when asked", async () => {
    const [text, json] = await Promise.all([
      verdicts("--out", out, "--audit"),
      verdicts("--out", out, "--audit", "--json"),
    ]);
    expect(text.stdout).toContain("not attainable with one sample per item");
    expect((JSON.parse(json.stdout) as Line).audit?.numbers).toHaveLength(30);
  });
});
