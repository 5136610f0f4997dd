import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collapseSweep } from "../../src/findings/collapse/sweep.ts";
import { writeRecords } from "../../src/records/run-records.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { toRunKey } from "../../src/runs/run-key.ts";
import { toRun } from "../../src/runs/spec.ts";
import { plausibleSweep } from "../findings/synthetic-records.ts";
import { MAIN, start } from "../runs/built-cli.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";

const figures = (...words: readonly string[]) => start([MAIN, "figures", ...words]).ended;
const INGREDIENTS = { base: "b", data: "d", kernels: "k", source: "s" };

/** Records of the collapse finding at smoke scale as if they had been trained, by sources that never were. */
function plausibleRecords(): RecordedRun[] {
  const records = plausibleSweep({ seeds: 1, steps: 6, everySteps: 3, tiers: ["xs", "l"] });
  return collapseSweep({ scale: "smoke", seeds: 1 }).map((spec) => {
    const run = toRun(spec);
    const key = toRunKey(run, INGREDIENTS);
    const record = records.find(({ tier, method }) => tier === spec.base?.tier && method === spec.method);
    const { steps, evaluations } = record ?? { steps: [], evaluations: [] };
    return {
      result: {
        ...key,
        run,
        ...{ steps: 6, totalSteps: 6, hasDiverged: false, resumedFrom: null, weightsHash: "w", collapse: null },
        metrics: steps.at(-1) ?? null,
        evaluations: { first: evaluations.at(0) ?? null, last: evaluations.at(-1) ?? null },
      },
      steps,
      evaluations,
    };
  });
}

function setUp() {
  const folder = temporaryDirectory();
  const [records, out] = [join(folder, "records"), join(folder, "out")];
  writeRecords(join(records, "smoke"), plausibleRecords());
  const words = ["collapse", "--scale", "smoke", "--records", records, "--out", out];
  return { records, out, words, drawn: join(out, "figures", "smoke") };
}

describe("labelfree figures", () => {
  it("draws a finding from the records, says that other sources made them, and finds its files unchanged", async () => {
    const { words, drawn } = setUp();
    const first = await figures(...words, "--json");
    expect(first.code).toBe(0);
    expect(first.stderr).toContain("8 of 8 runs of the records were made by other sources");
    const { files }: { files: { path: string; state: string }[] } = JSON.parse(first.stdout);
    expect(files).toHaveLength(11);
    expect(files.every(({ path }) => path.startsWith(drawn) && existsSync(path))).toBe(true);
    const check = await figures(...words, "--check");
    expect(check.code).toBe(0);
    expect(check.stdout).toContain("11 of 11 files are what the records give");
  });

  it("fails on a changed byte, a missing file and one too many, names them, and writes nothing", async () => {
    const { words, drawn } = setUp();
    await figures(...words);
    const [changed, gone] = [join(drawn, "collapse-accuracy.png"), join(drawn, "collapse-levels.svg")];
    const bytes = readFileSync(changed);
    bytes[bytes.length - 20] ^= 1;
    writeFileSync(changed, bytes);
    rmSync(gone);
    writeFileSync(join(drawn, "collapse-old.svg"), "");
    const { code, stdout } = await figures(...words, "--check");
    expect(code).toBe(1);
    expect(stdout).toContain(`differs  ${changed}`);
    expect(stdout).toContain(`missing  ${gone}`);
    expect(stdout).toContain(`extra    ${join(drawn, "collapse-old.svg")}`);
    expect(stdout).toContain("9 of 12 files");
    expect(readFileSync(changed).equals(bytes)).toBe(true);
    expect(existsSync(gone)).toBe(false);
  });

  it("fails when one number of the records changes", async () => {
    const { words, records } = setUp();
    await figures(...words);
    const [first, ...others] = plausibleRecords();
    const evaluations = first.evaluations.map((row) => ({ ...row, "eval/math-like/accuracy": 0.123 }));
    writeRecords(join(records, "smoke"), [{ ...first, evaluations }, ...others]);
    const { code, stdout } = await figures(...words, "--check");
    expect(code).toBe(1);
    expect(stdout).toContain("collapse-accuracy.svg");
  });

  it("says which runs the records lack and what adds them", async () => {
    const { words } = setUp();
    const { code, stderr } = await figures(...words, "--seeds", "2");
    expect(code).toBe(1);
    expect(stderr).toContain("collapse, records: got 8 of 16 runs");
    expect(stderr).toContain("labelfree reproduce collapse --scale smoke --seeds 2 --save-records");
  });
});

describe("labelfree figures --inspect", () => {
  it("prints scale, code, rules and run keys of an SVG and of a PNG", async () => {
    const { words, drawn } = setUp();
    await figures(...words);
    const keys = plausibleRecords().map(({ result }) => result.key);
    const [svg, png] = await Promise.all(
      ["svg", "png"].map((ending) => figures("--inspect", join(drawn, `collapse-accuracy.${ending}`))),
    );
    expect(svg.code).toBe(0);
    for (const part of ["scale      smoke", "claim-1", /code {7}[0-9a-f]{64}/]) expect(svg.stdout).toMatch(part);
    for (const key of keys) expect(svg.stdout).toContain(key);
    expect(png.stdout).toBe(svg.stdout);
    const json = await figures("--inspect", join(drawn, "collapse-levels.png"), "--json");
    expect(JSON.parse(json.stdout).runKeys).toEqual(keys.sort());
  });

  it("says when a file is none of ours, or not there", async () => {
    const folder = temporaryDirectory();
    const [plain, text] = [join(folder, "plain.svg"), join(folder, "text.svg")];
    writeFileSync(plain, "<svg></svg>");
    writeFileSync(text, "no figure");
    for (const [path, message] of [
      [plain, "without provenance"],
      [text, "expected an SVG or a PNG"],
      [join(folder, "none.svg"), "no such file"],
      [folder, "directory"],
    ]) {
      const { code, stderr } = await figures("--inspect", path);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
      expect(stderr).toContain(path);
    }
  });
});
