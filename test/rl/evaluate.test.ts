import { afterAll, describe, expect, test } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import type { RunSettings } from "../../src/rl/settings.ts";
import { digitProblems, digitTask, recording, tinyRun, tinySettings } from "./tiny-run.ts";

const device = await createWasmDevice();
afterAll(() => device.close());

const SETS = { "held-out": digitProblems.slice(0, 30), other: digitProblems.slice(30, 40).reverse() };
const preset = tinySettings("ttrl");

async function rowsWith(evaluation: Partial<RunSettings["evaluation"]>, task = digitTask) {
  const settings = { ...preset, evaluation: { ...preset.evaluation, ...evaluation } };
  const record = recording();
  await tinyRun(device, settings, { evaluationSets: SETS, task }).trainer.run(record);
  return record;
}

describe("sets of the ends", () => {
  test("are evaluated at the first and at the last step, with the same columns in every row", async () => {
    const { evaluations } = await rowsWith({ endSets: ["other"] }, { ...digitTask, reflects: () => true });
    expect(evaluations.map(({ step }) => step)).toEqual([0, 8, 16, 20]);
    expect(evaluations.map((row) => row["eval/other/correct"]?.length ?? null)).toEqual([10, null, null, 10]);
    const names = Object.keys(evaluations[0]);
    for (const row of evaluations) expect(Object.keys(row)).toEqual(names);
    const columns = names.filter((name) => name.startsWith("eval/other/"));
    expect(columns).toHaveLength(11);
    for (const name of columns) expect(Reflect.get(evaluations[1], name)).toBeNull();
    for (const [name, value] of Object.entries(evaluations[0])) expect(value, name).not.toBeNull();
  });

  test("change nothing about the others", async () => {
    const [alone, beside] = [await rowsWith({}), await rowsWith({ endSets: ["other"] })];
    expect(beside.steps).toEqual(alone.steps);
    for (const [index, row] of alone.evaluations.entries()) expect(beside.evaluations[index]).toMatchObject(row);
  });

  test("are evaluated under the draws of a set that is evaluated always", async () => {
    const [atEnds, always] = [await rowsWith({ endSets: ["other"] }), await rowsWith({ sets: ["held-out", "other"] })];
    for (const column of ["eval/other/correct", "eval/other/accuracy", "eval/other/mean_length"] as const) {
      expect(atEnds.evaluations[3][column]).toEqual(always.evaluations[3][column]);
    }
  });
});

describe("samples", () => {
  test("are the first response to the first problem of each level of the first set, at the ends", async () => {
    const { evaluations } = await rowsWith({ sets: ["other", "held-out"], samplesPerProblem: 3 });
    expect(evaluations.some((row) => "eval/held-out/samples" in row)).toBe(false);
    expect(evaluations.map((row) => row["eval/other/samples"] === null)).toEqual([false, true, true, false]);
    for (const row of [evaluations[0], evaluations[3]]) {
      const samples = row["eval/other/samples"]!;
      expect(samples.map(({ level, prompt }) => [level, prompt])).toEqual([
        [1, "5"],
        [2, "6"],
        [3, "7"],
        [4, "8"],
        [5, "9"],
      ]);
      for (const { level, prompt, response, answer, correct } of samples) {
        expect(answer === null || answer === response).toBe(true);
        expect(correct).toBe(answer === prompt);
        // the set is in descending order of digits: the last five problems of ten repeat the levels 5 to 1
        expect(row["eval/other/correct"]![3 * (5 - level)]).toBe(correct ? "1" : "0");
      }
    }
  });
});

describe("reflection", () => {
  test("is the share of the responses that the task says reflect", async () => {
    const task = { ...digitTask, reflects: (text: string) => text.length > 1 };
    const { steps, evaluations } = await rowsWith({}, task);
    expect(evaluations[0]["eval/held-out/reflection_share"]).toBeGreaterThan(0);
    for (const row of steps) expect(row["labelfree/reflection_share"]).toBeLessThanOrEqual(1);
    const all = await rowsWith({}, { ...digitTask, reflects: () => true });
    expect(all.steps.every((row) => row["labelfree/reflection_share"] === 1)).toBe(true);
    expect(all.evaluations.every((row) => row["eval/held-out/reflection_share"] === 1)).toBe(true);
  });

  test("is null where the task cannot tell", async () => {
    const unknown = await rowsWith({}, { ...digitTask, reflects: () => null });
    const without = await rowsWith({});
    expect(unknown.steps.every((row) => row["labelfree/reflection_share"] === null)).toBe(true);
    expect(without.steps).toEqual(unknown.steps);
    expect(without.evaluations).toEqual(unknown.evaluations);
  });
});
