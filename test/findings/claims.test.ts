import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseClaimFile, ruleHash } from "../../src/findings/claim.ts";
import { loadCollapseClaims } from "../../src/findings/collapse/claims.ts";
import { loadPaperNumbers, paperCell, paperDifferences } from "../../src/findings/paper-numbers.ts";

const { ability, fall, improvement } = loadCollapseClaims();
const numbers = loadPaperNumbers();

/** Metrics of generated problems, which are measured before any run and stand in no evaluation row. */
const OF_PROBLEMS: Readonly<Record<string, string>> = {
  "claim-29": "failure rate of base checkpoints",
  "claim-30": "share of duplicates",
};

test("the rules are those that were fixed before any run", () => {
  // a change here is a change of the rule: raise its version, and say why in LOG.md
  expect(
    Object.fromEntries([ability, fall, improvement].map((claim) => [claim.id, ruleHash(claim)])),
  ).toMatchInlineSnapshot(`
    {
      "claim-1": "ea0fd159ee3e3445164f5ed8c0d01eac6014b7fe8257c7c392cfed2ef42e499a",
      "claim-2": "711f71a4e21640a8962278a20b42abeb27cfd786da7eb88741b06a16a9710154",
      "claim-6": "92e56a2745a8ba9c1a810991f4d221906b28238c76fcfe5768c42383264c51b1",
    }
  `);
});

test("a rule's hash changes with its data and its version, not with the claim's wording", () => {
  const hash = ruleHash(ability);
  expect(ruleHash({ ...ability, rule: { ...ability.rule, version: 2 } })).not.toBe(hash);
  expect(ruleHash({ ...ability, rule: { ...ability.rule, smallestEffect: 0.01 } })).not.toBe(hash);
  expect(ruleHash({ ...ability, direction: "less" })).not.toBe(hash);
  expect(ruleHash({ ...ability, statement: "in other words" })).toBe(hash);
});

test("every claim file names itself, a metric of the evaluation rows or of problems, and benchmarks of the paper", () => {
  const ids = readdirSync(new URL("../../data/claims/", import.meta.url)).filter((name) => name.startsWith("claim-"));
  expect(ids.length).toBeGreaterThanOrEqual(3);
  for (const name of ids) {
    const claim = parseClaimFile(
      name,
      z.looseObject({ id: z.string(), metric: z.string(), paperBenchmarks: z.array(z.string()) }),
    );
    expect(`${claim.id}.json`).toBe(name);
    if (claim.metric !== OF_PROBLEMS[claim.id]) expect(claim.metric).toMatch(/^eval\//);
    for (const benchmark of claim.paperBenchmarks) expect(numbers.benchmarks).toContain(benchmark);
  }
});

test("22 of the paper's 100 cells are known and the others are null", () => {
  const cells = numbers.rows.flatMap(({ size, method }) =>
    numbers.benchmarks.map((benchmark) => paperCell(numbers, size, method, benchmark)),
  );
  expect(cells).toHaveLength(100);
  expect(cells.filter((cell) => cell !== null)).toHaveLength(22);
  for (const cell of cells) if (cell !== null) expect(cell).toMatch(/^\d+\.\d{1,2}$/); // as printed
});

test("known cells are the published ones", () => {
  expect(paperCell(numbers, "0.5B", "ttrl", "MATH-500")).toBe("0.0");
  expect(paperCell(numbers, "7B", "cuma", "AIME24")).toBe("13.33");
  expect(paperCell(numbers, "3B", "base", "LCB")).toBe("5.20");
  expect(paperCell(numbers, "1.5B", "grpo", "GSM8K")).toBeNull();
});

test("a difference with an unknown cell is unknown, and keeps the cells that are known", () => {
  const [math, gsm] = paperDifferences(
    numbers,
    ["MATH-500", "GSM8K"],
    [
      { sign: 1, tier: "xs", method: "intuitor" },
      { sign: -1, tier: "xs", method: "base" },
    ],
  );
  expect(math.difference).toBeNull();
  expect(math.cells.map(({ printed }) => printed)).toEqual([null, "23.4"]);
  expect(gsm.difference).toBe(-0.257);
});

test("a claim file with a wrong field is an error that names file and field", () => {
  const schema = z.strictObject({ id: z.number() });
  expect(() => parseClaimFile("claim-1.json", schema)).toThrow(/claim-1\.json: id: .*expected number/);
});
