import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readNotebook } from "../../src/workbook/notebook-file.ts";
import { progressOf } from "../../src/workbook/notebook-progress.ts";
import { MAIN, type Started, start, until } from "../runs/built-cli.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";
import { codeOf, notebookOf, save, textOf } from "../workbook/notebooks.ts";

const begin = (...words: readonly string[]): Started => start([MAIN, "notebook", ...words]);
const notebook = (...words: readonly string[]) => begin(...words).ended;
const textsIn = (path: string) => codeOf(readNotebook(path)).map(textOf);

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});

const SLOW = [
  "let total = 40; total",
  "console.log('waits'); await new Promise((resolve) => setTimeout(resolve, process.env.FAST ? 0 : 60_000)); total += 1",
  "total + 1",
];

/** Runs a slow notebook until its second cell waits. */
async function waiting(): Promise<{ path: string; run: Started }> {
  const path = save(folder, "slow.ipynb", notebookOf(SLOW));
  const run = begin("run", path);
  await until(() => progressOf(readNotebook(path))?.done.length === 1, "the first cell is done");
  return { path, run };
}

async function resumeFast(path: string) {
  process.env.FAST = "1";
  try {
    return await notebook("run", "--resume", path, "--json");
  } finally {
    delete process.env.FAST;
  }
}

describe("labelfree notebook run", () => {
  it("runs several notebooks, tells of each cell on stderr, and prints where they are", async () => {
    const paths = ["one", "two"].map((name) => save(folder, `${name}.ipynb`, notebookOf([`"${name}"`, "1 + 1"])));
    const out = join(folder, "out");
    const { code, stdout, stderr } = await notebook("run", ...paths, "--jobs", "2", "--out", out);
    expect(code).toBe(0);
    expect(stdout).toBe(["one", "two"].map((name) => `${join(out, `${name}.ipynb`)}\n`).join(""));
    expect(stderr).toMatch(/one\.ipynb {2}cell 2 +\[2\] +\d+ ms {2}1 \+ 1/);
    expect(textsIn(join(out, "two.ipynb"))).toEqual(["'two'", "2"]);
    expect(textsIn(paths[0])).toEqual(["", ""]);
  });

  it("shows file, cell, line and traceback of an error, exits 1, and goes on with the others", async () => {
    const broken = save(folder, "broken.ipynb", notebookOf(["1", "const x = 1;\nnothing.here"]));
    const whole = save(folder, "whole.ipynb", notebookOf(["2"]));
    const { code, stdout, stderr } = await notebook("run", broken, whole, "--json");
    expect(code).toBe(1);
    expect(stderr).toContain(`${broken}, cell 2 (In [2]), line 2: ReferenceError: nothing is not defined`);
    expect(stderr).toContain("at cell[2].ts:2:1");
    expect(stderr).toContain("--resume goes on from there");
    const { ok, files } = JSON.parse(stdout);
    expect([ok, files.map(({ status }: { status: string }) => status)]).toEqual([false, ["error", "ok"]]);
    expect(files[0].cells[1]).toMatchObject({ number: 2, id: "b", status: "error", line: 2 });
  });

  it("interrupts the kernel at Ctrl-C, stores what is done, exits 130, and resumes", async () => {
    const { path, run } = await waiting();
    run.child.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining("the same command with --resume goes on")]);
    expect(textsIn(path)).toEqual(["40", "", ""]);
    const resumed = await resumeFast(path);
    expect(resumed.code).toBe(0);
    expect(textsIn(path)).toEqual(["40", "waits\n|41", "42"]);
  });

  it("is resumed after a kill, at the first cell that is not done", async () => {
    const { path, run } = await waiting();
    run.child.kill("SIGKILL");
    expect((await run.ended).signal).toBe("SIGKILL");
    const { code, stdout } = await resumeFast(path);
    expect(code).toBe(0);
    const { cells } = JSON.parse(stdout).files[0];
    expect(cells.map(({ status }: { status: string }) => status)).toEqual(["rebuilt", "ok", "ok"]);
    expect(textsIn(path)).toEqual(["40", "waits\n|41", "42"]);
    const again = await notebook("run", "--resume", path);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("no run of it was interrupted")]);
  });

  it("exits 2 for a parameter, a kernel or a folder that cannot be, and changes nothing", async () => {
    const path = save(folder, "given.ipynb", notebookOf([{ source: "let n = 1;", tags: ["parameters"] }]));
    const bytes = readFileSync(path, "utf8");
    for (const [words, message] of [
      [["--param", "n=many"], 'got "many", string, expected number as in `let n = 1;`'],
      [["--param", "m=1"], "declares no such name, expected one of n"],
      [["--param", "n"], "expected NAME=VALUE"],
      [["--kernel", "nowhere"], "kernel nowhere: there is none of this name"],
      [[path, "--out", join(folder, "out")], "two of the notebooks would become"],
    ] as const) {
      const { code, stderr } = await notebook("run", path, ...words);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    expect(readFileSync(path, "utf8")).toBe(bytes);
  });
});

