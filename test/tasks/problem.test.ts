import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chainSpace, isOfLevel } from "../../src/tasks/micro/chain.ts";
import { readPrompt } from "../../src/tasks/micro/forms.ts";
import { generateProblem, solve } from "../../src/tasks/micro/problem.ts";
import { FORMS, type Form, LEVELS, MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";
import { evaluatePrompt } from "./evaluate.ts";

const STEPS = [1, 2, 3, 4, 4];
const RANGES = [3, 4, 5, 7, 9];
const WIDE = toWorld({ modulus: 1000, answerWidth: 3 });

function drawLevel(level: number, count: number, form?: Form): Problem[] {
  const random = Random.fromSeed(`problems of level ${level}`);
  return Array.from({ length: count }, () => generateProblem(level, random, MICRO_WORLD, form));
}

const levelsOf = (prompt: string) =>
  LEVELS.filter((level) => isOfLevel(readPrompt(prompt, MICRO_WORLD).chain, level, MICRO_WORLD));

describe("problems", () => {
  it.each(LEVELS)("of level %i have its number of steps, and use all of its operands and no other", (level) => {
    for (const form of FORMS) {
      const operands = new Set<number>();
      const operators = new Set<string>();
      const starts = new Set<string>();
      for (const { prompt } of drawLevel(level, 2000, form)) {
        const { chain } = evaluatePrompt(prompt, 100);
        expect(chain).toMatch(/^[0-9]{2}([+-][1-9])+$/);
        const steps = chain.slice(2).match(/../g) ?? [];
        expect(steps.length).toBe(STEPS[level - 1]);
        starts.add(chain.slice(0, 2));
        for (const [operator, operand] of steps) {
          operators.add(operator);
          operands.add(Number(operand));
        }
      }
      expect(operands).toEqual(new Set(Array.from({ length: RANGES[level - 1] }, (_, index) => index + 1)));
      expect([...operators].sort()).toEqual(["+", "-"]);
      expect(starts.size).toBe(100);
    }
  });

  it.each(LEVELS)("of level %i carry the answer that an independent evaluator gives", (level) => {
    for (const form of FORMS) {
      for (const { prompt, answer, generated, ...problem } of drawLevel(level, 500, form)) {
        expect(answer).toMatch(/^[0-9]{2}$/);
        expect([Number(answer), form]).toEqual([evaluatePrompt(prompt, 100).answer, evaluatePrompt(prompt, 100).form]);
        expect([problem.level, generated]).toEqual([level, false]);
      }
    }
  });

  it("are sums unless another form is asked for", () => {
    expect(drawLevel(3, 100)).toEqual(drawLevel(3, 100, "sum"));
  });

  it("wrap around at both ends of the modulus, in every form", () => {
    expect(["99+3?", "eva has 99, wins 3?", "a=99;a+=3;print(a)?"].map((prompt) => solve(prompt))).toEqual(
      Array.from({ length: 3 }, () => "02"),
    );
    expect(solve("01-3?")).toBe("98");
    expect(solve("01-3 01)02 02)89 03)04 04)98?")).toBe("04");
    expect(solve("998+9?", WIDE)).toBe("007");
    expect(solve("000-9-9?", WIDE)).toBe("982");
  });

  it("have an id that depends on the prompt only", () => {
    const problems = LEVELS.flatMap((level) => FORMS.flatMap((form) => drawLevel(level, 100, form)));
    for (const { id, prompt } of problems) expect(id).toBe(`micro:${prompt.slice(0, -1)}`);
  });

  it("have as many chains per level as choices multiply to", () => {
    expect(LEVELS.map((level) => chainSpace(level, MICRO_WORLD))).toEqual([600, 6_400, 100_000, 3_841_600, 10_497_600]);
    expect(new Set(drawLevel(1, 20_000).map((problem) => problem.prompt)).size).toBe(600);
  });

  it("belong to each level that could have drawn their chain", () => {
    expect(levelsOf("37+5-2+7-1?")).toEqual([4, 5]);
    expect(levelsOf("tom has 37, gets 5, loses 2, gets 8, loses 1?")).toEqual([5]);
    expect(levelsOf("a=37;b=3;a+=b;print(a)?")).toEqual([1]);
    expect(levelsOf("37+4?")).toEqual([]);
  });

  it("do not exist for an unknown level", () => {
    for (const level of [0, 6, 1.5]) {
      expect(() => generateProblem(level, Random.fromSeed(1))).toThrow(
        expect.objectContaining({ code: "tasks/unknown-level" }),
      );
    }
  });
});
