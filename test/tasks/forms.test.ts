import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { type Chain, drawChain, formatChain } from "../../src/tasks/micro/chain.ts";
import { answerTo, readPrompt, writePrompt } from "../../src/tasks/micro/forms.ts";
import { generateProblem } from "../../src/tasks/micro/problem.ts";
import { decode, encode } from "../../src/tasks/micro/vocabulary.ts";
import { FORMS, type Form, LEVELS, MICRO_WORLD, toWorld, type WorldSettings } from "../../src/tasks/micro/world.ts";
import { evaluatePrompt } from "./evaluate.ts";

const WIDE = toWorld({ modulus: 1000, answerWidth: 3 });
const SMALLEST = toWorld({ modulus: 10, popularGuesses: [1] });
const DRAWS = 1000;

const PATTERNS: Readonly<Record<Form, RegExp>> = {
  sum: /^\d\d([+-][1-9])+\?$/,
  story: /^(ann|ben|eva|tom) has \d\d(, (gets|finds|wins|loses|eats|gives) [1-9])+\?$/,
  choice: /^\d\d([+-][1-9])+ 01\)\d\d 02\)\d\d 03\)\d\d 04\)\d\d\?$/,
  program: /^a=\d\d;(b=[1-9];)?(a[+-]=([1-9]|b);)+print\(a\)\?$/,
};

const anyDraw = fc.record({
  form: fc.constantFrom(...FORMS),
  level: fc.constantFrom(...LEVELS),
  seed: fc.nat(),
  world: fc.constantFrom(MICRO_WORLD, WIDE, SMALLEST),
});

function draw(form: Form, world: WorldSettings = MICRO_WORLD): { chain: Chain; prompt: string }[] {
  const random = Random.fromSeed(`drawn as ${form}`);
  return Array.from({ length: DRAWS }, (_, index) => {
    const chain = drawChain(1 + (index % 5), random, world);
    return { chain, prompt: writePrompt(form, chain, random, world) };
  });
}

/** Expects a count of independent draws of one probability to lie within five standard deviations. */
function expectShare(count: number, draws: number, probability: number): void {
  const deviation = Math.sqrt(draws * probability * (1 - probability));
  expect(Math.abs(count - draws * probability)).toBeLessThanOrEqual(5 * deviation);
}

describe("a form", () => {
  it("is read back as the chain that it was written from, with the answer of an independent evaluator", () => {
    fc.assert(
      fc.property(anyDraw, ({ form, level, seed, world }) => {
        const random = Random.fromSeed(seed);
        const chain = drawChain(level, random, world);
        const prompt = writePrompt(form, chain, random, world);
        const question = readPrompt(prompt, world);
        expect([question.form, question.chain]).toEqual([form, chain]);
        const asked = evaluatePrompt(prompt, world.modulus);
        expect([asked.form, asked.chain]).toEqual([form, formatChain(chain, world)]);
        const answer = answerTo(question, world);
        expect(answer).toMatch(world.answerWidth === 2 ? /^\d{2}$/ : /^\d{3}$/);
        expect(Number(answer)).toBe(asked.answer);
      }),
      { numRuns: 500 },
    );
  });

  it.each(FORMS)("%s has its one layout, in tokens that give it back", (form) => {
    for (const { prompt } of draw(form)) {
      expect(prompt).toMatch(PATTERNS[form]);
      expect(decode(encode(prompt))).toBe(prompt);
    }
  });

  it.each([
    ["sum", 11],
    ["story", 12],
    ["choice", 23],
    ["program", 31],
  ] as const)("%s takes at most %i tokens", (form, tokens) => {
    expect(Math.max(...draw(form).map(({ prompt }) => encode(prompt).length))).toBe(tokens);
  });

  it("is a problem's: its prompt, its id and its answer", () => {
    for (const form of FORMS) {
      const { id, prompt, answer } = generateProblem(4, Random.fromSeed(form), MICRO_WORLD, form);
      expect(evaluatePrompt(prompt, 100)).toMatchObject({ form, answer: Number(answer) });
      expect(id).toBe(`micro:${prompt.slice(0, -1)}`);
    }
  });
});

