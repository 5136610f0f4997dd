import { LabelfreeError } from "../core/errors.ts";
import type { Shown } from "../core/shown.ts";
import type { Exercise } from "./exercise.ts";
import { EXERCISES, type LessonName } from "./exercises.ts";
import { progressFile, recordPassed } from "./progress.ts";
import { showOutcome } from "./show-outcome.ts";
import type { Language, Text } from "./text.ts";
import { todo } from "./unsolved.ts";

export interface OpenLesson {
  /** Judges an answer, says why where it is wrong, and keeps what was passed; throws `lessons/no-exercise`. */
  check(exercise: string, answer: unknown): Shown;
  /** Stands in a gap until the learner fills it. */
  todo(): never;
}

/** The checks of a lesson, which speak in a language. Default English. */
export function openLesson(lesson: LessonName, { language = "en" }: { readonly language?: Language } = {}): OpenLesson {
  return {
    todo,
    check(name, answer) {
      const outcome = exerciseOf(lesson, name).judge(answer);
      return showOutcome(outcome, language, outcome.kind === "right" ? keep(`${lesson}/${name}`) : null);
    },
  };
}

function exerciseOf(lesson: LessonName, name: string): Exercise {
  const found = EXERCISES[lesson].find((exercise) => exercise.name === name);
  if (found !== undefined) return found;
  const known = EXERCISES[lesson].map((exercise) => exercise.name).join(", ");
  const message = `lesson ${lesson}: got the exercise "${name}", expected one of ${known}`;
  throw new LabelfreeError("lessons/no-exercise", message, { fields: { lesson, name } });
}

/** Never fails a cell: a learner whose progress cannot be kept is told so, and goes on. */
function keep(exercise: string): Text | null {
  try {
    recordPassed(progressFile(), exercise, new Date().toISOString());
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { en: `(Not kept: ${reason})`, ko: `(진행 상황을 저장하지 못했습니다: ${reason})` };
  }
}
