import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planData, type PlanSettings, shuffleOfEpoch } from "../../src/rl/curriculum.ts";
import { distinctLevels } from "../../src/rl/level-pools.ts";
import type { GroupOutcome } from "../../src/rl/order-rule.ts";
import { createFeed, type FeedState, type ProblemFeed } from "../../src/rl/problem-feed.ts";

const FOUND = ["adaptive", "adarft"] as const;
const SETTINGS: PlanSettings = { seed: 1, order: "adaptive", epochs: 1, promptsPerStep: 8 };
// 30 problems of each of five levels, mixed
const LEVELS = Array.from({ length: 150 }, (_, index) => 1 + (index % 5));

type Behaviour = (level: number, step: number) => Partial<GroupOutcome>;

function feedOf(
  levels: readonly number[],
  settings: PlanSettings,
  at: { step: number; state?: FeedState } = { step: 0 },
) {
  const plan = planData(levels, settings);
  return { feed: createFeed({ levels, settings, plan, ...at }), plan };
}

/** Walks steps and returns the problems of each. */
function walk(
  feed: ProblemFeed,
  levels: readonly number[],
  steps: readonly number[],
  behaviour: Behaviour,
): number[][] {
  return steps.map((step) => {
    const problems = [...feed.next(step)];
    feed.learn(
      problems.map((index) => ({ level: levels[index], agreement: 0, accuracy: 0, ...behaviour(levels[index], step) })),
    );
    return problems;
  });
}

function walkAll(
  order: (typeof FOUND)[number],
  behaviour: Behaviour,
  levels = LEVELS,
  changes: Partial<PlanSettings> = {},
) {
  const { feed, plan } = feedOf(levels, { ...SETTINGS, order, ...changes });
  const steps = Array.from({ length: plan.totalSteps }, (_, index) => index + 1);
  return walk(feed, levels, steps, behaviour).map((step) => step.map((index) => levels[index]));
}

describe.each(FOUND)("the order %s", (order) => {
  test("uses no problem twice in an epoch and fills every step", () => {
    const anyLevels = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 8, maxLength: 90 });
    fc.assert(
      fc.property(
        anyLevels,
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (levels, promptsPerStep, value) => {
          const { feed, plan } = feedOf(levels, { ...SETTINGS, order, promptsPerStep, epochs: 2 });
          for (const epoch of [0, 1]) {
            const steps = Array.from(
              { length: plan.stepsPerEpoch },
              (_, index) => epoch * plan.stepsPerEpoch + index + 1,
            );
            const taken = walk(feed, levels, steps, (level) => ({ agreement: value, accuracy: value / level })).flat();
            expect(new Set(taken).size).toBe(plan.stepsPerEpoch * promptsPerStep);
            expect(taken.every((index) => levels[index] !== undefined)).toBe(true);
          }
        },
      ),
    );
  });

  test("goes on from a state stored as JSON at any step as if it had never stopped", () => {
    const settings = { ...SETTINGS, order, epochs: 2 };
    const behaviour: Behaviour = (level, step) => ({ agreement: 1 / level, accuracy: ((step * level) % 7) / 7 });
    const { feed, plan } = feedOf(LEVELS, settings);
    const steps = Array.from({ length: plan.totalSteps }, (_, index) => index + 1);
    const whole = walk(feed, LEVELS, steps, behaviour);
    const pieces: number[][] = [];
    let at: { step: number; state?: FeedState } = { step: 0 };
    for (const step of steps) {
      const piece = feedOf(LEVELS, settings, at).feed;
      pieces.push(...walk(piece, LEVELS, [step], behaviour));
      at = { step, state: JSON.parse(JSON.stringify(piece.state())) };
    }
    expect(pieces).toEqual(whole);
    expect(at.state).toEqual(feed.state());
  });

  test("takes each level in the epoch's shuffle, which another seed and another epoch change", () => {
    const firstOf = (seed: number) => feedOf(LEVELS, { ...SETTINGS, order, seed }).feed.next(1);
    const easiest = (seed: number, epoch: number) =>
      shuffleOfEpoch(150, seed, epoch).filter((index) => LEVELS[index] === 1);
    expect(firstOf(1)).toEqual(easiest(1, 0).slice(0, 8));
    expect(firstOf(2)).toEqual(easiest(2, 0).slice(0, 8));
    expect(firstOf(2)).not.toEqual(firstOf(1));
    expect(easiest(1, 1)).not.toEqual(easiest(1, 0));
  });

  test("has a plan of its length and one stage, and no problems before training", () => {
    const plan = planData(LEVELS, { ...SETTINGS, order, epochs: 2 });
    expect(plan).toMatchObject({ totalSteps: 36, stages: [{ epoch: 0, level: null, firstStep: 1, steps: 36 }] });
    expect(() => plan.problemsAt(1)).toThrow(/found while training, got a question for the problems of step 1/);
  });
});

