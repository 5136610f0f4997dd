import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chainOfThought, checkedChainOfThought } from "../../src/tasks/micro/chain-of-thought.ts";
import { belongsToLevel, generateProblem, problemSpace, solve } from "../../src/tasks/micro/problem.ts";
import { LEVELS, MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";
import { evaluate } from "./evaluate.ts";

const STEPS = [1, 2, 3, 4, 4];
const RANGES = [3, 4, 5, 7, 9];
const WIDE = toWorld({ modulus: 1000, answerWidth: 3 });

function drawLevel(level: number, count: number): Problem[] {
  const random = Random.fromSeed(`problems of level ${level}`);
  return Array.from({ length: count }, () => generateProblem(level, random));
}

describe("problems", () => {
  it.each(LEVELS)("of level %i have its number of steps, and use all of its operands and no other", (level) => {
    const problems = drawLevel(level, 2000);
    const operands = new Set<number>();
    const operators = new Set<string>();
    const starts = new Set<string>();
    for (const { prompt } of problems) {
      expect(prompt).toMatch(/^[0-9]{2}([+-][1-9])+\?$/);
      const body = prompt.slice(2, -1);
      expect(body.length).toBe(2 * STEPS[level - 1]);
      starts.add(prompt.slice(0, 2));
      for (let index = 0; index < body.length; index += 2) {
        operators.add(body[index]);
        operands.add(Number(body[index + 1]));
      }
    }
    expect(operands).toEqual(new Set(Array.from({ length: RANGES[level - 1] }, (_, index) => index + 1)));
    expect([...operators].sort()).toEqual(["+", "-"]);
    expect(starts.size).toBe(100);
  });

  it.each(LEVELS)("of level %i carry the answer that an independent evaluator gives", (level) => {
    for (const { prompt, answer } of drawLevel(level, 1000)) {
      expect(answer).toMatch(/^[0-9]{2}$/);
      expect(Number(answer)).toBe(evaluate(prompt.slice(0, -1), 100));
    }
  });

  it("wrap around at both ends of the modulus", () => {
    expect(solve("99+3?")).toBe("02");
    expect(solve("01-3?")).toBe("98");
    expect(solve("998+9?", WIDE)).toBe("007");
    expect(solve("000-9-9?", WIDE)).toBe("982");
  });

  it("have an id that depends on the prompt only", () => {
    const problems = LEVELS.flatMap((level) => drawLevel(level, 300));
    for (const { id, prompt } of problems) expect(id).toBe(`micro:${prompt.slice(0, -1)}`);
  });

  it("have as many prompts per level as choices multiply to", () => {
    expect(LEVELS.map((level) => problemSpace(level))).toEqual([600, 6_400, 100_000, 3_841_600, 10_497_600]);
    expect(new Set(drawLevel(1, 20_000).map((problem) => problem.prompt)).size).toBe(600);
  });

  it("belong to each level that could have drawn them", () => {
    expect(LEVELS.filter((level) => belongsToLevel("37+5-2+7-1?", level))).toEqual([4, 5]);
    expect(LEVELS.filter((level) => belongsToLevel("37+5-2+8-1?", level))).toEqual([5]);
    expect(LEVELS.filter((level) => belongsToLevel("37+3?", level))).toEqual([1]);
  });

  it("do not exist for an unknown level", () => {
    for (const level of [0, 6, 1.5]) {
      expect(() => generateProblem(level, Random.fromSeed(1))).toThrow(
        expect.objectContaining({ code: "tasks/unknown-level" }),
      );
    }
  });

  it.each(["", "37?", "37+5", "7+5?", "137+5?", "37+12?", "37*5?", "37+5? ", "37+?"])(
    "are not read from %j",
    (text) => {
      expect(() => solve(text)).toThrow(expect.objectContaining({ code: "tasks/not-a-prompt" }));
    },
  );
});

describe("chain of thought", () => {
  it("works one step out", () => {
    expect(chainOfThought("37+5?")).toBe("37+5=42#42");
  });

  it("joins longer chains with semicolons and keeps two digits", () => {
    expect(chainOfThought("08-3-7?")).toBe("08-3=05;05-7=98#98");
  });

  it("ends in the answer, and every equation holds and starts where the last one ended", () => {
    const problemOfAnyLevel = fc.record({ level: fc.constantFrom(...LEVELS), seed: fc.nat() });
    fc.assert(
      fc.property(problemOfAnyLevel, ({ level, seed }) => {
        const { prompt, answer } = generateProblem(level, Random.fromSeed(seed));
        const [work, result] = chainOfThought(prompt).split("#");
        const equations = work.split(";").map((equation) => equation.split("="));
        let value = prompt.slice(0, 2);
        for (const [left, right] of equations) {
          expect(left.startsWith(value)).toBe(true);
          expect(Number(right)).toBe(evaluate(left, 100));
          value = right;
        }
        expect(equations.length).toBe(STEPS[level - 1]);
        expect([value, result]).toEqual([answer, answer]);
      }),
    );
  });

  it("can walk the last steps back as a check", () => {
    expect(checkedChainOfThought("37+5?")).toBe("37+5=42;42-5=37#42");
    expect(checkedChainOfThought("37+5-3?")).toBe("37+5=42;42-3=39;39+3=42#39");
    const thorough = { ...MICRO_WORLD, checkedSteps: 9 };
    expect(checkedChainOfThought("37+5-3?", thorough)).toBe("37+5=42;42-3=39;39+3=42;42-5=37#39");
  });
});
