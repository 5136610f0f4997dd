// The source of a lesson: cells in order, code once, text in every language. The notebooks are written from it.

import type { Exercise } from "./exercise.ts";
import type { Text } from "./text.ts";

export type LessonCell =
  | { readonly kind: "text"; readonly id: string; readonly text: Text }
  | { readonly kind: "parameters"; readonly source: string; readonly hasChecks: boolean }
  | { readonly kind: "code"; readonly id: string; readonly source: string }
  | { readonly kind: "exercise"; readonly exercise: Exercise };

export interface Lesson {
  /** Of its files: NUMBER-NAME.ipynb. */
  readonly number: string;
  readonly name: string;
  readonly title: Text;
  readonly cells: readonly LessonCell[];
}

export function text(id: string, words: Text): LessonCell {
  return { kind: "text", id, text: words };
}

/** The first code cell; where there are checks, the language that they speak is declared before these. */
export function parameters(source: string, { hasChecks = true }: { readonly hasChecks?: boolean } = {}): LessonCell {
  return { kind: "parameters", source, hasChecks };
}

export function code(id: string, source: string): LessonCell {
  return { kind: "code", id, source };
}

export function exercise(given: Exercise): LessonCell {
  return { kind: "exercise", exercise: given };
}