describe("adaptive", () => {
  test("stays with the easiest level until its votes agree, and is the curriculum where they never do", () => {
    const levels = walkAll("adaptive", () => ({ agreement: 0.7 })).flat();
    expect(levels).toEqual(levels.toSorted((a, b) => a - b));
  });

  test("opens the next level after seven steps of full agreement, never on the luck of one", () => {
    const hardest = walkAll(
      "adaptive",
      () => ({ agreement: 1 }),
      Array.from({ length: 800 }, (_, i) => 1 + (i % 5)),
    ).map((step) => Math.max(...step));
    // 1 - 0.8^n is 0.74 after six steps and 0.79 after seven
    expect(hardest.slice(0, 8)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    expect(hardest.slice(14, 35)).toEqual([...Array(7).fill(3), ...Array(7).fill(4), ...Array(7).fill(5)]);
  });

  test("replays a quarter of a step from the easier level with most problems left", () => {
    const many = Array.from({ length: 800 }, (_, i) => 1 + (i % 5));
    const steps = walkAll("adaptive", () => ({ agreement: 1 }), many);
    expect(steps[7]).toEqual([2, 2, 2, 2, 2, 2, 1, 1]);
    // of 160 problems each, level 1 has given 56 and 14, level 2 only 42
    expect(steps[14]).toEqual([3, 3, 3, 3, 3, 3, 2, 2]);
  });

  test("does not look at correctness", () => {
    const agreeing = (accuracy: number) => walkAll("adaptive", (level) => ({ agreement: 1 / level, accuracy }));
    expect(agreeing(1)).toEqual(agreeing(0));
  });

  test("takes a false consensus for mastery, its known failure", () => {
    const many = Array.from({ length: 800 }, (_, i) => 1 + (i % 5));
    const hardest = walkAll("adaptive", () => ({ agreement: 1, accuracy: 0 }), many).map((step) => Math.max(...step));
    expect(hardest[40]).toBe(5);
  });

  test("knows in a second epoch what it learned in the first", () => {
    const steps = walkAll("adaptive", () => ({ agreement: 1 }), LEVELS, { epochs: 4 });
    expect(steps[54]).toContain(5);
  });

  test("begins an epoch at the easiest level that is not mastered, though the last one used all up", () => {
    const steps = walkAll("adaptive", (level) => ({ agreement: level < 3 ? 1 : 0.7 }), LEVELS, { epochs: 4 });
    for (const first of [36, 54]) expect(steps[first]).toEqual([3, 3, 3, 3, 3, 3, 2, 1]);
  });
});

describe("adarft", () => {
  test("moves the target by AdaRFT's rule", () => {
    const { feed } = feedOf(LEVELS, { ...SETTINGS, order: "adarft" });
    const targets = [1, 0.5, 0.75, 0].map((accuracy, index) => {
      walk(feed, LEVELS, [index + 1], () => ({ accuracy }));
      return (feed.state()!.rule as { target: number }).target;
    });
    // half of the range of four levels times tanh(2 (R - 0.5)); the target stays within the range
    const steps = [1, 0, 0.5, -1].map((x) => 2 * Math.tanh(x));
    const expected = [1 + steps[0], 1 + steps[0], 1 + steps[0] + steps[2], 1 + steps[2]];
    for (const [index, target] of targets.entries()) expect(target).toBeCloseTo(expected[index], 12);
  });

  test("keeps to the ends of the range", () => {
    expect(walkAll("adarft", () => ({ accuracy: 0 }))[1]).toEqual(Array(8).fill(1));
    const up = walkAll("adarft", () => ({ accuracy: 1 })).map((step) => step[0]);
    expect(up.slice(0, 4)).toEqual([1, 3, 4, 5]);
  });

  test("takes the nearest level that has problems left, the easier of two equally near", () => {
    const levels = walkAll("adarft", () => ({ accuracy: 0.5 })).flat();
    expect(levels).toEqual(levels.toSorted((a, b) => a - b));
    const onlyOne = walkAll("adarft", () => ({ accuracy: 1 }), Array(16).fill(3));
    expect(onlyOne).toEqual([Array(8).fill(3), Array(8).fill(3)]);
    expect(distinctLevels([3, 1, 3, 2])).toEqual([1, 2, 3]);
  });

  test("does not look at agreement", () => {
    const right = (agreement: number) => walkAll("adarft", (level) => ({ accuracy: 1 / level, agreement }));
    expect(right(1)).toEqual(right(0));
  });
});
