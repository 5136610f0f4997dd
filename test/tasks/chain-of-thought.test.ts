import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chainOfThought, checkedChainOfThought, mendedChainOfThought } from "../../src/tasks/micro/chain-of-thought.ts";
import { generateProblem } from "../../src/tasks/micro/problem.ts";
import { encode } from "../../src/tasks/micro/vocabulary.ts";
import { FORMS, LEVELS, MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";
import { evaluate, evaluatePrompt } from "./evaluate.ts";

const STEPS = [1, 2, 3, 4, 4];
const MAX_NEW_TOKENS = 52;
const MAX_POSITIONS = 128;
const THREE_STEPS = "ann has 37, gets 5, loses 3, wins 1?";

interface Equation {
  readonly from: string;
  readonly operator: string;
  readonly operand: string;
  readonly to: string;
  readonly holds: boolean;
}

const anyProblem = fc.record({ level: fc.constantFrom(...LEVELS), form: fc.constantFrom(...FORMS), seed: fc.nat() });

function problemOf({ level, form, seed }: { level: number; form: (typeof FORMS)[number]; seed: number }): Problem {
  return generateProblem(level, Random.fromSeed(seed), MICRO_WORLD, form);
}

function read(response: string): { equations: Equation[]; result: string } {
  const [work, result] = response.split("#");
  const equations = work.split(";").map((text) => {
    const parts = /^(\d\d)([+-])(\d)=(\d\d)$/.exec(text);
    if (parts === null) throw new Error(`no equation: ${text}`);
    const [, from, operator, operand, to] = parts;
    return { from, operator, operand, to, holds: evaluate(`${from}${operator}${operand}`, 100) === Number(to) };
  });
  return { equations, result };
}

/** Expects the equations to work the chain of a prompt from its start, each from where the last one ended. */
function expectWorked(equations: readonly Equation[], prompt: string): void {
  const { chain, value } = evaluatePrompt(prompt, 100);
  expect(equations.map(({ operator, operand }) => operator + operand).join("")).toBe(chain.slice(2));
  expect(equations.map(({ from }) => from)).toEqual([chain.slice(0, 2), ...equations.slice(0, -1).map(({ to }) => to)]);
  expect(equations.every(({ holds }) => holds)).toBe(true);
  expect(Number(equations[equations.length - 1].to)).toBe(value);
}

function isReverse(one: Equation, other: Equation): boolean {
  return one.operator !== other.operator && one.operand === other.operand && one.from === other.to;
}

describe("chain of thought", () => {
  it("works one step out, and joins longer chains with semicolons and two digits", () => {
    expect(chainOfThought("37+5?")).toBe("37+5=42#42");
    expect(chainOfThought("08-3-7?")).toBe("08-3=05;05-7=98#98");
  });

  it("is the same for every form, but ends in the label of a choice", () => {
    expect(chainOfThought("ann has 08, loses 3, eats 7?")).toBe("08-3=05;05-7=98#98");
    expect(chainOfThought("a=08;b=7;a-=3;a-=b;print(a)?")).toBe("08-3=05;05-7=98#98");
    expect(chainOfThought("08-3-7 01)97 02)98 03)00 04)89?")).toBe("08-3=05;05-7=98#02");
  });

  it("ends in the answer, and every equation holds and starts where the last one ended", () => {
    fc.assert(
      fc.property(anyProblem, (drawn) => {
        const { prompt, answer, level } = problemOf(drawn);
        const { equations, result } = read(chainOfThought(prompt));
        expectWorked(equations, prompt);
        expect([equations.length, result]).toEqual([STEPS[level - 1], answer]);
      }),
      { numRuns: 300 },
    );
  });

  it("is refused for what is no prompt", () => {
    for (const solve of [chainOfThought, checkedChainOfThought]) {
      expect(() => solve("37?")).toThrow(expect.objectContaining({ code: "tasks/not-a-prompt" }));
    }
    expect(() => mendedChainOfThought("37?", Random.fromSeed(1))).toThrow(
      expect.objectContaining({ code: "tasks/not-a-prompt" }),
    );
  });
});

describe("checked chain of thought", () => {
  it("walks its last steps back", () => {
    expect(checkedChainOfThought("37+5?")).toBe("37+5=42;42-5=37#42");
    expect(checkedChainOfThought(THREE_STEPS)).toBe("37+5=42;42-3=39;39+1=40;40-1=39#40");
    expect(checkedChainOfThought("37+5 01)43 02)41 03)39 04)42?")).toBe("37+5=42;42-5=37#04");
    expect(checkedChainOfThought(THREE_STEPS, toWorld({ checkedSteps: 2 }))).toBe(
      "37+5=42;42-3=39;39+1=40;40-1=39;39+3=42#40",
    );
  });

  it("comes back to where the steps began: every equation holds, and each one back reverses one of the chain", () => {
    fc.assert(
      fc.property(anyProblem, fc.integer({ min: 1, max: 5 }), (drawn, checkedSteps) => {
        const { prompt, answer, level } = problemOf(drawn);
        const { equations, result } = read(checkedChainOfThought(prompt, toWorld({ checkedSteps })));
        const steps = STEPS[level - 1];
        const worked = equations.slice(0, steps);
        const back = equations.slice(steps);
        expectWorked(worked, prompt);
        expect(back.length).toBe(Math.min(checkedSteps, steps));
        expect(back.every(({ holds }) => holds)).toBe(true);
        for (const [index, equation] of back.entries()) {
          const original = worked[steps - 1 - index];
          expect(isReverse(equation, original)).toBe(true);
          expect(equation.to).toBe(original.from);
        }
        expect(result).toBe(answer);
      }),
      { numRuns: 300 },
    );
  });
});

describe("mended chain of thought", () => {
  it("slips in the last step, finds it by the way back, and works it again", () => {
    fc.assert(
      fc.property(anyProblem, (drawn) => {
        const { prompt, answer, level } = problemOf(drawn);
        const { equations, result } = read(mendedChainOfThought(prompt, Random.fromSeed(`slip ${drawn.seed}`)));
        const steps = STEPS[level - 1];
        expect(equations.length).toBe(steps + 2);
        const [slipped, back, again] = equations.slice(steps - 1);

        expectWorked([...equations.slice(0, steps - 1), again], prompt);
        const { holds, to, ...asked } = slipped;
        expect(holds).toBe(false);
        expect(again).toMatchObject(asked);
        const distance = Math.abs(Number(to) - Number(again.to));
        expect(Math.min(distance, 100 - distance)).toBeLessThanOrEqual(9);

        expect(back.holds).toBe(true);
        expect(isReverse(back, slipped)).toBe(true);
        expect(back.to).not.toBe(slipped.from);
        expect(result).toBe(answer);
      }),
      { numRuns: 500 },
    );
  });

  it("slips by each of 1 to 9 in both directions about equally often", () => {
    const random = Random.fromSeed("slips");
    const counts = new Map<number, number>();
    const draws = 3600;
    for (let index = 0; index < draws; index++) {
      const { equations } = read(mendedChainOfThought("50+5?", random));
      const slip = Number(equations[0].to) - 55;
      counts.set(slip, (counts.get(slip) ?? 0) + 1);
    }
    const slips = [...counts.keys()].sort((a, b) => a - b);
    expect(slips).toEqual([-9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const deviation = Math.sqrt(draws * (1 / 18) * (17 / 18));
    for (const count of counts.values()) expect(Math.abs(count - draws / 18)).toBeLessThanOrEqual(5 * deviation);
  });

  it("wraps around the modulus", () => {
    const responses = Array.from({ length: 200 }, (_, seed) => mendedChainOfThought("98+2?", Random.fromSeed(seed)));
    expect(responses).toContain("98+2=99;99-2=97;98+2=00#00");
    expect(responses).toContain("98+2=01;01-2=99;98+2=00#00");
  });
});

describe("every worked solution", () => {
  it.each(FORMS)("of a %s fits the longest response, and with its prompt the positions of a tier", (form) => {
    let longest = 0;
    for (let seed = 0; seed < 300; seed++) {
      const random = Random.fromSeed(seed);
      const { prompt } = generateProblem(4 + (seed % 2), random, MICRO_WORLD, form);
      const plain = encode(chainOfThought(prompt)).length;
      const checked = encode(checkedChainOfThought(prompt)).length;
      const mended = encode(mendedChainOfThought(prompt, random)).length;
      expect([plain, checked, mended]).toEqual([4 * 8 - 1 + 3, 5 * 8 - 1 + 3, 6 * 8 - 1 + 3]);
      longest = Math.max(longest, 1 + encode(prompt).length + mended + 1); // BOS and EOS
      expect(mended + 1).toBeLessThanOrEqual(MAX_NEW_TOKENS);
    }
    expect(longest).toBeLessThanOrEqual(MAX_POSITIONS);
  });
});
