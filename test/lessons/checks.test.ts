import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { METHODS } from "../../src/rl/methods.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { type RunSpec, toRun } from "../../src/runs/spec.ts";
import type { Exercise, FunctionExercise } from "../../src/lessons/exercise.ts";
import { EXERCISES, type LessonName } from "../../src/lessons/exercises.ts";
import { openLesson } from "../../src/lessons/open-lesson.ts";
import { progressFile, readProgress } from "../../src/lessons/progress.ts";
import { LANGUAGES, type Text } from "../../src/lessons/text.ts";
import { todo } from "../../src/lessons/unsolved.ts";

const state = mkdtempSync(join(tmpdir(), "labelfree-lessons-"));
afterAll(() => rmSync(state, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(progressFile(), { force: true });
});
process.env.XDG_STATE_HOME = state;

const all = (Object.keys(EXERCISES) as LessonName[]).flatMap((lesson) =>
  EXERCISES[lesson].map((exercise) => ({ lesson, name: exercise.name, exercise })),
);
type AnyFunction = Exercise & FunctionExercise<readonly unknown[], unknown>;
const functions = all.filter((each): each is typeof each & { exercise: AnyFunction } => "cases" in each.exercise);
const check = (lesson: LessonName, name: string, answer: unknown, language: "en" | "ko" = "en") =>
  String(openLesson(lesson, { language }).check(name, answer));
const plain = (text: Text, language: "en" | "ko") => text[language].replaceAll(/\*\*|`/g, "");

describe.each(functions)("the check of $lesson/$name", ({ lesson, name, exercise }) => {
  test("passes the right answer, in both languages, and keeps that", () => {
    expect(check(lesson, name, exercise.right)).toMatch(/^✓ Right\. All \d+ cases agree\.$/);
    expect(check(lesson, name, exercise.right, "ko")).toMatch(/^✓ 정답입니다\. /);
    expect(Object.keys(readProgress(progressFile()).passed)).toEqual([`${lesson}/${name}`]);
  });

  test.each(exercise.mistakes)("tells the mistake $name apart", ({ name: mistake, why, answer }) => {
    expect(exercise.judge(answer)).toMatchObject({ kind: "wrong", mistake });
    for (const language of LANGUAGES) {
      expect(check(lesson, name, answer, language)).toContain(plain(why, language));
    }
    expect(existsSync(progressFile())).toBe(false);
  });

  test("knows a gap, an error, a function that returns nothing, and what is no function", () => {
    expect(exercise.judge(() => todo())).toEqual({ kind: "unsolved" });
    expect(exercise.judge(undefined)).toEqual({ kind: "unsolved" });
    const fails = () => {
      throw new TypeError("no such thing");
    };
    expect(check(lesson, name, fails)).toContain("TypeError: no such thing");
    expect(exercise.judge(() => undefined)).toMatchObject({ mistake: "nothing-returned" });
    expect(check(lesson, name, 7)).toContain(`the function ${name} itself and got 7`);
    expect(check(lesson, name, () => "nobody's mistake")).toContain("none of the mistakes that the check knows");
  });

  test("does not let an answer change its cases", () => {
    const spoils = (...args: readonly unknown[]) => {
      for (const arg of args) if (Array.isArray(arg)) arg.length = 0;
      return null;
    };
    exercise.judge(spoils);
    expect(exercise.judge(exercise.right)).toMatchObject({ kind: "right" });
  });
});

describe("the check of collapse/saved", () => {
  const [, saved] = EXERCISES.collapse;

  /** A finished run as the trainer would record it, with these held-out accuracies. */
  function runOf(spec: RunSpec, accuracies: readonly number[], more: object = {}): RecordedRun {
    const run = toRun({ base: { tier: "xs", baseSeed: 1 }, seed: 1, optimizer: { learningRate: 2e-4 }, ...spec });
    const result = { run, collapse: null, hasDiverged: false, totalSteps: 50, ...more };
    const evaluations = accuracies.map((accuracy, index) => ({
      step: 10 * index,
      "eval/math-like/accuracy": accuracy,
    }));
    return { result, evaluations, steps: [] } as unknown as RecordedRun;
  }
  const fine = [0.156, 0.19, 0.21];

  test("passes a label-free run that keeps its accuracy", () => {
    expect(saved.judge(runOf({ method: "cuma" }, fine))).toMatchObject({ kind: "right" });
    expect(check("collapse", "saved", runOf({ method: "cuma" }, fine))).toContain("from 15.6 % to 21.0 %");
    expect(saved.judge(null)).toEqual({ kind: "unsolved" });
    expect(saved.judge({})).toMatchObject({ kind: "wrong", mistake: null });
  });

  test.each([
    ["labels", runOf({ method: "grpo" }, fine)],
    ["labels", runOf({ method: "ttrl", data: { order: "adarft" } }, fine)],
    ["other-start", runOf({ method: "ttrl", base: { tier: "l" } }, fine)],
    ["other-start", runOf({ method: "ttrl", seed: 2 }, fine)],
    ["too-short", runOf({ method: "ttrl" }, fine, { totalSteps: 10 })],
    ["does-not-learn", runOf({ method: "ttrl", optimizer: { learningRate: 1e-6 } }, fine)],
    ["diverged", runOf({ method: "ttrl" }, fine, { hasDiverged: true })],
    ["false-consensus", runOf({ method: "ttrl" }, [0.156, 0.02, 0.01], { collapse: { reason: "false-consensus" } })],
    ["collapsed", runOf({ method: "ttrl" }, [0.156, 0.02, 0.01], { collapse: { reason: "accuracy-lost" } })],
    ["declined", runOf({ method: "intuitor" }, [0.156, 0.14, 0.12])],
  ])("names the mistake %s", (mistake, run) => {
    const outcome = saved.judge(run);
    expect(outcome).toMatchObject({ kind: "wrong", mistake });
    for (const language of LANGUAGES) expect(check("collapse", "saved", run, language)).toMatch(/Why:|이유:/);
  });

  test("takes its rule about labels from the settings of every method", () => {
    const free = Object.values(METHODS).filter(({ method }) => {
      const outcome = saved.judge(runOf({ method }, fine));
      return outcome.kind === "right";
    });
    expect(free.map(({ method }) => method)).not.toContain("grpo");
    expect(free.map(({ method }) => method)).not.toContain("wrong");
    expect(free.length).toBe(Object.keys(METHODS).length - 2);
  });
});

describe("progress", () => {
  const [{ right }] = EXERCISES.curriculum as unknown as readonly AnyFunction[];

  test("keeps the first time that an exercise was passed", () => {
    check("curriculum", "topUp", right);
    const first = readFileSync(progressFile(), "utf8");
    check("curriculum", "topUp", right);
    expect(readFileSync(progressFile(), "utf8")).toBe(first);
  });

  test("that cannot be kept is told and fails no cell", () => {
    check("curriculum", "topUp", right);
    writeFileSync(progressFile(), "not json");
    expect(check("curriculum", "topUp", right)).toMatch(/^✓ Right\.[^]*\(Not kept: /);
    expect(readFileSync(progressFile(), "utf8")).toBe("not json");
    process.env.XDG_STATE_HOME = "/dev/null/state";
    expect(check("curriculum", "topUp", right, "ko")).toContain("진행 상황을 저장하지 못했습니다");
    process.env.XDG_STATE_HOME = state;
  });

  test("of an exercise that no lesson has cannot be", () => {
    expect(() => check("curriculum", "top-up", right)).toThrow(
      'got the exercise "top-up", expected one of topUp, batches',
    );
  });
});
