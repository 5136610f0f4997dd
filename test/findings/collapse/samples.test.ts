import { expect, test } from "vitest";
import { type RunSamples, runSamples } from "../../../src/findings/collapse/samples.ts";
import { samplesText } from "../../../src/findings/collapse/samples-text.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { recordOf } from "../synthetic-records.ts";
import { plausibleCollapse, samplesOf, saying } from "./collapse-records.ts";

const SAID = { top: [], empty: 0 };

function runOf(method: "ttrl" | "cuma" | "grpo", seed: number, tier = "xs"): RunRecord {
  const record = recordOf({ tier, method, seed, base: 0.1, final: 0.1 });
  const before = { ...SAID, samples: samplesOf((level) => level === 1) };
  return saying(record, before, { ...SAID, samples: samplesOf(() => false, `0${seed}`) });
}

test("samples are of TTRL's and CuMa's first seeds, on the tiers asked for", () => {
  const records = [runOf("ttrl", 3), runOf("ttrl", 2), runOf("cuma", 2), runOf("grpo", 1), runOf("ttrl", 1, "l")];
  const about = runSamples(records, ["xs", "m"]).map(({ tier, method, seed }) => `${tier} ${method} ${seed}`);
  expect(about).toEqual(["xs ttrl 2", "xs cuma 2"]);
});

test("what was said before and after stands beside the same problem and its right answer", () => {
  const [{ rows }] = runSamples([runOf("ttrl", 1)], ["xs"]);
  expect(rows.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5]);
  const [first, second] = rows;
  expect(first.before).toMatchObject({ answer: first.right, correct: true });
  expect(first.after).toMatchObject({ answer: "01", correct: false });
  expect(second.before.correct).toBe(false);
  expect(second.right).toMatch(/^\d\d$/);
});

test("a right answer outside the held-out problems is known from a right response alone", () => {
  const problem = { level: 1, prompt: "1+1?", response: "#02", answer: "02", correct: true };
  const wrong = { ...problem, response: "#03", answer: "03", correct: false };
  const record = recordOf({ tier: "xs", method: "ttrl", seed: 1, base: 0.1, final: 0.1 });
  const rightOf = (samples: typeof problem) => {
    const run = saying(record, { ...SAID, samples: [wrong] }, { ...SAID, samples: [samples] });
    return runSamples([run], ["xs"])[0].rows[0].right;
  };
  expect(rightOf(problem)).toBe("02");
  expect(rightOf(wrong)).toBeNull();
});

test("samples read so in a terminal", async () => {
  const records = plausibleCollapse({ seeds: 1, steps: 4, everySteps: 2, tiers: ["xs", "l"] });
  const text = samplesText(runSamples(records, ["xs", "l"]), 100);
  await expect(`${text}\n`).toMatchFileSnapshot("../../fixtures/findings/collapse-samples-100.txt");
});

const LONG = { response: `${"12+3=15;".repeat(4)}15-2=13#13`, answer: "13", correct: true };
const JUNK = { response: "0".repeat(52), answer: null, correct: false };
const EMPTY = { response: "", answer: null, correct: false };

function runWith(...said: readonly [RunSamples["rows"][number]["before"], RunSamples["rows"][number]["after"]][]) {
  const rows = said.map(([before, after]) => ({ level: 5, prompt: "12+3+3+3-2?", right: "13", before, after }));
  return [{ tier: "xs", method: "ttrl", seed: 1, rows }] as const;
}

test.each([78, 100, 140])("no line of the samples is wider than %i characters, and no character is lost", (width) => {
  const text = samplesText(runWith([LONG, JUNK], [EMPTY, LONG]), width);
  for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(width);
  expect(text.match(/0/g)).toHaveLength(52);
  expect(text.match(/12\+3=15;/g)).toHaveLength(8); // a step is never broken
  expect(text).toContain("(empty)");
});

test("the truth of each response is marked: right, wrong, or none without an answer", () => {
  const wrong = { response: "#10", answer: "10", correct: false };
  const text = samplesText(runWith([LONG, JUNK], [wrong, EMPTY]), 140);
  expect(text).toMatch(/^ {4}5 .*#13 +right +0+ +none$/m);
  expect(text).toMatch(/^ {4}5 .*#10 +wrong +\(empty\) +none$/m);
});

test("runs without samples say so", () => {
  const old = recordOf({ tier: "xs", method: "ttrl", seed: 1, base: 0.1, final: 0.1 });
  expect(samplesText(runSamples([old], ["xs"]), 100)).toBe("Samples were not recorded in these runs.");
  const [first] = runSamples([runOf("ttrl", 1)], ["xs"]);
  expect(samplesText([first, { ...first, method: "cuma", rows: [] }], 100)).toContain("CuMa on xs, seed 1: no samples");
});
