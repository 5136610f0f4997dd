// Each kind of tampering, and the row that catches it.

import { readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Check, Section } from "../../src/review/check.ts";
import type { Review } from "../../src/review/review.ts";
import { readNotebook, writeNotebook } from "../../src/workbook/notebook-file.ts";
import { isCode } from "../../src/workbook/notebook.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { type Fixture, makeFixture } from "./study-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await makeFixture();
}, 300_000);
afterAll(() => fixture.remove());

function failuresIn({ checks }: Review, section: Section): Check[] {
  return checks.filter((check) => check.section === section && check.verdict === "failed");
}

function failedSections({ checks }: Review): Section[] {
  return [...new Set(checks.filter(({ verdict }) => verdict === "failed").map(({ section }) => section))];
}

function replaceIn(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, "utf8");
  const changed = text.replace(from, to);
  expect(changed, `${path} holds ${from}`).not.toBe(text);
  writeFileSync(path, changed);
}

function flipByte(path: string, fromEnd: number): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - fromEnd] ^= 1;
  writeFileSync(path, bytes);
}

const withEntropy = (factor: number) => (run: RecordedRun) => ({
  ...run,
  steps: run.steps.map((row) => (row.step === 3 ? { ...row, entropy: (row.entropy as number) * factor } : row)),
});

test("a study that nobody touched passes, trained runs, kept data and notebook included", async () => {
  const study = fixture.study();
  const reviewed = await study.review({ sample: 2, notebooks: study.notebooks });
  expect(failedSections(reviewed)).toEqual([]);
  expect(reviewed.ok).toBe(true);
  const passed = new Set(reviewed.checks.filter(({ verdict }) => verdict === "passed").map(({ section }) => section));
  const sections = [
    "records",
    "base checkpoints",
    "training",
    "kept data",
    "figures",
    "verdicts",
    "notebooks",
    "paper",
  ];
  expect([...passed]).toEqual(sections);
  expect(reviewed.checks.filter(({ section }) => section === "training")).toHaveLength(2);
  expect(reviewed.claims).toMatchObject([{ claim: "claim-1", verdict: "reproduced" }]);
  for (const { verdict, expected, found } of reviewed.checks) {
    if (verdict === "passed") expect(found).toBe(expected);
  }
});

describe("records", () => {
  test("a changed byte: the file's hash, and nothing is concluded from it", async () => {
    const study = fixture.study();
    flipByte(join(study.records, "smoke", "steps.parquet"), 300);
    const reviewed = await study.review();
    expect(failedSections(reviewed)).toEqual(["records"]);
    const [{ what, expected, found }] = failuresIn(reviewed, "records");
    expect(what).toContain("steps.parquet");
    for (const hash of [expected, found]) expect(hash).toMatch(/^sha256 [0-9a-f]{64}$/);
    expect(expected).not.toBe(found);
    expect(reviewed.checks.find(({ section }) => section === "figures")?.why).toBe("the records are damaged");
  });

  test("a number, hashed anew: figure and verdict, and training", async () => {
    const study = fixture.study();
    study.change(2, withEntropy(1.25));
    const reviewed = await study.review({ sample: 3 });
    expect(failedSections(reviewed)).toEqual(["training", "figures", "verdicts"]);
    const [trained] = failuresIn(reviewed, "training");
    expect(trained.what).toMatch(/seed 2 .*trained again/);
    for (const value of [trained.expected, trained.found]) expect(value).toMatch(/^step 3: entropy \d/);
    expect(failuresIn(reviewed, "figures").map(({ what }) => what.slice(-4))).toEqual([".svg", ".png"]);
  });

  test("swapped weights, hashed anew: training", async () => {
    const study = fixture.study();
    const other = study.runs[0].result.weightsHash;
    const own = study.runs[1].result.weightsHash;
    study.change(2, (run) => ({ ...run, result: { ...run.result, weightsHash: other } }));
    const reviewed = await study.review({ sample: 3 });
    expect(failedSections(reviewed)).toEqual(["training"]);
    expect(failuresIn(reviewed, "training")).toMatchObject([
      { expected: `weightsHash "${other}"`, found: `weightsHash "${own}"` },
    ]);
  });

  test("another source, hashed anew: the key", async () => {
    const study = fixture.study();
    study.change(2, (run) => ({ ...run, result: { ...run.result, source: "f".repeat(64) } }));
    const [{ what, expected, found }] = failuresIn(await study.review(), "records");
    expect(what).toContain("seed 2: its key follows from settings and hashes");
    expect(found).toBe(`key ${study.runs[1].result.key}`);
    expect(expected).toMatch(/^key [0-9a-f]{64}$/);
  });

  test("a row left out: the outcome", async () => {
    const study = fixture.study();
    study.change(2, (run) => ({ ...run, steps: run.steps.filter(({ step }) => step !== 2) }));
    const failures = failuresIn(await study.review(), "records");
    expect(failures).toMatchObject([{ expected: "rows of steps 1 to 3", found: "steps 1 3" }]);
  });

  test("a run taken away: the figures and verdicts that it gave", async () => {
    const study = fixture.study();
    const { writeRecords } = await import("../../src/records/run-records.ts");
    writeRecords(join(study.records, "smoke"), study.runs.slice(0, 2));
    const reviewed = await study.review();
    expect(failedSections(reviewed)).toEqual(["figures", "verdicts"]);
    const [{ expected, found }] = failuresIn(reviewed, "figures");
    expect(expected).toBe("runs in the records that give it");
    expect(found).toContain("got 2 of 3 runs");
  });

  test("the index taken away: tables without hashes", async () => {
    const study = fixture.study();
    unlinkSync(join(study.records, "smoke", "index.json"));
    const [{ what, found, why }] = failuresIn(await study.review(), "records");
    expect(what).toContain("index.json");
    expect(found).toBe("no such file");
    expect(why).toContain("runs.parquet");
  });

  test("kept data: they are made again", async () => {
    const study = fixture.study();
    replaceIn(join(study.records, "smoke", "tiny-numbers.json"), "4", "9");
    const reviewed = await study.review({ sample: 1 });
    expect(failuresIn(reviewed, "kept data")).toMatchObject([
      { expected: expect.stringContaining("[3,1,4,1,5]"), found: expect.stringContaining("[3,1,9,1,5]") },
    ]);
    expect(failedSections(reviewed)).toContain("figures");
  });
});