describe("a story", () => {
  it("uses all names and verbs about equally often", () => {
    const stories = draw("story").map(({ prompt }) => prompt);
    for (const name of ["ann", "ben", "eva", "tom"]) {
      expectShare(stories.filter((story) => story.startsWith(`${name} has `)).length, DRAWS, 1 / 4);
    }
    const verbs = stories.flatMap((story) => Array.from(story.matchAll(/, (\w+) /g), ([, verb]) => verb));
    for (const verb of ["gets", "finds", "wins", "loses", "eats", "gives"]) {
      expectShare(verbs.filter((other) => other === verb).length, verbs.length, 1 / 6);
    }
  });
});

describe("a choice", () => {
  it("holds four distinct values, the right one once, the others 1 to 9 from it around the modulus", () => {
    const distances = new Set<number>();
    for (const world of [MICRO_WORLD, SMALLEST]) {
      for (const { prompt } of draw("choice", world)) {
        const { value, choices } = evaluatePrompt(prompt, world.modulus);
        expect(new Set(choices).size).toBe(4);
        expect(choices.filter((choice) => choice === value)).toEqual([value]);
        for (const choice of choices) {
          const above = (choice - value + world.modulus) % world.modulus;
          const distance = Math.min(above, world.modulus - above);
          expect(distance).toBeLessThanOrEqual(9);
          if (world === MICRO_WORLD) distances.add(above > 50 ? -distance : distance);
        }
      }
    }
    expect([...distances].sort((a, b) => a - b)).toEqual(Array.from({ length: 19 }, (_, index) => index - 9));
  });

  it("has the right value under each label, and at each rank of size, about equally often", () => {
    const asked = draw("choice").map(({ prompt }) => evaluatePrompt(prompt, 100));
    for (const label of [1, 2, 3, 4]) {
      expectShare(asked.filter(({ answer }) => answer === label).length, DRAWS, 1 / 4);
    }
    // among values that do not wrap around: three of nine below and nine above fall as in draws without replacement
    const straight = asked.filter(({ value }) => value >= 9 && value <= 90);
    const below = straight.map(({ value, choices }) => choices.filter((choice) => choice < value).length);
    for (const [count, ways] of [84, 324, 324, 84].entries()) {
      expectShare(below.filter((number) => number === count).length, below.length, ways / 816);
    }
  });
});

describe("a program", () => {
  it("uses b in one step, or in half of all programs in none", () => {
    const programs = draw("program");
    const uses = programs.map(({ prompt }) => evaluatePrompt(prompt, 100).usesOfB);
    for (const [index, { prompt }] of programs.entries()) {
      expect([0, 1]).toContain(uses[index]);
      expect(prompt.includes(";b=")).toBe(uses[index] === 1);
    }
    expectShare(uses.filter((count) => count === 1).length, DRAWS, 1 / 2);
  });

  it("uses b in each of its steps about equally often", () => {
    const random = Random.fromSeed("steps with b");
    const chain = { start: 37, steps: [5, 1, 2, 4].map((operand) => ({ operator: "+", operand }) as const) };
    const programs = Array.from({ length: DRAWS }, () => writePrompt("program", chain, random, MICRO_WORLD));
    const withB = programs.filter((program) => program.includes("b"));
    for (const step of [0, 1, 2, 3]) {
      expectShare(withB.filter((program) => program.split(";")[step + 2] === "a+=b").length, withB.length, 1 / 4);
    }
  });
});

