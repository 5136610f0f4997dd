import { describe, expect, test } from "vitest";
import { analyseCollapse } from "../../../src/findings/collapse/analysis.ts";
import { analyseMainTable } from "../../../src/findings/main-table/analysis.ts";
import type { AnsweredRun } from "./records.ts";
import { answeredRow, answeredRun, answeredSweep, everywhere } from "./records.ts";

const run = (method: AnsweredRun["method"], seed: number, base: string, final: string): AnsweredRun => {
  return { tier: "xs", method, seed, base: everywhere(base), final: everywhere(final) };
};

describe("a table computed by hand", () => {
  // seeds 1 and 4 start from one base checkpoint: its accuracy is the mean of both runs' evaluations at step 0
  const analysis = analyseMainTable(
    [
      run("cuma", 1, "1000", "1100"),
      run("cuma", 2, "0000", "1110"),
      run("cuma", 4, "1110", "1111"),
      run("ttrl", 1, "1000", "0000"),
      run("ttrl", 2, "0000", "0100"),
    ].map(answeredRun),
  );
  const cell = (method: string) => analysis.cells.find((row) => row.method === method && row.benchmark === "lcb-like");
  const difference = (first: string, second: string, benchmark: string) =>
    analysis.differences.find((row) => row.first === first && row.second === second && row.benchmark === benchmark);

  test("has the means over seeds, each base under every seed that starts from it", () => {
    expect(cell("cuma")).toMatchObject({ mean: (2 + 3 + 4) / 12, n: 3 });
    expect(cell("ttrl")).toMatchObject({ mean: 1 / 8, n: 2 });
    const firstBase = (1 / 4 + 3 / 4 + 1 / 4) / 3; // of three runs
    expect(cell("base")?.mean).toBeCloseTo((firstBase + 0 + firstBase) / 3, 12);
    expect(cell("base")?.n).toBe(3);
  });

  test("has differences over the seeds that both have", () => {
    expect(difference("cuma", "ttrl", "aime-like")).toMatchObject({ estimate: (2 / 4 + 2 / 4) / 2, n: 2 });
    const base = (5 / 12 + 0 + 5 / 12) / 3;
    expect(difference("cuma", "base", "gpqa-like")?.estimate).toBeCloseTo(3 / 4 - base, 12);
    expect(difference("cuma", "grpo", "gpqa-like")).toBeUndefined();
  });

  test("has the difference of interquartile means over all benchmarks and seeds", () => {
    // CuMa: 1/2 and 3/4 five times each; of the ten the two at each end go: 1/2 and 3/4 three times each
    // TTRL: 0 and 1/4 five times each: 1/8
    expect(difference("cuma", "ttrl", "iqm")?.estimate).toBeCloseTo(5 / 8 - 1 / 8, 12);
    const aggregate = analysis.aggregates.find(({ method }) => method === "ttrl");
    expect(aggregate?.iqm.estimate).toBeCloseTo(1 / 8, 12);
  });

  test("has the probability that a run beats one of the base, ties counted half", () => {
    // the base has 5/12, 0 and 5/12; TTRL's 0 ties with one of three, its 1/4 beats one of three
    const aggregate = analysis.aggregates.find(({ method }) => method === "ttrl");
    expect(aggregate?.improvement?.estimate).toBeCloseTo((0.5 + 1) / 6, 12);
    expect(analysis.aggregates.find(({ method }) => method === "base")?.improvement).toBeNull();
  });

  test("sees nothing smaller than the spread of its seeds allows", () => {
    expect(difference("cuma", "ttrl", "aime-like")?.sees).toBe(0); // both seeds differ by 1/2
    expect(difference("ttrl", "base", "aime-like")?.sees).toBeGreaterThan(1); // 2 seeds, -5/12 and +1/4
  });
});

test("on sums it agrees with the finding that shares its runs", () => {
  const records = answeredSweep({ seeds: 4, tiers: ["xs", "l"] });
  const [table, collapse] = [analyseMainTable(records), analyseCollapse(records.map(withLevels))];
  expect(table.finals).toEqual(collapse.finals);
  for (const { tier, first, second, benchmark, estimate } of table.differences) {
    if (benchmark !== "math-like" || second !== "base") continue;
    const gains = collapse.finals.filter((row) => row.tier === tier && row.method === first).map(({ gain }) => gain);
    expect(estimate).toBeCloseTo(gains.reduce((sum, gain) => sum + gain, 0) / gains.length, 12);
  }
});

test("every difference has an interval that holds it", () => {
  const { differences, aggregates } = analyseMainTable(answeredSweep({ seeds: 5, tiers: ["m"] }));
  expect(differences).toHaveLength(6 * 6);
  for (const { estimate, low, high, n } of [...differences, ...aggregates.map(({ iqm }) => iqm)]) {
    expect(n).toBe(5);
    expect(low!).toBeLessThanOrEqual(estimate);
    expect(high!).toBeGreaterThanOrEqual(estimate);
    expect(high!).toBeGreaterThan(low!);
  }
});

test("one seed has no intervals", () => {
  const { cells, differences, aggregates } = analyseMainTable(answeredSweep({ seeds: 1, tiers: ["l"] }));
  for (const { low, high } of [...cells, ...differences, ...aggregates.map(({ iqm }) => iqm)]) {
    expect([low, high]).toEqual([null, null]);
  }
  expect(differences.every(({ sees }) => sees === null)).toBe(true);
});

test("a run that diverged is wrong on every item", () => {
  const broken = { ...run("cuma", 1, "1100", "1111"), hasDiverged: true };
  const { cells, scores } = analyseMainTable([answeredRun(broken)]);
  expect(cells.find(({ method }) => method === "cuma")?.mean).toBe(0);
  expect(scores.find(({ method }) => method === "cuma")?.items).toEqual([0, 0, 0, 0]);
});

test("several samples per problem make a share of each item", () => {
  const record = answeredRun(run("cuma", 1, "110100", "111111"));
  const evaluation = { ...record.run.evaluation, samplesPerProblem: 2 };
  const { scores, items } = analyseMainTable([{ ...record, run: { ...record.run, evaluation } }]);
  expect(scores.find(({ method }) => method === "base")?.items).toEqual([1, 0.5, 0]);
  expect(items["gpqa-like"]).toBe(3);
});

test("a benchmark that was not evaluated is an error, not a gap in the table", () => {
  const record = answeredRun(run("cuma", 1, "1100", "1111"));
  const { "eval/lcb-like/correct": _, ...row } = answeredRow(2, everywhere("1111"));
  expect(() => analyseMainTable([{ ...record, evaluations: [record.evaluations[0], row] }])).toThrow(
    expect.objectContaining({ code: "finding/not-finite", message: expect.stringContaining("lcb-like") }),
  );
});

test("the same records give the same table to the last bit, in whatever order they come", () => {
  const records = answeredSweep({ seeds: 3, tiers: ["xs", "l"] });
  expect(analyseMainTable([...records].reverse())).toEqual(analyseMainTable(records));
});

function withLevels(record: ReturnType<typeof answeredRun>): ReturnType<typeof answeredRun> {
  const levels = Object.fromEntries([1, 2, 3, 4, 5].map((level) => [`eval/math-like/level_${level}`, 0.5]));
  return { ...record, evaluations: record.evaluations.map((row) => ({ ...levels, ...row })) };
}
