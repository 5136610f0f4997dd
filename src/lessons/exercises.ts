import { CERTAINTY } from "./certainty/exercises.ts";
import { COLLAPSE } from "./collapse/exercises.ts";
import { CURRICULUM } from "./curriculum/exercises.ts";
import type { Exercise } from "./exercise.ts";
import { GROUP_ADVANTAGE } from "./group-advantage/exercises.ts";
import { IDENTICAL_ANSWERS } from "./identical-answers/exercises.ts";
import { VOTE_AND_MASK } from "./vote-and-mask/exercises.ts";

export type LessonName =
  | "vote-and-mask"
  | "group-advantage"
  | "identical-answers"
  | "certainty"
  | "curriculum"
  | "collapse";

/** The exercises of each lesson, in its order. */
export const EXERCISES: Readonly<Record<LessonName, readonly Exercise[]>> = {
  "vote-and-mask": VOTE_AND_MASK,
  "group-advantage": GROUP_ADVANTAGE,
  "identical-answers": IDENTICAL_ANSWERS,
  certainty: CERTAINTY,
  curriculum: CURRICULUM,
  collapse: COLLAPSE,
};
