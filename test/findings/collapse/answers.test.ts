import { expect, test } from "vitest";
import { cellAnswers, policyAnswers } from "../../../src/findings/collapse/answers.ts";
import { answersTable } from "../../../src/findings/collapse/answers-table.ts";
import { rightAnswerShares, rightAnswerTo } from "../../../src/findings/collapse/right-answers.ts";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import { evaluationSets } from "../../../src/tasks/micro/evaluation-sets.ts";
import { recordOf, type RunShape } from "../synthetic-records.ts";
import { counts, saying } from "./collapse-records.ts";

const BEFORE = { top: counts(["10", 100], ["00", 50], [null, 25], ["50", 20], ["99", 10]), empty: 0.05 };

function runOf(seed: number, leader: string, shape: Partial<RunShape> = {}): RunRecord {
  const record = recordOf({ tier: "xs", method: "ttrl", seed, base: 0.1, final: 0.01, ...shape });
  return saying(record, BEFORE, { top: counts([leader, 400], [null, 75], ["00", 25]), empty: 0.15 });
}

test("shares are of all responses, and the empty answer takes no rank", () => {
  const [base, final] = policyAnswers([runOf(1, "10")]);
  expect(base).toMatchObject({ method: "base", empty: 0.05 });
  expect(base.top).toEqual([
    { answer: "10", share: 0.2 },
    { answer: "00", share: 0.1 },
    { answer: "50", share: 0.04 },
    { answer: "99", share: 0.02 },
  ]);
  expect(final).toMatchObject({
    method: "ttrl",
    empty: 0.15,
    top: [
      { answer: "10", share: 0.8 },
      { answer: "00", share: 0.05 },
    ],
  });
});

test("a fifth answer is never counted, for beside an empty one it would not be known", () => {
  const five = counts(["1", 50], ["2", 40], ["3", 30], ["4", 20], ["5", 10]);
  const [, final] = policyAnswers([saying(runOf(1, "10"), BEFORE, { top: five, empty: 0 })]);
  expect(final.top.map(({ answer }) => answer)).toEqual(["1", "2", "3", "4"]);
});

test("a seed's base counts once, whatever the number of methods that start from it", () => {
  const cells = cellAnswers(policyAnswers([runOf(1, "10"), runOf(1, "10", { method: "cuma" }), runOf(2, "10")]));
  expect(cells.map(({ method, n }) => [method, n])).toEqual([
    ["base", 2],
    ["ttrl", 2],
    ["cuma", 1],
  ]);
});

test("a cell names which answer leads in how many seeds, the most frequent first", () => {
  const [, cell] = cellAnswers(policyAnswers([runOf(1, "00"), runOf(2, "10"), runOf(3, "10")]));
  expect(cell.leaders).toEqual([
    { answer: "10", seeds: 2 },
    { answer: "00", seeds: 1 },
  ]);
  expect(cell.shares).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.05, 12), 0, 0]);
});

test("a diverged run has no final policy, and runs that recorded no answers have none", () => {
  const diverged = policyAnswers([runOf(1, "10", { hasDiverged: true })]);
  expect(diverged.map(({ method }) => method)).toEqual(["base"]);
  expect(policyAnswers([recordOf({ tier: "xs", method: "ttrl", seed: 1, base: 0.1, final: 0.1 })])).toEqual([]);
});

test("answers that are null where they must be there are an error", () => {
  const record = runOf(1, "10");
  const evaluations = record.evaluations.map((row) => ({ ...row, "eval/math-like/correct": null }));
  expect(() => policyAnswers([{ ...record, evaluations }])).toThrow(
    expect.objectContaining({ code: "finding/not-finite" }),
  );
});

test("right answers are those of the held-out problems", () => {
  const [{ prompt, answer }] = evaluationSets()["math-like"];
  expect(rightAnswerTo(prompt)).toBe(answer);
  expect(rightAnswerTo("1+1?")).toBeNull();
  const shares = rightAnswerShares();
  expect([...shares].sort((a, b) => b - a)).toEqual(shares);
  expect(shares[0]).toBeGreaterThan(1 / 500);
  expect(shares[0]).toBeLessThan(0.05); // no guess can win much
});

test("the table names answers and seeds within its width", () => {
  const seeds = ["10", "10", "00", "11", "12"].map((leader, index) => runOf(index + 1, leader));
  const text = answersTable(cellAnswers(policyAnswers(seeds)), ["xs"], 90);
  expect(text).toMatch(/^xs +TTRL +80\.0 +85\.0 +15\.0 +5 +10\s\(2\), 00\s\(1\), 11\s\(1\), 1\smore$/m);
  for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(90);
  expect(answersTable([], ["xs"], 90)).toBe("Which answers policies give was not recorded in these runs.");
});
