import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import type { FindingExtra } from "../../src/findings/finding-extra.ts";
import { openStudy, trainRun } from "../../src/findings/open-study.ts";
import { showProvenance } from "../../src/findings/show-provenance.ts";
import { showRun } from "../../src/findings/show-run.ts";
import { writeRecords } from "../../src/records/run-records.ts";
import type { RunSpec } from "../../src/runs/spec.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "../runs/tiny-base.ts";

const EXTRA: FindingExtra<string> = {
  file: "extra.json",
  parse: String,
  toJson: (data) => data,
  keys: () => ["key"],
  isCurrent: (data) => data === "made",
  make: () => Promise.resolve("made"),
};

function setUp(extra?: FindingExtra) {
  const directory = temporaryDirectory();
  const base = saveTinyBase(directory);
  const finding: Finding = {
    name: "test",
    title: "a test",
    ...(extra === undefined ? {} : { extra }),
    sweep: ({ seeds }): RunSpec[] =>
      Array.from({ length: seeds }, (_, index) => tinySpec(base, { seed: index + 1, steps: 2 })),
    analyse: () => null,
    figures: () => ({}),
    verdicts: () => [],
    numbers: () => "",
  };
  const options = { scale: "smoke", root: join(directory, "runs"), records: join(directory, "records") } as const;
  return { finding, options, folder: join(directory, "records", "smoke") };
}

test("a notebook's study is trained when a reader asks for it, and comes from the records else", async () => {
  const { finding, options, folder } = setUp();
  await expect(openStudy(finding, options)).rejects.toMatchObject({
    code: "records/missing-runs",
    message: expect.stringMatching(
      /^test, records: got 0 of 1 runs.*fresh = true makes them here, labelfree reproduce test --scale smoke --seeds 1 --save-records for good$/,
    ),
  });
  const trained = await openStudy(finding, { ...options, fresh: true });
  writeRecords(folder, trained.runs);
  const recorded = await openStudy(finding, options);
  expect(recorded.runs[0].result.key).toBe(trained.runs[0].result.key);
  expect(await trainRun(finding.sweep({ scale: "smoke", seeds: 1 })[0], options)).toEqual(trained.runs[0]);
  expect(String(showProvenance(finding, recorded, []))).toMatch(/runs +1, 0 failed[^]*changed since +no/);
  expect(String(await showRun(recorded.runs[0]))).toMatch(/^Figure: One run: /);
});

test("a study holds the data that its finding needs beside runs", async () => {
  const { finding, options, folder } = setUp(EXTRA);
  const { runs, extra } = await openStudy(finding, { ...options, fresh: true });
  expect(extra).toBe("made");
  writeRecords(folder, runs);
  await expect(openStudy(finding, options)).rejects.toMatchObject({
    code: "records/missing-extra",
    message: expect.stringContaining("got no extra.json"),
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "extra.json"), '"kept"');
  const study = await openStudy(finding, options);
  expect(study.extra).toBe("kept");
  expect(String(showProvenance(finding, study, []))).toContain("made by other sources than these");
});
