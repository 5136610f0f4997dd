import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EvaluationMetrics, StepMetrics } from "../../src/rl/metrics.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { planRuns } from "../../src/runs/prepare-run.ts";
import { readRows } from "../../src/runs/row-log.ts";
import { runDirectory } from "../../src/runs/run-store.ts";
import { type RunSpec, toRun } from "../../src/runs/spec.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "./tiny-base.ts";

async function trained(changes: RunSpec) {
  const root = temporaryDirectory();
  const run = toRun(tinySpec(saveTinyBase(root), changes));
  const result = await executeRun(run, { root });
  expect(planRuns([run])[0]).toMatchObject({ key: result.key, totalSteps: result.totalSteps });
  expect(result).toMatchObject({ hasDiverged: false, steps: result.totalSteps });
  const directory = runDirectory(root, result.key);
  const steps = readRows<StepMetrics>(join(directory, "metrics.jsonl"));
  return {
    result,
    steps,
    levels: steps.map((row) => row["labelfree/level"]),
    rates: steps.map((row) => row.learning_rate),
    evaluations: readRows<EvaluationMetrics>(join(directory, "evaluations.jsonl")),
  };
}

describe("settings of a run, from spec to rows", () => {
  it("walk the levels of a curriculum again in each epoch", async () => {
    const { levels, result } = await trained({ data: { size: 40, set: "full", order: "curriculum" }, epochs: 2 });
    expect(result.totalSteps).toBe(20);
    const epoch = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
    expect(levels).toEqual([...epoch, ...epoch]);
  });

  it("start the schedule again at each stage of a curriculum", async () => {
    const data = { size: 40, set: "full", order: "curriculum" } as const;
    const optimizer = { learningRate: 0.01, warmupShare: 0.5, restartPerStage: true };
    const { rates } = await trained({ data, optimizer });
    expect(rates).toEqual([0, 0.01, 0, 0.01, 0, 0.01, 0, 0.01, 0, 0.01]);
    const once = await trained({ data, optimizer: { ...optimizer, restartPerStage: false } });
    expect(once.rates.filter((rate) => rate === 0)).toHaveLength(1);
  });

  it("keep a constant rate after the warm-up", async () => {
    const { rates } = await trained({ optimizer: { learningRate: 0.01, schedule: "constant", warmupShare: 0.25 } });
    expect(rates.slice(3)).toEqual(Array(9).fill(0.01));
    expect(rates.slice(0, 3)).toEqual(rates.slice(0, 3).toSorted((a, b) => Number(a) - Number(b)));
  });

  it("hold a policy near its base by a KL term with a small weight", async () => {
    const [none, weak] = [await trained({}), await trained({ loss: { klWeight: 0.005 } })];
    expect(none.steps.every(({ kl }) => kl === null)).toBe(true);
    expect(weak.steps[0].kl).toBeCloseTo(0, 6);
    expect(weak.steps.at(-1)!.kl).toBeGreaterThan(0);
    expect(weak.result.weightsHash).not.toBe(none.result.weightsHash);
  });

  it("evaluate the sets of the ends at the ends, and keep what a policy wrote there", async () => {
    const evaluation = { everySteps: 5, endSets: ["aime-like"] } as const;
    const { evaluations } = await trained({ evaluation });
    expect(evaluations.map(({ step }) => step)).toEqual([0, 5, 10, 12]);
    expect(evaluations.map((row) => row["eval/aime-like/correct"]?.length ?? null)).toEqual([100, null, null, 100]);
    const [first, , , last] = evaluations.map((row) => row["eval/math-like/samples"]);
    expect(first?.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5]);
    expect(last?.map(({ prompt }) => prompt)).toEqual(first?.map(({ prompt }) => prompt));
    expect(evaluations[1]["eval/math-like/samples"]).toBeNull();
  });
});
