import { expect, test } from "vitest";
import { accuracyTable } from "../../src/findings/collapse/accuracy-table.ts";
import { analyseCollapse } from "../../src/findings/collapse/analysis.ts";
import { judgeCollapse } from "../../src/findings/collapse/verdicts.ts";
import { signedPoints } from "../../src/findings/points.ts";
import { textTable, wrapWords } from "../../src/findings/text-table.ts";
import { verdictTable } from "../../src/findings/verdict-table.ts";
import { plausibleSweep } from "./synthetic-records.ts";

const tiers = ["xs", "s", "m", "l"];
const { finals } = analyseCollapse(plausibleSweep({ seeds: 3, steps: 4, everySteps: 4, tiers }));
const missing = [{ tier: "s", method: "cuma", seed: 4, why: "the disk was full" }];
const verdicts = judgeCollapse({ scale: "micro", tiers, finals, missing });

test("verdicts read so in a terminal", async () => {
  await expect(verdictTable(verdicts, 110)).toMatchFileSnapshot("../fixtures/findings/verdicts-110.txt");
});

test.each([70, 80, 120])("no line of the verdicts is wider than %i characters", (width) => {
  const lines = verdictTable(verdicts, width).split("\n");
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => [...line].length > width)).toEqual([]);
});

test("all words survive the wrapping", () => {
  const words = (text: string) =>
    text
      .split(/[\s─]+/)
      .filter((word) => word !== "")
      .sort();
  expect(words(verdictTable(verdicts, 70))).toEqual(words(verdictTable(verdicts, 200)));
});

test("unknown numbers of the paper are shown as ?, in differences and in the main table", async () => {
  expect(verdictTable(verdicts, 200)).toMatch(/GSM8K\s\?/);
  const table = accuracyTable(finals, "micro", 110);
  expect(table.match(/(?<=\s)\?(?=\s*$|\s{2})/gm)).toHaveLength(78);
  await expect(table).toMatchFileSnapshot("../fixtures/findings/accuracies-110.txt");
});

test("a tier that was not run says so", () => {
  const some = finals.filter(({ tier }) => tier !== "m");
  expect(accuracyTable(some, "smoke", 110).match(/not run/g)).toHaveLength(5);
});

test("a verdict that was not run gives its reason instead of numbers", () => {
  const [first] = judgeCollapse({
    scale: "micro",
    tiers: ["xs"],
    finals: finals.filter(({ tier }) => tier === "xs"),
    missing: [],
  });
  expect(verdictTable([first], 200)).toContain("NOT RUN at micro scale: no run of ttrl on l in this sweep");
});

test("verdicts are plain JSON, with nulls for what is unknown", () => {
  expect(JSON.parse(JSON.stringify(verdicts))).toEqual(verdicts);
});

test("points have a sign, one decimal and no negative zero", () => {
  expect([0.1234, -0.0051, -0.0001, 0].map(signedPoints)).toEqual(["+12.3", "−0.5", "0.0", "0.0"]);
});

test("a table gives its columns what they want when there is room, and wraps cells when not", () => {
  const columns = [{ title: "a" }, { title: "number", align: "right" }] as const;
  const rows = [["one two three", "1"]];
  expect(textTable(columns, rows, 80)).toBe("a              number\n─────────────  ──────\none two three       1");
  expect(textTable(columns, rows, 15)).toBe("a        number\n───────  ──────\none two       1\nthree");
});

test("a word wider than its line keeps a line of its own", () => {
  expect(wrapWords("a extraordinarily b", 6)).toEqual(["a", "extraordinarily", "b"]);
});