describe("labelfree notebook verify", () => {
  it("passes what a run has stored, and names cell and values where a byte of it was changed", async () => {
    const path = save(folder, "stored.ipynb", notebookOf(["console.log('accuracy', 0.25)", "1 / 3"]));
    await notebook("run", path);
    const passed = await notebook("verify", path);
    expect([passed.code, passed.stdout]).toEqual([0, `${path}: 2 cells give the stored outputs\n`]);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("0.3333333333333333", "0.3333333333333334"));
    const failed = await notebook("verify", path);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain(`${path}: 1 of 2 cells differ
  cell 2 (In [2]), text/plain, line 1
    stored  0.3333333333333334
    now     0.3333333333333333`);
    const tolerant = await notebook("verify", "--tolerance", "1e-12", "--json", path);
    expect(tolerant.code).toBe(0);
    expect(JSON.parse(tolerant.stdout)).toMatchObject({ ok: true, files: [{ isSame: true }] });
  });

  it("does not pass a notebook without outputs", async () => {
    const path = save(folder, "bare.ipynb", notebookOf(["1"]));
    const { code, stdout } = await notebook("verify", path);
    expect(code).toBe(1);
    expect(stdout).toContain("stored  nothing");
    expect(stdout).toContain(`labelfree notebook run ${path} stores what it gives now`);
  });
});

describe("labelfree notebook diff", () => {
  it("exits 0 for the same, 1 for a difference, which it shows without colours here, and 2 in trouble", async () => {
    const before = save(folder, "before.ipynb", notebookOf(["let seeds = 3;\nseeds"]));
    const after = save(folder, "after.ipynb", notebookOf(["let seeds = 5;\nseeds"]));
    const same = await notebook("diff", before, before);
    expect([same.code, same.stdout]).toEqual([0, ""]);
    const other = await notebook("diff", before, after);
    expect([other.code, other.stdout]).toEqual([
      1,
      `--- ${before}\n+++ ${after}\n@@ code cell 1 (a) changed\n- let seeds = 3;\n+ let seeds = 5;\n  seeds\n`,
    ]);
    const json = await notebook("diff", before, after, "--json");
    expect([json.code, JSON.parse(json.stdout)]).toEqual([1, expect.objectContaining({ isSame: false })]);
    const trouble = await notebook("diff", before, join(folder, "none.ipynb"));
    expect([trouble.code, trouble.stderr]).toEqual([2, expect.stringContaining("there is no such file")]);
  });
});

describe("labelfree notebook strip", () => {
  it("takes out what a run has put there, and --check says where it has not", async () => {
    const path = save(folder, "run.ipynb", notebookOf([{ source: "let n = 1;", tags: ["parameters"] }, "n"]));
    const bare = readNotebook(path);
    await notebook("run", path, "--param", "n=2");
    const check = await notebook("strip", "--check", path);
    expect([check.code, check.stdout]).toEqual([1, `not stripped  ${path}\n`]);
    expect((await notebook("strip", path)).code).toBe(0);
    expect((await notebook("strip", "--check", path)).code).toBe(0);
    expect(readNotebook(path).cells).toEqual(bare.cells);
  });
});

describe("labelfree notebook new", () => {
  it("writes a notebook once, a cell for each figure that the records have, and replaces it only when forced", async () => {
    const out = join(folder, "new", "length.ipynb");
    const first = await notebook("new", "--finding", "length", "--out", out, "--json");
    expect(first.code).toBe(0);
    const { figures } = JSON.parse(first.stdout);
    const sources = codeOf(readNotebook(out)).map(({ source }) => source);
    for (const name of figures ?? []) expect(sources).toContain(`await showFigure(figures["${name}"])`);
    const again = await notebook("new", "--finding", "length", "--out", out);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("--force replaces it")]);
    expect((await notebook("new", "--finding", "length", "--out", out, "--force")).code).toBe(0);
    const unknown = await notebook("new", "--finding", "nothing");
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("collapse, length")]);
  });

  it("writes one that trains its runs, draws and judges from top to bottom", async () => {
    const out = join(folder, "collapse.ipynb");
    await notebook("new", "--finding", "collapse", "--out", out);
    const words = ["scale=smoke", "fresh=true", "seeds=1", `runsFolder=${join(folder, "runs")}`];
    const { code, stderr } = await notebook("run", out, ...words.flatMap((word) => ["--param", word]));
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    const cells = codeOf(readNotebook(out));
    const drawn = cells.filter(({ outputs }) =>
      outputs.some((each) => each.output_type === "execute_result" && "image/svg+xml" in each.data),
    );
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    expect(cells.map(textOf).join("\n")).toMatch(/claim-1: [A-Z ]+[^]*at smoke scale/i);
  }, 180_000);
});
