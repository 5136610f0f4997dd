import { expect, test } from "vitest";
import type { RunRecord } from "../../../src/findings/run-record.ts";
import type { Verdict } from "../../../src/findings/verdict.ts";
import { analyseVotes } from "../../../src/findings/votes/analysis.ts";
import { armOf, KEEP_RULES } from "../../../src/findings/votes/arms.ts";
import { bankVotes } from "../../../src/findings/votes/bank-votes.ts";
import { votesFigures } from "../../../src/findings/votes/figures.ts";
import { votesSweep } from "../../../src/findings/votes/sweep.ts";
import { judgeVotes } from "../../../src/findings/votes/verdicts.ts";
import { votesTable } from "../../../src/findings/votes/votes-table.ts";
import type { VoteBank } from "../../../src/findings/votes/vote-bank.ts";
import { bankRequests, voteBanks } from "../../../src/findings/votes/vote-banks.ts";
import { toRun } from "../../../src/runs/spec.ts";
import { banksOf, plausibleFinal, sweepRecords } from "./vote-records.ts";

const BANKS = banksOf({ xs: 0.3, m: 0.6 });
/** No wrong answer is popular, so that more votes are better ones. */
const GOOD_BANKS = banksOf({ xs: 0.75, m: 0.8 }, [1, 2, 3], 0.05);
const plausible = sweepRecords(plausibleFinal);

function judge(records: readonly RunRecord[], banks: readonly VoteBank[] | null): [repair: Verdict, suffice: Verdict] {
  const analysis = analyseVotes(records, banks);
  const [repair, suffice] = judgeVotes({ scale: "micro", analysis, missing: [] });
  return [repair, suffice];
}

function bankOf(answers: readonly (string | null)[], answer = "42"): VoteBank {
  const entries = [{ level: 1, answer, answers }];
  return { tier: "xs", baseSeed: 1, problems: 1, samples: answers.length, seed: 1, key: "k", entries };
}

test("runs of one comparison share their rollouts, or their problems, and all their updates", () => {
  const runs = votesSweep({ scale: "micro", seeds: 1 }).map(toRun);
  const cost = ({ rollouts, data }: (typeof runs)[number]) => rollouts.samplesPerPrompt * data.size;
  const of = (budget: "rollouts" | "problems") => runs.filter((run) => armOf(run).budgets.includes(budget));
  expect(new Set(of("rollouts").map(cost))).toEqual(new Set([8000]));
  expect(new Set(of("problems").map(({ data }) => data.size))).toEqual(new Set([1000]));
  expect(new Set(of("problems").map(cost))).toEqual(new Set([4000, 8000, 16000, 32000, 64000]));
  expect(new Set(runs.map(({ data, rollouts }) => data.size / rollouts.promptsPerStep))).toEqual(new Set([125]));
});

test("the whole study costs less than 150 ordinary runs, and trains no run twice", () => {
  const runs = votesSweep({ scale: "micro", seeds: 5 }).map(toRun);
  const rollouts = runs.reduce((sum, run) => sum + run.rollouts.samplesPerPrompt * run.data.size, 0);
  expect(rollouts / 16_000).toBeLessThan(150);
  expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(runs.length);
});

test("more seeds only add runs, and smoke needs the tiers xs and l alone", () => {
  const three = votesSweep({ scale: "micro", seeds: 3 });
  expect(votesSweep({ scale: "micro", seeds: 5 }).slice(0, three.length)).toEqual(three);
  const smoke = votesSweep({ scale: "smoke", seeds: 1 });
  expect(new Set(smoke.map(({ base }) => base?.tier))).toEqual(new Set(["xs", "l"]));
});

test("a rule is left out where it would keep the same groups as another", () => {
  const [two, three, half] = KEEP_RULES;
  expect(half.sizes).not.toContain(4); // half of four is two
  expect(two.sizes).toContain(64);
  expect(three.sizes).not.toContain(64);
});

test("a run that is not of the sweep has no arm", () => {
  expect(() => armOf(toRun({ method: "cuma", rollouts: { samplesPerPrompt: 6 } }))).toThrow(
    /votes: got a run with N 6/,
  );
});

test("votes are counted in groups of the answers' order", () => {
  const [one, two, four] = bankVotes([bankOf(["42", "42", "10", "42"])]);
  expect([one.size, two.size, four.size]).toEqual([1, 2, 4]);
  expect(one.correct).toEqual([0.75]);
  expect(two.correct).toEqual([0.5]); // 42 42 is right; 10 42 ties and goes to the first seen
  expect(four.correct).toEqual([1]);
});

test("a vote needs as many rollouts as it takes until the rest cannot change it", () => {
  const [, two, four] = bankVotes([bankOf(["42", "42", "10", "42"])]);
  // of two: the first answer wins a tie, so one is enough; of four: after two equal ones the other two can only tie
  expect(two.needed).toEqual([1]);
  expect(four.needed).toEqual([2]);
});

test("what a rule drops is counted over all votes, and what it keeps judged apart", () => {
  const votes = bankVotes([bankOf(["42", "42", "10", "11", "10", "10", "10", "12"])]).find(({ size }) => size === 4);
  expect(votes?.dropped).toEqual({ two: 0, three: 0.5, half: 0 });
  expect(votes?.keptCorrect).toEqual({ two: 0.5, three: 0, half: 0.5 });
  const [single] = bankVotes([bankOf(["42", "42"])]);
  expect(single).toMatchObject({ dropped: { two: 1, half: 0 }, keptCorrect: { two: null, half: 1 } });
});

