import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanSettings } from "../../src/rl/curriculum.ts";
import { planData } from "../../src/rl/curriculum.ts";

// the natural set of the micro world, in its order of levels
const LEVELS = [86, 180, 210, 256, 268].flatMap((count, index) => Array<number>(count).fill(index + 1));
const SETTINGS: PlanSettings = { seed: 1, order: "shuffled", epochs: 1, promptsPerStep: 8 };

function allProblems(settings: PlanSettings, levels: readonly number[] = LEVELS): number[] {
  const plan = planData(levels, settings);
  return Array.from({ length: plan.totalSteps }, (_, index) => plan.problemsAt(index + 1)).flat();
}

describe("data plan", () => {
  test("an epoch takes each problem once, in every order", () => {
    for (const order of ["shuffled", "curriculum", "reverse"] as const) {
      expect(allProblems({ ...SETTINGS, order }).sort((a, b) => a - b)).toEqual(LEVELS.map((_, index) => index));
    }
  });

  test("a curriculum climbs the levels, its reverse descends them, and a shuffle does neither", () => {
    const levelsOf = (order: PlanSettings["order"]) => allProblems({ ...SETTINGS, order }).map((p) => LEVELS[p]);
    expect(levelsOf("curriculum")).toEqual(LEVELS);
    expect(levelsOf("reverse")).toEqual(LEVELS.toReversed());
    expect(new Set(levelsOf("shuffled").slice(0, 40)).size).toBe(5);
  });

  test("within a level problems are shuffled", () => {
    const firstLevel = allProblems({ ...SETTINGS, order: "curriculum" }).slice(0, 86);
    expect(firstLevel).not.toEqual(firstLevel.toSorted((a, b) => a - b));
  });

  test("the same seed gives the same plan, another seed or epoch another order", () => {
    expect(allProblems(SETTINGS)).toEqual(allProblems(SETTINGS));
    expect(allProblems(SETTINGS)).not.toEqual(allProblems({ ...SETTINGS, seed: 2 }));
    const twoEpochs = allProblems({ ...SETTINGS, epochs: 2 });
    expect(twoEpochs.length).toBe(2000);
    expect(twoEpochs.slice(0, 1000)).toEqual(allProblems(SETTINGS));
    expect(twoEpochs.slice(1000)).not.toEqual(twoEpochs.slice(0, 1000));
  });

  test("stages of equal levels have equal numbers of steps", () => {
    const levels = Array.from({ length: 1000 }, (_, index) => 1 + (index % 5));
    const { stages } = planData(levels, { ...SETTINGS, order: "curriculum" });
    expect(stages).toEqual(
      [1, 2, 3, 4, 5].map((level) => ({ epoch: 0, level, firstStep: 25 * (level - 1) + 1, steps: 25 })),
    );
  });

  test("a batch that crosses to the next level belongs to the stage of its first problem", () => {
    const plan = planData(LEVELS, { ...SETTINGS, order: "curriculum" });
    // 86 problems of level 1: step 11 takes the last six and two of level 2
    expect(plan.problemsAt(11).map((problem) => LEVELS[problem])).toEqual([1, 1, 1, 1, 1, 1, 2, 2]);
    expect(plan.stageAt(11)).toMatchObject({ level: 1, firstStep: 1, steps: 11 });
    expect(plan.stageAt(12)).toMatchObject({ level: 2, firstStep: 12 });
  });

  test("stages cover each step once", () => {
    const settings = fc.record({
      seed: fc.integer(),
      order: fc.constantFrom<PlanSettings["order"]>("shuffled", "curriculum", "reverse"),
      epochs: fc.integer({ min: 1, max: 3 }),
      promptsPerStep: fc.integer({ min: 1, max: 9 }),
    });
    const levels = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 9, maxLength: 60 });
    fc.assert(
      fc.property(levels, settings, (levelList, planSettings) => {
        const plan = planData(levelList, planSettings);
        let next = 1;
        for (const stage of plan.stages) {
          expect(stage.firstStep).toBe(next);
          expect(stage.steps).toBeGreaterThan(0);
          next += stage.steps;
        }
        expect(next).toBe(plan.totalSteps + 1);
        expect(plan.totalSteps).toBe(Math.floor(levelList.length / planSettings.promptsPerStep) * planSettings.epochs);
      }),
    );
  });

  test("an epoch's incomplete last batch is dropped", () => {
    const plan = planData(LEVELS.slice(0, 19), { ...SETTINGS, epochs: 2 });
    expect(plan.totalSteps).toBe(4);
    expect([1, 2, 3, 4].map((step) => plan.problemsAt(step).length)).toEqual([8, 8, 8, 8]);
  });

  test("too few problems for one batch are refused with both numbers", () => {
    expect(() => planData([1, 2, 3], SETTINGS)).toThrow(/got 3, expected at least promptsPerStep 8/);
  });
});
