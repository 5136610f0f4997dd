import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { extractAnswer, hasFormat } from "../../src/tasks/micro/answer.ts";
import { chainOfThought, checkedChainOfThought } from "../../src/tasks/micro/chain-of-thought.ts";
import { createMicroTask, microTask } from "../../src/tasks/micro/micro-task.ts";
import { generateProblem } from "../../src/tasks/micro/problem.ts";
import { BOS, EOS, encode, PAD } from "../../src/tasks/micro/vocabulary.ts";
import { FORMS, MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";

const PROBLEM: Problem = { id: "micro:37+5", level: 1, prompt: "37+5?", answer: "42", generated: false };

const CASES: readonly (readonly [why: string, text: string, ended: boolean, answer: string | null])[] = [
  ["a worked solution", "37+5=42#42", true, "42"],
  ["a direct answer", "#42", true, "42"],
  ["a leading zero", "#07", true, "07"],
  ["two marks: the last one counts", "#11#42", true, "42"],
  ["two marks of which the last is empty", "#42#", true, null],
  ["no mark", "37+5=42", true, null],
  ["nothing", "", true, null],
  ["one digit", "#4", true, null],
  ["three digits", "#142", true, null],
  ["trailing text", "#42;", true, null],
  ["trailing space", "#42 ", true, null],
  ["leading space", "# 42", true, null],
  ["a sign", "#-4", true, null],
  ["a special token inside", "#4<pad>2", true, null],
  ["digits of another script", "#\u0664\u0662", true, null],
  ["a response cut at the limit", "37+5=42#42", false, null],
];

describe("answer extraction", () => {
  it.each(CASES)("%s: %j (ended: %s) gives %j", (_, text, ended, answer) => {
    expect(extractAnswer(text, ended)).toBe(answer);
    expect(hasFormat(text, ended)).toBe(answer !== null);
  });

  it("asks for three digits in a world of three", () => {
    const wide = toWorld({ modulus: 1000, answerWidth: 3 });
    expect(extractAnswer("#042", true, wide)).toBe("042");
    expect(extractAnswer("#42", true, wide)).toBeNull();
    expect(createMicroTask(wide).extractAnswer("#042", true)).toBe("042");
  });
});

describe("micro task", () => {
  it("begins a prompt with BOS and ends a response with EOS", () => {
    expect(microTask.encodePrompt(PROBLEM)).toEqual([BOS, 3, 7, 10, 5, 15]);
    expect(microTask.stopIds).toEqual([EOS]);
  });

  it("decodes a response with or without its stop token", () => {
    expect(microTask.decode([...encode("#42"), EOS])).toBe("#42");
    expect(microTask.decode(encode("#42"))).toBe("#42");
    expect(microTask.decode([EOS])).toBe("");
    expect(microTask.decode([])).toBe("");
  });

  it("does not read an answer around a special token", () => {
    const text = microTask.decode([...encode("#4"), PAD, ...encode("2"), EOS]);
    expect(microTask.extractAnswer(text, true)).toBeNull();
  });

  it("reads a choice's answer as its label, not as the value behind it", () => {
    const prompt = "37+5-2 01)32 02)40 03)41 04)42?";
    const choice: Problem = { id: `micro:${prompt.slice(0, -1)}`, level: 2, prompt, answer: "02", generated: false };
    const text = chainOfThought(prompt);
    expect(text).toBe("37+5=42;42-2=40#02");
    expect(microTask.encodePrompt(choice)).toEqual([BOS, ...encode(prompt)]);
    expect(microTask.isCorrect(microTask.extractAnswer(text, true), choice)).toBe(true);
    expect(microTask.isCorrect(microTask.extractAnswer("37+5=42;42-2=40#40", true), choice)).toBe(false);
  });

  it("calls every worked solution of every form correct and well-formed", () => {
    const random = Random.fromSeed("worked");
    for (let index = 0; index < 400; index++) {
      const problem = generateProblem(1 + (index % 5), random, MICRO_WORLD, FORMS[index % 4]);
      for (const work of [chainOfThought, checkedChainOfThought]) {
        const text = microTask.decode([...encode(work(problem.prompt)), EOS]);
        expect(microTask.hasFormat(text, true)).toBe(true);
        expect(microTask.isCorrect(microTask.extractAnswer(text, true), problem)).toBe(true);
      }
    }
  });

  it("calls only the exact answer correct, and no answer never", () => {
    expect(microTask.isCorrect("42", PROBLEM)).toBe(true);
    expect(microTask.isCorrect("24", PROBLEM)).toBe(false);
    expect(microTask.isCorrect(null, PROBLEM)).toBe(false);
  });
});