const MALFORMED: readonly (readonly [why: string, prompts: readonly string[]])[] = [
  ["nothing, or no question mark", ["", "?", "37+5", "ann has 37, gets 5", "a=37;a+=5;print(a)"]],
  ["no step", ["37?", "ann has 37?", "37 01)32 02)40 03)41 04)42?", "a=37;print(a)?", "a=37;b=5;print(a)?"]],
  ["a value of another width", ["7+5?", "137+5?", "ann has 7, gets 5?", "a=007;a+=5;print(a)?"]],
  ["an operand that no level has", ["37+12?", "37+0?", "ann has 37, gets 0?", "a=37;a-=0;print(a)?", "37+?"]],
  [
    "another operator",
    ["37*5?", "37++5?", "37=5?", "ann has 37, takes 5?", "a=37;a*=5;print(a)?", "a=37;a=5;print(a)?"],
  ],
  ["something before or after", [" 37+5?", "37+5? ", "37+5??", "37+5?\n", "so ann has 37, gets 5?", "37+5?37+5?"]],
  ["an unknown name", ["max has 37, gets 5?", "Ann has 37, gets 5?", "has 37, gets 5?"]],
  ["a story half told", ["ann has 37 gets 5?", "ann has 37, gets?", "ann has 37,gets 5?", "ann has , gets 5?"]],
  ["too few choices, or too many", ["37+5 01)42 02)40 03)41?", "37+5 01)42 02)40 03)41 04)43 05)44?"]],
  ["labels out of order", ["37+5 02)42 01)40 03)41 04)43?", "37+5 01)42 01)40 03)41 04)43?"]],
  ["no right choice", ["37+5 01)43 02)40 03)41 04)44?"]],
  ["a choice twice", ["37+5 01)42 02)42 03)41 04)43?", "37+5 01)42 02)41 03)41 04)43?"]],
  ["choices of another width", ["37+5 01)42 02)4 03)41 04)43?", "37+5 01)042 02)040 03)041 04)043?"]],
  ["an unknown variable", ["a=37;a+=b;print(a)?", "a=37;c=5;a+=c;print(a)?", "b=37;b+=5;print(b)?"]],
  ["b that no step or more than one uses", ["a=37;b=5;a+=2;print(a)?", "a=37;b=5;a+=b;a-=b;print(a)?"]],
  ["b at another place", ["b=5;a=37;a+=b;print(a)?", "a=37;a+=2;b=5;a+=b;print(a)?", "a=37;b=05;a+=b;print(a)?"]],
  ["a program half written", ["a=37;a+=5print(a)?", "a=37;a+=5;?", "a=37,a+=5;print(a)?", "a=37;a+=5;print(b)?"]],
];

describe("a prompt", () => {
  it.each(MALFORMED)("with %s is refused", (_, prompts) => {
    for (const prompt of prompts) {
      expect(() => readPrompt(prompt, MICRO_WORLD), prompt).toThrow(
        expect.objectContaining({ code: "tasks/not-a-prompt", fields: { prompt } }),
      );
    }
  });

  it("of another world is refused, with an example from this one", () => {
    expect(() => readPrompt("37+5?", WIDE)).toThrow(
      'readPrompt: not a prompt, got "37+5?", expected a value of 3 digits below 1000, steps and "?", as in "037+5?"',
    );
    expect(() => readPrompt("12+5?", SMALLEST)).toThrow('below 10, steps and "?", as in "07+5?"');
    expect(() => readPrompt("07+5 01)02 02)12 03)03 04)04?", SMALLEST)).toThrow(
      expect.objectContaining({ code: "tasks/not-a-prompt" }),
    );
  });

  it("that lost or gained a character asks for something else or is refused, and never crashes", () => {
    fc.assert(
      fc.property(anyDraw, fc.nat(), fc.constantFrom(..."0123456789+-=;#? ab)"), (drawn, place, character) => {
        const random = Random.fromSeed(drawn.seed);
        const prompt = writePrompt(drawn.form, drawChain(drawn.level, random, MICRO_WORLD), random, MICRO_WORLD);
        const at = place % prompt.length;
        for (const other of [
          prompt.slice(0, at) + prompt.slice(at + 1),
          prompt.slice(0, at) + character + prompt.slice(at),
        ]) {
          try {
            const question = readPrompt(other, MICRO_WORLD);
            expect(Number(answerTo(question, MICRO_WORLD))).toBe(evaluatePrompt(other, 100).answer);
            expect(other).toMatch(PATTERNS[question.form]);
          } catch (error) {
            expect(error).toMatchObject({ code: "tasks/not-a-prompt" });
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
