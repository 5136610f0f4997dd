// A row of a review: something that was said, held against what it follows from. "not checked" is for what could not be
// held against anything, and says why; whatever breaks while a check is made is a failed check.

import { isLabelfreeError } from "../core/errors.ts";
import { isInterruption } from "../runs/interruption.ts";

export type Outcome = "passed" | "failed" | "not checked";

/** The parts of a review in their order. */
export const SECTIONS = [
  "committed files",
  "records",
  "base checkpoints",
  "training",
  "kept data",
  "figures",
  "verdicts",
  "notebooks",
  "paper",
] as const;

export type Section = (typeof SECTIONS)[number];

export interface Check {
  readonly section: Section;
  readonly what: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly verdict: Outcome;
  /** What is wrong, why it was not checked, or what a reader should know of a check that passed. */
  readonly why: string | null;
}

type About = Pick<Check, "section" | "what">;

/** Expected and found are compared as texts. */
export function compared(about: About, expected: string, found: string, whyIfDifferent: string | null = null): Check {
  const isSame = expected === found;
  return { ...about, expected, found, verdict: isSame ? "passed" : "failed", why: isSame ? null : whyIfDifferent };
}

export function failed(about: About, expected: string | null, found: string | null, why: string | null = null): Check {
  return { ...about, expected, found, verdict: "failed", why };
}

export function notChecked(about: About, why: string): Check {
  return { ...about, expected: null, found: null, verdict: "not checked", why };
}

/** The checks that `work` makes, or a failed one with the error's text; stopping passes through. */
export async function guarded(
  about: About,
  expected: string,
  work: () => readonly Check[] | Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await work();
  } catch (error) {
    if (isInterruption(error)) throw error;
    return [failed(about, expected, errorText(error))];
  }
}

/** An error as a line for a reader. */
export function errorText(error: unknown): string {
  if (isLabelfreeError(error)) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** "3 of 10" for the eye: first some names, then how many more. */
export function inList(names: readonly string[], shown = 3): string {
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(", ")} and ${rest} more` : names.join(", ");
}

/** The beginning of a hash, enough to compare by eye. */
export function short(hash: string): string {
  return hash.slice(0, 16);
}
