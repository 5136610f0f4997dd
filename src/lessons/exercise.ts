// An exercise and its check. A check that only says "wrong" teaches nothing: the learner's function runs on a few cases, and
// where it misses one, its outputs are laid beside those of mistakes that people make, each with the hint that explains it.
// A mistake explains a wrong answer if it gives the same output wherever the answer is wrong; one that is the same on
// every case goes first.

import { isUnsolved } from "./unsolved.ts";
import { areAlike, showValue } from "./values.ts";
import type { Text } from "./text.ts";

export type Outcome =
  | { readonly kind: "right"; readonly what: Text }
  | { readonly kind: "unsolved" }
  | {
      readonly kind: "wrong";
      /** What was seen. */
      readonly what: Text;
      /** Why that is; null where nobody has named this mistake yet. */
      readonly why: Text | null;
      /** Name of the mistake that explains it. */
      readonly mistake: string | null;
    };

export interface Exercise {
  readonly name: string;
  /** The cell's code that the learner starts from. */
  readonly gap: string;
  /** The same code, solved. */
  readonly solution: string;
  judge(answer: unknown): Outcome;
}

/** A wrong answer that people give. */
export interface Mistake<Answer> {
  readonly name: string;
  readonly why: Text;
  readonly answer: Answer;
}

export interface FunctionExercise<Args extends readonly unknown[], Value> extends Omit<Exercise, "judge"> {
  readonly cases: readonly Args[];
  readonly right: (...args: Args) => Value;
  readonly mistakes: readonly Mistake<(...args: Args) => unknown>[];
}

export type JudgedFunction<Args extends readonly unknown[], Value> = Exercise & FunctionExercise<Args, Value>;

/** An exercise whose answer is a function of that name, judged by what it gives on the cases. */
export function functionExercise<Args extends readonly unknown[], Value>(
  parts: FunctionExercise<Args, Value>,
): JudgedFunction<Args, Value> {
  return { ...parts, judge: (answer) => judgeFunction(parts, answer) };
}

function judgeFunction<Args extends readonly unknown[], Value>(
  { name, cases, right, mistakes }: FunctionExercise<Args, Value>,
  answer: unknown,
): Outcome {
  if (answer === undefined || answer === null) return { kind: "unsolved" };
  if (typeof answer !== "function") return wrong(notAFunction(name, answer));
  const runs: Ran<Args>[] = [];
  for (const args of cases) {
    try {
      runs.push({ args, got: Reflect.apply(answer, undefined, structuredClone(args)), expected: right(...args) });
    } catch (error) {
      return isUnsolved(error) ? { kind: "unsolved" } : wrong(thrown(name, args, error));
    }
  }
  const missed = runs.filter(({ got, expected }) => !areAlike(got, expected));
  if (missed.length === 0) return { kind: "right", what: allCases(cases.length) };
  const what = missedCase(name, missed[0], missed.length, cases.length);
  if (missed.every(({ got }) => got === undefined)) return wrong(what, NOTHING_RETURNED, "nothing-returned");
  const explains = (shown: readonly Ran<Args>[], mistake: Mistake<(...args: Args) => unknown>) =>
    shown.every(({ args, got }) => areAlike(got, mistake.answer(...args)));
  const mistake =
    mistakes.find((each) => explains(runs, each)) ?? mistakes.find((each) => explains(missed, each)) ?? null;
  return wrong(what, mistake?.why ?? null, mistake?.name ?? null);
}

interface Ran<Args> {
  readonly args: Args;
  readonly got: unknown;
  readonly expected: unknown;
}

function wrong(what: Text, why: Text | null = null, mistake: string | null = null): Outcome {
  return { kind: "wrong", what, why, mistake };
}

function call(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map(showValue).join(", ")})`;
}

function allCases(count: number): Text {
  return { en: `All ${count} cases agree.`, ko: `${count}개의 경우가 모두 맞습니다.` };
}

function missedCase<Args extends readonly unknown[]>(
  name: string,
  { args, got, expected }: Ran<Args>,
  missed: number,
  total: number,
): Text {
  const [shown, wanted, given] = [call(name, args), showValue(expected), showValue(got)];
  return {
    en: `${missed} of ${total} cases differ. The first: \`${shown}\` should give \`${wanted}\`, yours gives \`${given}\`.`,
    ko: `${total}개 중 ${missed}개의 경우가 다릅니다. 그 첫 번째: \`${shown}\`의 값은 \`${wanted}\`이어야 하는데, 작성하신 함수는 \`${given}\`을(를) 돌려줍니다.`,
  };
}

function notAFunction(name: string, answer: unknown): Text {
  const shown = showValue(answer);
  return {
    en: `The check expects the function \`${name}\` itself and got \`${shown}\`.`,
    ko: `함수 \`${name}\` 자체를 넘겨야 하는데 \`${shown}\`을(를) 받았습니다.`,
  };
}

function thrown(name: string, args: readonly unknown[], error: unknown): Text {
  const [shown, message] = [
    call(name, args),
    error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  ];
  return {
    en: `\`${shown}\` ended with an error, \`${message}\`.`,
    ko: `\`${shown}\`을(를) 실행하다가 오류가 났습니다: \`${message}\`.`,
  };
}

const NOTHING_RETURNED: Text = {
  en: "The function gives back nothing: is there a `return`?",
  ko: "함수가 아무 값도 돌려주지 않습니다. `return`을 빠뜨리지 않았는지 확인해 보세요.",
};
