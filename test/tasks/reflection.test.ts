import { expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chainOfThought, checkedChainOfThought, mendedChainOfThought } from "../../src/tasks/micro/chain-of-thought.ts";
import { readPrompt } from "../../src/tasks/micro/forms.ts";
import { generateProblem } from "../../src/tasks/micro/problem.ts";
import { reflects } from "../../src/tasks/micro/reflection.ts";
import { FORMS, MICRO_WORLD } from "../../src/tasks/micro/world.ts";

test.each([
  ["40+2=42;42-2=40#42", 1, true, "undoes its only step"],
  ["37+5=42;42-2=40;40+2=42#40", 2, true, "undoes its last step"],
  ["37+5=42;42-2=40;42-5=37#40", 2, true, "undoes its first step"],
  ["37+5=44;44-5=39;37+5=42#42", 1, true, "finds a slip by a check that does not fit, and works it again"],
  ["40+2=42;42-2=40", 1, true, "was cut before its answer"],
  ["40+2=42;42-2=40#1#42", 1, false, "spoils its check with a mark"],
  ["37+5=42;42-5=37#37", 2, false, "does what the problem asks, which happens to undo"],
  ["37+5=42;42-3=39#39", 1, false, "does a step too many, with another operand"],
  ["37+5=42;42+5=47#47", 1, false, "does its step twice, in the same direction"],
  ["37+5=42;37+5=42#42", 1, false, "repeats its step"],
  ["42-5=37;37-5=32#32", 1, false, "goes down twice"],
  ["37+5=42#42;42-5=37#37", 1, false, "spoils its step with a mark"],
  ["37+5=42;42-5#42", 1, false, "did not finish its check"],
  ["#42", 1, false, "answers directly"],
  ["", 1, false, "is empty"],
  ["37+5=42;;=#;42-5=37", 1, false, "puts its check after the mark"],
])("%s to a problem of %d steps: %s, it %s", (text, steps, expected) => {
  expect(reflects(text, steps)).toBe(expected);
});

test("solutions of the corpus reflect where they check or mend, and not where they do not", () => {
  const random = Random.fromSeed("reflection");
  for (const form of FORMS) {
    for (const level of [1, 2, 3, 4, 5]) {
      for (let draw = 0; draw < 20; draw += 1) {
        const { prompt } = generateProblem(level, random, MICRO_WORLD, form);
        const steps = readPrompt(prompt, MICRO_WORLD).chain.steps.length;
        expect(reflects(chainOfThought(prompt), steps)).toBe(false);
        expect(reflects(checkedChainOfThought(prompt), steps)).toBe(true);
        expect(reflects(mendedChainOfThought(prompt, random), steps)).toBe(true);
      }
    }
  }
});
