import { join } from "node:path";
import { certainty } from "./certainty/lesson.ts";
import { collapse } from "./collapse/lesson.ts";
import { curriculum } from "./curriculum/lesson.ts";
import { groupAdvantage } from "./group-advantage/lesson.ts";
import { identicalAnswers } from "./identical-answers/lesson.ts";
import type { Lesson } from "./lesson.ts";
import type { Language } from "./text.ts";
import { tour } from "./tour/lesson.ts";
import { voteAndMask } from "./vote-and-mask/lesson.ts";

/** The tour, then the lessons in order. */
export const LESSONS: readonly Lesson[] = [
  tour,
  voteAndMask,
  groupAdvantage,
  identicalAnswers,
  certainty,
  curriculum,
  collapse,
];

/** Path of a lesson's notebook below the folder of notebooks; the tour lies in that folder itself. */
export function lessonPath({ number, name }: Lesson, language: Language): string {
  const file = `${number}-${name}${language === "en" ? "" : `.${language}`}.ipynb`;
  return name === tour.name ? file : join("lessons", file);
}
