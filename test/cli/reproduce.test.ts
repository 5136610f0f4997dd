import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/runs/package-root.ts";
import type { Ended } from "../runs/built-cli.ts";
import { MAIN, start, until } from "../runs/built-cli.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";

const hasTiers = ["xs-1", "l-1"].every((name) => existsSync(packagePath("data", "checkpoints", name)));

const reproduce = (...words: readonly string[]) => start([MAIN, "reproduce", ...words]);
const smoke = (out: string, ...more: readonly string[]) =>
  reproduce("collapse", "--scale", "smoke", "--out", out, ...more);

const lineOf = ({ code, stdout, stderr }: Ended) => {
  expect(stderr).not.toContain("rror");
  expect(code).toBe(0);
  const line: { verdicts: { claim: string; verdict: string }[]; files: string[]; runs: string[] } = JSON.parse(stdout);
  return line;
};

const figuresIn = (out: string) =>
  Object.fromEntries(
    readdirSync(join(out, "figures", "smoke")).map((name) => [
      name,
      readFileSync(join(out, "figures", "smoke", name), "base64"),
    ]),
  );

describe("labelfree reproduce", () => {
  it("names the findings for an unknown one, as wrong usage", async () => {
    const { code, stderr } = await reproduce("colapse").ended;
    expect(code).toBe(2);
    expect(stderr).toContain("collapse");
  });

  it("says at paper scale what it would need", async () => {
    const { code, stderr } = await reproduce("collapse", "--scale", "paper").ended;
    expect(code).toBe(1);
    expect(stderr).toContain("Qwen2.5-0.5B");
  });
});

describe.skipIf(!hasTiers)("labelfree reproduce collapse (needs data/checkpoints of tiers xs and l)", () => {
  it("trains, draws, judges; later it only reads, from its runs or from records, with the same bytes", {
    timeout: 240_000,
  }, async () => {
    const out = temporaryDirectory();
    const records = ["--records", join(out, "records")];
    const line = lineOf(await smoke(out, "--json", "--save-records", ...records).ended);
    expect(line.runs).toHaveLength(8);
    expect(line.verdicts.map(({ claim }) => claim)).toEqual(["claim-1", "claim-2", "claim-6"]);
    expect(line.files.every((file) => existsSync(file))).toBe(true);
    const figures = figuresIn(out);
    const text = await smoke(out).ended;
    expect(text.stderr).toContain("8 of 8 runs done");
    expect(text.stdout).toContain("INCONCLUSIVE AT THIS N at smoke scale");
    expect(figuresIn(out)).toEqual(figures);

    const elsewhere = temporaryDirectory();
    const fromRecords = await smoke(elsewhere, "--json", ...records).ended;
    expect(fromRecords.stderr).toContain("8 of 8 runs come from the records");
    expect(lineOf(fromRecords).runs).toEqual(line.runs);
    expect(existsSync(join(elsewhere, "runs"))).toBe(false);
    expect(figuresIn(elsewhere)).toEqual(figures);
    const check = start([MAIN, "figures", "collapse", "--scale", "smoke", "--check", "--out", elsewhere, ...records]);
    expect(await check.ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("goes on after an interruption, to the same bytes, and exits 130 for it", { timeout: 240_000 }, async () => {
    const [out, undisturbed] = [temporaryDirectory(), temporaryDirectory()];
    const { child, ended, stderr } = smoke(out);
    await until(
      () => existsSync(join(out, "runs")) && readdirSync(join(out, "runs")).length > 1,
      "two runs began",
      60_000,
    );
    child.kill("SIGINT");
    const { code } = await ended;
    expect(code).toBe(130);
    expect(stderr()).toContain("start it again to go on from there");
    expect(existsSync(join(out, "figures"))).toBe(false);
    lineOf(await smoke(out, "--json").ended);
    lineOf(await smoke(undisturbed, "--json").ended);
    expect(figuresIn(out)).toEqual(figuresIn(undisturbed));
  });
});