test("an answer that could not be extracted is never the winner", () => {
  const [, , four] = bankVotes([bankOf([null, null, null, "42"])]);
  expect(four.correct).toEqual([1]);
});

test("the reference run stands in both comparisons, every other run in one", () => {
  const { runs, means } = analyseVotes(plausible, null);
  const both = runs.filter(({ budgets }) => budgets.length === 2);
  expect(new Set(both.map(({ size, rule }) => `${size} ${rule}`))).toEqual(new Set(["8 two"]));
  expect(means.filter(({ size, rule }) => size === 8 && rule === "two")).toHaveLength(4);
  expect(new Set(means.map(({ n }) => n))).toEqual(new Set([5]));
});

test("the analysis does not depend on the order of the records", () => {
  expect(analyseVotes([...plausible].reverse(), BANKS)).toEqual(analyseVotes(plausible, BANKS));
});

test("more votes that make a better model are reproduced, and then fewer do not suffice", () => {
  const [repair, suffice] = judge(
    sweepRecords(({ tier, size, noise }) => (tier === "xs" ? 0.15 : 0.4) + 0.05 * Math.log2(size) + 0.002 * noise),
    GOOD_BANKS,
  );
  expect(repair.parts.map(({ verdict }) => verdict)).toEqual(["reproduced", "reproduced"]);
  expect(repair.verdict).toBe("reproduced");
  expect(suffice.verdict).toBe("not reproduced");
});

test("better votes without a better model repair nothing", () => {
  const [repair] = judge(
    sweepRecords(({ noise }) => 0.3 + 0.002 * noise),
    GOOD_BANKS,
  );
  expect(repair.verdict).not.toBe("reproduced");
  expect(repair.decidedBy?.label).toMatch(/final accuracy/);
});

test("more votes for a popular wrong answer are worse ones", () => {
  const [repair] = judge(plausible, banksOf({ xs: 0.2 }));
  expect(repair.parts[0].verdict).toBe("not reproduced");
  expect(repair.verdict).toBe("not reproduced");
});

test("four rollouts suffice where they lose less than the margin", () => {
  const [, suffice] = judge(
    sweepRecords(({ tier, size, noise }) => (tier === "xs" ? 0.2 : 0.5) - 0.02 / size + 0.001 * noise),
    BANKS,
  );
  expect(suffice.verdict).toBe("reproduced");
  expect(suffice.parts.map(({ label }) => label)).toEqual([
    "xs: final accuracy, N 4 − N 8, same problems",
    "m: final accuracy, N 4 − N 8, same problems",
  ]);
  expect(suffice.sideMeasures.map(({ label }) => label)).toContain(
    "xs: rollouts saved by stopping once the vote of N 8 is decided, before training",
  );
});

test("without a vote bank claim 27 is not run, and says how to make one", () => {
  const [repair, suffice] = judge(plausible, null);
  expect(repair).toMatchObject({ verdict: "not run", why: expect.stringContaining("labelfree reproduce votes") });
  expect(suffice.verdict).not.toBe("not run");
});

test("a smoke study with one seed concludes nothing", () => {
  const [repair, suffice] = judge(sweepRecords(plausibleFinal, 1), banksOf({ xs: 0.75 }, [1]));
  expect(repair.verdict).toBe("inconclusive at this n");
  expect(suffice.verdict).toBe("inconclusive at this n");
});

test("banks come back from what is written for them", () => {
  const written = JSON.parse(JSON.stringify(voteBanks.toJson(BANKS)));
  expect(voteBanks.parse(written)).toEqual(BANKS);
});

test("a damaged bank file is an error that says how to make it anew", () => {
  const written = JSON.parse(JSON.stringify(voteBanks.toJson(BANKS)));
  written[0].entries[3] = written[0].entries[3].slice(0, -2);
  expect(() => voteBanks.parse(written)).toThrow(/vote-banks\.json.*all their answers; labelfree reproduce votes/);
});

test("micro banks are of the four main tiers and three bases each", () => {
  const requests = bankRequests("micro");
  expect(new Set(requests.map(({ tier }) => tier))).toEqual(new Set(["xs", "s", "m", "l"]));
  expect(requests).toHaveLength(12);
  expect(() => bankRequests("paper")).toThrow(/scale paper/);
});

test("there is a figure of the banks only where there are banks", () => {
  expect(Object.keys(votesFigures(analyseVotes(plausible, null), "micro"))).toEqual(["votes-accuracy"]);
  expect(Object.keys(votesFigures(analyseVotes(plausible, BANKS), "micro"))).toEqual([
    "votes-accuracy",
    "votes-before-training",
  ]);
});

test("the table has a row per arm and comparison, what stopping saves, and why classes are no column", () => {
  const text = votesTable(analyseVotes(plausible, BANKS), ["xs", "m"], "micro", 120);
  expect(text.match(/equal rollouts/g)).toHaveLength(2 * 12);
  expect(text.match(/equal problems/g)).toHaveLength(2 * 5);
  expect(text).toMatch(/votes\.equivalence/);
  for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(120);
});
