// The built command on a copy of the package, so that what it finds does not depend on the study kept in this one.

import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runStudy } from "../../src/findings/study.ts";
import { writeRecords } from "../../src/records/run-records.ts";
import type { Review } from "../../src/review/review.ts";
import { packagePath } from "../../src/runs/package-root.ts";
import { start, stepsRecorded, until } from "../runs/built-cli.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "../runs/tiny-base.ts";

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "labelfree-copy-"));
  const parts = ["package.json", "dist", "src", "build", "data/claims"];
  for (const part of parts) cpSync(packagePath(part), join(copy, part), { recursive: true });
  symlinkSync(packagePath("node_modules"), join(copy, "node_modules"));
}, 120_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const main = () => join(copy, "dist", "cli", "main.js");
const review = (cwd: string, ...words: readonly string[]) => start([main(), "review", ...words], { cwd }).ended;

describe("labelfree review", () => {
  it("writes the page and its JSON, prints the path, and exits 0 where nothing fails", async () => {
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await review(cwd, "--scale", "smoke");
    expect(code, stdout + stderr).toBe(0);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(join("review", "review.html"));
    expect(stderr).toContain("notebooks: 1 not checked");
    const stored: Review = JSON.parse(readFileSync(join(cwd, "review", "review.json"), "utf8"));
    expect(stored).toMatchObject({ ok: true, scale: "smoke", sample: 3, seed: 1, environment: { git: null } });
    expect(readFileSync(join(cwd, "review", "review.html"), "utf8")).toContain("Reproducibility review");
    expect(readdirSync(join(cwd, "review")).sort()).toEqual(["review.html", "review.json"]);
  });

  it("exits 1 for a verdict without runs, and prints the same report as one line of JSON", async () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "figures", "smoke"), { recursive: true });
    writeFileSync(join(cwd, "figures", "smoke", "collapse-verdicts.json"), "{}");
    const { code, stdout } = await review(cwd, "--scale", "smoke", "--sample", "0", "--out", "here", "--json");
    expect(code).toBe(1);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    const printed: Review = JSON.parse(stdout);
    expect(printed).toEqual(JSON.parse(readFileSync(join(cwd, "here", "review.json"), "utf8")));
    expect(printed.checks.filter(({ verdict }) => verdict === "failed")).toMatchObject([
      { section: "verdicts", expected: "runs in the records that give it" },
    ]);
  });

  it("ends with 130 when it is stopped, and leaves nothing behind", async () => {
    const cwd = temporaryDirectory();
    const base = saveTinyBase(cwd);
    const { runs } = await runStudy([tinySpec(base, { steps: 400 })], "smoke", { root: join(cwd, "runs"), jobs: 1 });
    writeRecords(join(cwd, "records", "smoke"), runs);
    const temporary = join(cwd, "tmp");
    mkdirSync(temporary);
    const words = [main(), "review", "--scale", "smoke", "--records", join(cwd, "records")];
    const child = spawn(process.execPath, words, { cwd, env: { ...process.env, TMPDIR: temporary } });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const hasBegun = () => readdirSync(temporary).some((name) => stepsRecorded(join(temporary, name)) > 0);
    await until(hasBegun, "a step was recorded", 100_000);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
    expect(existsSync(join(cwd, "review"))).toBe(false);
  }, 180_000);
});
