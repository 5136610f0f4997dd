import { expect, test } from "vitest";
import { changedIngredients, compareRuns } from "../../src/records/compare-runs.ts";
import { syntheticRun } from "./synthetic-run.ts";

const RUN = syntheticRun({ method: "ttrl", seed: 1 });

test("a run equals itself, from whatever sources and in however many sessions", () => {
  const again = { ...RUN, result: { ...RUN.result, resumedFrom: 2, source: "other", key: "other" } };
  expect(compareRuns(RUN, again)).toEqual([]);
  expect(changedIngredients(RUN.result, again.result)).toEqual(["source"]);
});

test("other weights are a difference", () => {
  const other = { ...RUN, result: { ...RUN.result, weightsHash: "ff" } };
  const expected = JSON.stringify(RUN.result.weightsHash);
  expect(compareRuns(RUN, other)).toEqual([{ what: "weightsHash", expected, found: '"ff"' }]);
});

test("the last bit of one number is a difference, with its place", () => {
  const reward = RUN.steps[1].reward as number;
  const [next] = new Float64Array(
    new BigUint64Array([new BigUint64Array(Float64Array.of(reward).buffer)[0] ^ 1n]).buffer,
  );
  const steps = RUN.steps.map((row, index) => (index === 1 ? { ...row, reward: next } : row));
  expect(compareRuns(RUN, { ...RUN, steps })).toEqual([
    { what: "step 2: reward", expected: String(JSON.stringify(reward)), found: JSON.stringify(next) },
  ]);
});

test("a missing row and a changed answer are differences", () => {
  const evaluations = RUN.evaluations.map((row) => ({ ...row, "eval/math-like/correct": "0111" }));
  const differences = compareRuns(RUN, { ...RUN, evaluations, steps: RUN.steps.slice(0, 2) });
  const places = differences.map(({ what }) => what);
  expect(places).toContain("step 3: loss");
  expect(places.filter((what) => what.startsWith("eval"))).toEqual([
    "evaluation at step 0: eval/math-like/correct",
    "evaluation at step 1: eval/math-like/correct",
    "evaluation at step 3: eval/math-like/correct",
  ]);
});

test("the weights of a run that diverged are NaNs whose bits are left open; that it diverged is not", () => {
  const diverged = { ...RUN, result: { ...RUN.result, hasDiverged: true } };
  const elsewhere = { ...RUN, result: { ...diverged.result, weightsHash: "ff" } };
  expect(compareRuns(diverged, elsewhere)).toEqual([]);
  expect(compareRuns(RUN, elsewhere).map(({ what }) => what)).toEqual(["weightsHash", "hasDiverged"]);
});