describe("base checkpoints", () => {
  const tier = (study: ReturnType<Fixture["study"]>, file: string) => join(study.checkpoints, "xs-1", file);

  test("a changed weight: the listed hash", async () => {
    const study = fixture.study();
    flipByte(tier(study, "model.safetensors"), 5);
    const failures = failuresIn(await study.review(), "base checkpoints");
    expect(failures).toMatchObject([{ what: expect.stringContaining("xs-1: weights"), why: expect.anything() }]);
    expect(failures[0].expected).not.toBe(failures[0].found);
  });

  test("a changed note, another configuration, and a checkpoint that is not listed", async () => {
    const study = fixture.study();
    replaceIn(tier(study, "tier.json"), '"steps": 1300', '"steps": 1301');
    expect(failuresIn(await study.review(), "base checkpoints")).toMatchObject([{ expected: "as it was sealed" }]);
    const other = fixture.study();
    replaceIn(tier(other, "config.json"), /"rope_theta": \d+/, '"rope_theta": 77');
    const [{ why }] = failuresIn(await other.review(), "base checkpoints");
    expect(why).toContain("config.json");
    const third = fixture.study();
    replaceIn(join(third.checkpoints, "index.json"), /"tiers": \[[^]*\]/, '"tiers": []');
    expect(failuresIn(await third.review(), "base checkpoints")).toMatchObject([{ found: "not listed" }]);
  });

  test("other weights in the place that runs started from: the recorded hash of their base", async () => {
    const study = fixture.study();
    const path = join(fixture.base, "model.safetensors");
    flipByte(path, 5);
    try {
      const failures = failuresIn(await study.review(), "base checkpoints");
      expect(failures).toMatchObject([
        { expected: study.runs[0].result.base, why: expect.stringContaining("started") },
      ]);
    } finally {
      flipByte(path, 5);
    }
  });
});

describe("figures", () => {
  test("a number in an SVG: both texts around it", async () => {
    const study = fixture.study();
    const path = join(study.figures, "tiny-entropy.svg");
    replaceIn(path, "entropy (nats)", "entropy (bits)");
    const reviewed = await study.review();
    expect(failedSections(reviewed)).toEqual(["figures"]);
    expect(failuresIn(reviewed, "figures")).toMatchObject([
      { what: path, expected: expect.stringContaining("(nats)"), found: expect.stringContaining("(bits)") },
    ]);
  });

  test("a byte in a PNG: hashes and the place", async () => {
    const study = fixture.study();
    flipByte(join(study.figures, "tiny-entropy.png"), 40);
    const [{ expected, found, why }] = failuresIn(await study.review(), "figures");
    for (const text of [expected, found]) expect(text).toMatch(/^sha256 [0-9a-f]{16}, [\d,]+ bytes$/);
    expect(expected).not.toBe(found);
    expect(why).toMatch(/first byte that differs is number [\d,]+/);
  });

  test("one too few and one too many", async () => {
    const study = fixture.study();
    rmSync(join(study.figures, "tiny-entropy.png"));
    writeFileSync(join(study.figures, "tiny-wished.svg"), "<svg></svg>");
    const failures = failuresIn(await study.review(), "figures");
    expect(failures.map(({ expected, found }) => [expected, found])).toEqual([
      [expect.stringMatching(/^sha256/), "no such file"],
      ["no such file", "a file"],
    ]);
  });
});

