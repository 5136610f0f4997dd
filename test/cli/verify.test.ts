import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runStudy } from "../../src/findings/study.ts";
import { readRecords, writeRecords } from "../../src/records/run-records.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { MAIN, start, stepsRecorded, until } from "../runs/built-cli.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "../runs/tiny-base.ts";

/** Records of three tiny runs that were really trained. */
async function setUp() {
  const folder = temporaryDirectory();
  const base = saveTinyBase(folder);
  const specs = [1, 2, 3].map((seed) => tinySpec(base, { seed, steps: 3 }));
  const { runs } = await runStudy(specs, "smoke", { root: join(folder, "runs"), jobs: 2 });
  const records = join(folder, "records");
  writeRecords(join(records, "smoke"), runs);
  const verify = (...words: readonly string[]) =>
    start([MAIN, "verify", "--scale", "smoke", "--records", records, ...words]).ended;
  const change = (seed: number, to: (run: RecordedRun) => RecordedRun) =>
    writeRecords(
      join(records, "smoke"),
      runs.map((run) => (run.result.run.seed === seed ? to(run) : run)),
    );
  return { records, runs, verify, change };
}

describe("labelfree verify", () => {
  it("trains a sample of the recorded runs again and finds the same bits", async () => {
    const { verify, runs } = await setUp();
    const { code, stdout } = await verify("--sample", "2", "--json");
    expect(code).toBe(0);
    const line: { ok: boolean; recorded: number; runs: { key: string; changed: string[]; ok: boolean }[] } =
      JSON.parse(stdout);
    expect(line).toMatchObject({ ok: true, recorded: 3 });
    expect(line.runs).toHaveLength(2);
    const keys = runs.map(({ result }) => result.key);
    expect(line.runs.every(({ key, changed, ok }) => keys.includes(key) && changed.length === 0 && ok)).toBe(true);
    expect((await verify("--sample", "2", "--json")).stdout).toBe(stdout);
  });

  it("fails on one number and on other weights, and says where", async () => {
    const { verify, change } = await setUp();
    change(2, (run) => ({
      ...run,
      steps: run.steps.map((row) =>
        row.step === 3 ? { ...row, entropy: (row.entropy as number) * (1 + 2 ** -52) } : row,
      ),
    }));
    const oneNumber = await verify();
    expect(oneNumber.code).toBe(1);
    expect(oneNumber.stdout).toContain("step 3: entropy, expected ");
    expect(oneNumber.stdout).toContain("2 of 3 runs have the recorded bits");
    change(3, (run) => ({ ...run, result: { ...run.result, weightsHash: "0".repeat(64) } }));
    const { code, stdout } = await verify("--sample", "3");
    expect(code).toBe(1);
    expect(stdout).toContain("weightsHash, expected ");
  });

  it("compares the bits of a run that other sources made, and says that they did", async () => {
    const { verify, change } = await setUp();
    change(1, (run) => ({ ...run, result: { ...run.result, key: "e".repeat(64), source: "f".repeat(64) } }));
    const { code, stdout } = await verify();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^eeeeeeeeeeeeeeee .* ok, .*recorded with another source/m);
  });

  it("names a run that cannot be trained any more", async () => {
    const { verify, change } = await setUp();
    change(1, (run) => ({
      ...run,
      result: { ...run.result, run: { ...run.result.run, base: { checkpoint: "/none" } } },
    }));
    const { code, stderr } = await verify();
    expect(code).toBe(1);
    expect(stderr).toContain("/none");
  });

  it("ends with 130 when it is stopped, and leaves nothing behind", async () => {
    const folder = temporaryDirectory();
    const records = join(folder, "records");
    const base = saveTinyBase(folder);
    const { runs } = await runStudy([tinySpec(base, { steps: 400 })], "smoke", { root: join(folder, "runs"), jobs: 1 });
    writeRecords(join(records, "smoke"), runs);
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(process.execPath, [MAIN, "verify", "--scale", "smoke", "--records", records], { env });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const hasBegun = () => readdirSync(temporary).some((name) => stepsRecorded(join(temporary, name)) > 0);
    await until(hasBegun, "a step was recorded", 60_000);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("needs records", async () => {
    const folder = temporaryDirectory();
    expect(await readRecords(folder)).toEqual([]);
    const { code, stderr } = await start([MAIN, "verify", "--records", folder]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("--save-records");
  });
});
