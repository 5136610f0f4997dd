import { describe, expect, test } from "vitest";
import { loadPaperAblation } from "../../src/findings/ablation/paper-ablation.ts";
import { loadPaperCurves } from "../../src/findings/difficulty/paper-curves.ts";
import { auditPaper } from "../../src/findings/paper-audit.ts";
import { loadPaperNumbers } from "../../src/findings/paper-numbers.ts";

const { numbers, differences } = auditPaper();

const zOf = (size: string, benchmark: string, first: string, second: string) =>
  differences.find(
    (row) =>
      row.first.size === size &&
      row.first.benchmark === benchmark &&
      row.first.method === first &&
      row.second.method === second,
  )?.z;

describe("audit of the paper's numbers", () => {
  test("looks at all 22 known cells of the main table, the ablation's four and the figure's four, and at no unknown one", () => {
    expect(numbers.filter(({ table }) => table === "main")).toHaveLength(22);
    expect(numbers.filter(({ table }) => table === "ablation")).toHaveLength(4);
    expect(numbers.filter(({ table }) => table === "difficulty")).toHaveLength(4);
  });

  test("leaves out no known number of any file with accuracies", () => {
    const printedIn = (table: string) => numbers.filter((row) => row.table === table).map(({ printed }) => printed);
    const { rows, benchmarks } = loadPaperNumbers();
    const main = rows.flatMap(({ values }) => benchmarks.map((benchmark) => values[benchmark]));
    expect(printedIn("main")).toEqual(main.filter((value) => value !== null));
    expect(printedIn("ablation")).toEqual(loadPaperAblation().rows.map(({ printed }) => printed));
    const points = loadPaperCurves().curves.flatMap(({ byHardestLevel }) => Object.values(byHardestLevel));
    expect(printedIn("difficulty")).toHaveLength(points.filter((value) => value !== null).length);
  });

  test("reads the shares of the difficulty figure as whole percents, and its words as no number", () => {
    const rows = numbers.filter(({ table }) => table === "difficulty");
    // by hand: 34.5 to 35.5 % of 500, 27.5 to 28.5 % and 14.5 to 15.5 % of 1319
    expect(rows.map(({ benchmark, method, printed, kMin, kMax }) => [benchmark, method, printed, kMin, kMax])).toEqual([
      ["MATH-500", "levels 1–2", "35", 173, 177],
      ["MATH-500", "levels 1–4", "about 0", null, null],
      ["GSM8K", "levels 1–2", "28", 363, 375],
      ["GSM8K", "levels 1–5", "15", 192, 204],
    ]);
    expect(rows[1].outcome).toBe("not checkable");
    expect(zOf("0.5B", "GSM8K", "levels 1–5", "levels 1–2")).toBeLessThan(-1.96);
    expect(zOf("0.5B", "GSM8K", "levels 1–2", "base")).toBeLessThan(1.96);
  });

  test("names the values that no count of right answers gives, in these words and no stronger", () => {
    const not = numbers.filter(({ outcome }) => outcome === "not attainable with one sample per item");
    expect(not.map(({ table, benchmark, printed }) => `${table} ${benchmark} ${printed}`)).toEqual([
      "main GSM8K 78.19",
      "main GSM8K 84.39",
      "main GSM8K 84.49",
      "ablation MATH-500 30.7",
      "ablation MATH-500 24.5",
      "ablation MATH-500 20.1",
    ]);
    expect(new Set(numbers.map(({ outcome }) => outcome))).toEqual(
      new Set([
        "attainable",
        "attainable if cut off, not rounded",
        "not attainable with one sample per item",
        "not checkable",
      ]),
    );
  });

  test("gives the counts behind the attainable ones", () => {
    // 55 of 198 is 27.777..., which rounds to another value than the one printed
    expect(numbers.filter(({ outcome }) => outcome.startsWith("attainable if")).map(({ printed }) => printed)).toEqual([
      "27.77",
    ]);
    const counts = numbers.filter(({ benchmark }) => benchmark === "GPQA" || benchmark === "AIME24");
    expect(counts.map(({ printed, kMin, kMax }) => [printed, kMin, kMax])).toEqual([
      ["27.77", 55, 55],
      ["6.67", 2, 2],
      ["32.32", 64, 64],
      ["13.33", 4, 4],
    ]);
  });

  test("says that nothing on LiveCodeBench can be checked", () => {
    const rows = numbers.filter(({ benchmark }) => benchmark === "LCB");
    expect(rows.map(({ outcome, items, kMin }) => [outcome, items, kMin])).toEqual([
      ["not checkable", null, null],
      ["not checkable", null, null],
    ]);
    expect(zOf("3B", "LCB", "CuMa", "base")).toBeNull();
  });

  test("compares every two known values of one size and benchmark, ablation and difficulty with their base", () => {
    // by hand: 3 + 3 at 0.5B, 1 at 3B, 10 + 10 + 1 + 1 at 7B, 10 in the ablation, 1 + 3 on difficulty
    expect(differences).toHaveLength(43);
    expect(zOf("0.5B", "MATH-500", "CuMa", "base")).toBeCloseTo(3.3, 1);
    expect(zOf("0.5B", "GSM8K", "CuMa", "base")).toBeCloseTo(3.7, 1);
    expect(zOf("7B", "GPQA", "CuMa", "base")).toBeCloseTo(1, 1);
    expect(zOf("7B", "AIME24", "CuMa", "base")).toBeCloseTo(0.9, 1);
    expect(zOf("7B", "MATH-500", "CuMa", "TTRL")).toBeCloseTo(0.1, 1);
    expect(zOf("0.5B", "MATH-500", "without mask", "full CuMa")).toBeCloseTo(-0.7, 1);
    expect(zOf("7B", "GSM8K", "Intuitor", "base")).toBeLessThan(-1.96);
  });

  test("a table without known cells has nothing to say", () => {
    const known = loadPaperNumbers();
    const unknown = known.rows.map((row) => ({
      ...row,
      values: Object.fromEntries(known.benchmarks.map((benchmark) => [benchmark, null])),
    }));
    const audit = auditPaper({ ...known, rows: unknown });
    expect(audit.numbers.some(({ table }) => table === "main")).toBe(false);
    expect(audit.differences.some(({ second }) => second.method === "base")).toBe(false);
  });
});