describe("claims and verdicts", () => {
  test("another threshold: the rule's hash, and all that it judged", async () => {
    const study = fixture.study();
    replaceIn(study.claim, '"smallestEffect": 1', '"smallestEffect": 0.5');
    const failures = failuresIn(await study.review(), "verdicts");
    const rule = failures.find(({ what }) => what === "claim-1: rule, as stored with the verdict");
    expect(rule?.expected).toMatch(/^entropy-is-large 1, [0-9a-f]{64}$/);
    expect(rule?.found).toMatch(/^entropy-is-large 1, [0-9a-f]{64}$/);
    expect(rule?.why).toBe("the claim's rule is not the one that judged");
  });

  test("another statement: the verdict that stands beside it", async () => {
    const study = fixture.study();
    replaceIn(study.claim, "above 1 nat", "above all");
    const failures = failuresIn(await study.review(), "verdicts");
    expect(failures.find(({ what }) => what.startsWith("claim-1: Entropy"))).toMatchObject({
      expected: expect.stringContaining("above all"),
      found: expect.stringContaining("above 1 nat"),
    });
  });

  test("a claim taken away: a verdict without it", async () => {
    const failures = failuresIn(await fixture.study().review({ loadClaims: () => [] }), "verdicts");
    expect(failures).toMatchObject([{ what: "claim-1", found: "a verdict without it" }]);
  });

  test("a stored verdict, in word and in number: what the records give", async () => {
    const study = fixture.study();
    const path = join(study.figures, "tiny-verdicts.json");
    replaceIn(path, /"verdict": "reproduced"/, '"verdict": "not reproduced"');
    const verdictRow = (reviewed: Review) =>
      failuresIn(reviewed, "verdicts").find(({ what }) => what.startsWith("claim-1: Entropy"));
    const word = verdictRow(await study.review());
    expect(word?.expected).toMatch(/^reproduced: entropy \+/);
    expect(word?.found).toMatch(/^not reproduced: entropy \+/);
    const other = fixture.study();
    replaceIn(join(other.figures, "tiny-verdicts.json"), /"low": (\d)/, '"low": 1$1');
    const number = verdictRow(await other.review());
    expect(number?.expected).not.toBe(number?.found);
    const side = fixture.study();
    replaceIn(join(side.figures, "tiny-verdicts.json"), '"notes": []', '"notes": ["well done"]');
    expect(verdictRow(await side.review())).toMatchObject({
      expected: "notes.0: nothing",
      found: 'notes.0: "well done"',
    });
    expect(number?.why).toContain("not what the records give");
  });

  test("a damaged file of verdicts", async () => {
    const study = fixture.study();
    writeFileSync(join(study.figures, "tiny-verdicts.json"), "{");
    const failures = failuresIn(await study.review(), "verdicts");
    expect(failures.map(({ found }) => found)).toContainEqual(expect.stringContaining("expected JSON"));
  });
});

test("a notebook's stored output: cell, stored and present value", async () => {
  const study = fixture.study();
  const path = join(study.notebooks, "sum.ipynb");
  const notebook = readNotebook(path);
  const cells = notebook.cells.map((cell) => {
    if (!isCode(cell)) return cell;
    const outputs = cell.outputs.map((output) =>
      output.output_type === "execute_result" ? { ...output, data: { ...output.data, "text/plain": "43" } } : output,
    );
    return { ...cell, outputs };
  });
  writeNotebook(path, { ...notebook, cells });
  const reviewed = await study.review({ notebooks: study.notebooks });
  expect(failedSections(reviewed)).toEqual(["notebooks"]);
  expect(failuresIn(reviewed, "notebooks")).toMatchObject([
    { what: expect.stringContaining("sum.ipynb, cell 2 (In [2])"), expected: "43", found: "42" },
  ]);
});
