import { describe, expect, it } from "vitest";
import type { DataSettings } from "../../src/rl/settings.ts";
import { type RunSpec, toRun } from "../../src/runs/spec.ts";
import { trainingData } from "../../src/runs/training-data.ts";
import { evaluationSets } from "../../src/tasks/micro/evaluation-sets.ts";
import { FORMS, LEVELS } from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";
import { evaluatePrompt } from "../tasks/evaluate.ts";

const dataOf = (data: Partial<DataSettings>, changes: RunSpec = {}) => trainingData(toRun({ ...changes, data }));
const countsOf = (problems: readonly Problem[]) =>
  LEVELS.map((level) => problems.filter((problem) => problem.level === level).length);
const chainsOf = (problems: readonly Problem[]) => problems.map(({ prompt }) => evaluatePrompt(prompt, 100).chain);

describe("training data", () => {
  it("is by default a natural set of 2000 sums in level order", () => {
    const { problems, task } = trainingData(toRun({}));
    expect(task.name).toBe("micro");
    expect(countsOf(problems)).toEqual([172, 360, 420, 512, 536]);
    expect(problems.map(({ level }) => level)).toEqual(problems.map(({ level }) => level).sort((a, b) => a - b));
    expect(problems.every(({ prompt }) => evaluatePrompt(prompt, 100).form === "sum")).toBe(true);
  });

  it.each(FORMS)(
    "is written as a %s where data.form says so, right and with no chain of an evaluation problem",
    (form) => {
      const { problems, evaluationSets: sets } = dataOf({ form });
      expect(countsOf(problems)).toEqual([172, 360, 420, 512, 536]);
      for (const { prompt, answer } of problems) {
        expect(evaluatePrompt(prompt, 100)).toMatchObject({ form, answer: Number(answer) });
      }
      const heldOut = new Set(chainsOf(Object.values(sets).flat()));
      const chains = chainsOf(problems);
      expect(chains.filter((chain) => heldOut.has(chain))).toEqual([]);
      expect(new Set(chains).size).toBe(2000);
    },
  );

  it("has few easy problems where data.skew is scarce, and the full set makes up for it by generated ones", () => {
    const scarce = dataOf({ skew: "scarce", size: 1000 }).problems;
    expect(countsOf(scarce)).toEqual([20, 80, 200, 330, 370]);
    expect(scarce.filter(({ generated }) => generated)).toEqual([]);
    const full = dataOf({ skew: "scarce", set: "full", size: 1000 }).problems;
    expect(countsOf(full)).toEqual([200, 200, 200, 200, 200]);
    expect(countsOf(full.filter(({ generated }) => generated))).toEqual([180, 120, 0, 0, 0]);
    const usual = dataOf({ set: "full", size: 1000 }).problems;
    expect(countsOf(usual.filter(({ generated }) => generated))).toEqual([114, 20, 0, 0, 0]);
    expect(countsOf(dataOf({ skew: "scarce" }).problems)).toEqual([40, 160, 400, 660, 740]);
  });

  it("keeps its size and the proportions of the levels that remain, by largest remainder", () => {
    expect(countsOf(dataOf({ levels: [1, 2], size: 1000 }).problems)).toEqual([323, 677, 0, 0, 0]);
    expect(countsOf(dataOf({ levels: [1, 2, 3], size: 1000 }).problems)).toEqual([181, 378, 441, 0, 0]);
    expect(countsOf(dataOf({ levels: [1, 2, 3, 4], size: 1000 }).problems)).toEqual([117, 246, 287, 350, 0]);
    expect(countsOf(dataOf({ levels: [5], size: 24 }).problems)).toEqual([0, 0, 0, 0, 24]);
    expect(countsOf(dataOf({ levels: [3, 1], set: "full", size: 25 }).problems)).toEqual([13, 0, 12, 0, 0]);
    expect(countsOf(dataOf({ levels: [1, 2, 3], skew: "scarce", size: 300 }).problems)).toEqual([20, 80, 200, 0, 0]);
  });

  it("repeats a chain only where a level has no other left", () => {
    expect(new Set(chainsOf(dataOf({ levels: [1] }).problems)).size).toBe(600 - 186);
    expect(new Set(chainsOf(dataOf({ levels: [1, 2], size: 1000 }).problems)).size).toBe(1000);
  });

  it("is the same for every seed, order, method and base", () => {
    const usual = trainingData(toRun({}));
    const specs: RunSpec[] = [
      { seed: 9 },
      { method: "intuitor" },
      { base: { tier: "l" } },
      { data: { order: "reverse" } },
    ];
    for (const spec of specs) expect(trainingData(toRun(spec))).toEqual(usual);
  });

  it("is evaluated on the same sets whatever is trained on", () => {
    for (const data of [{ form: "story" }, { skew: "scarce" }, { levels: [1] }] as const) {
      expect(dataOf(data).evaluationSets).toEqual({ ...evaluationSets() });
    }
  });

  it("has a hash that changes with form, skew, set, levels and size", () => {
    const changes: Partial<DataSettings>[] = [
      ...[{}, { form: "story" }, { form: "choice" }, { form: "program" }, { skew: "scarce" }],
      ...[{ set: "full" }, { levels: [1, 2] }, { size: 1000 }],
    ] as Partial<DataSettings>[];
    expect(new Set(changes.map((data) => dataOf(data).sha256)).size).toBe(changes.length);
    expect(dataOf({}).sha256).toBe(dataOf({ form: "sum", skew: "math", set: "natural" }).sha256);
  });

  it("is refused for a task that there is not", () => {
    expect(() => trainingData({ ...toRun({}), task: "math" })).toThrow(
      expect.objectContaining({
        code: "data/unknown-task",
        message: 'task: unknown task, got "math", expected "micro"',
      }),
    );
  });
});

describe("a spec of the data", () => {
  it.each([
    [
      "form",
      { form: "poem" },
      /^data\.form: unknown value, got "poem", expected "sum" or "story" or "choice" or "program"$/,
    ],
    ["skew", { skew: "flat" }, /^data\.skew: unknown value, got "flat", expected "math" or "scarce"$/],
  ])("is refused with an unknown %s", (_, data, message) => {
    expect(() => toRun({ data } as unknown as RunSpec)).toThrow(message);
  });
});
