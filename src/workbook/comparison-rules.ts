// What two outputs may differ in and still say the same: numbers within a tolerance, and the volatile parts that a
// notebook declares, by the tag `volatile` of a cell (all of its outputs) or by regular expressions in
// `metadata.labelfree.volatile` of a cell or of the notebook.

import { LabelfreeError } from "../core/errors.ts";
import { type Cell, type Metadata, ownMetadata, tagsOf } from "./notebook.ts";

export interface ComparisonRules {
  /** Largest difference of two numbers, relative to the larger of them above 1; 0: the same bits and the same text. */
  readonly tolerance: number;
  /** What matches is left out of texts. */
  readonly volatile: readonly RegExp[];
}

/** Something that differs, and both values. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

const VOLATILE_TAG = "volatile";
const VOLATILE_MARK = "‹volatile›";

export function isVolatile(cell: Cell): boolean {
  return tagsOf(cell).includes(VOLATILE_TAG);
}

/**
 * The regular expressions of a notebook's or a cell's metadata.
 * @throws LabelfreeError `notebook/volatile` for what is none.
 */
export function volatileParts(owner: { readonly metadata: Metadata }, place: string): RegExp[] {
  const { volatile = [] } = ownMetadata(owner);
  const invalid = (why: string) =>
    new LabelfreeError("notebook/volatile", `${place}, metadata.labelfree.volatile: ${why}`, { fields: { volatile } });
  if (!Array.isArray(volatile)) throw invalid("expected a list of regular expressions");
  return volatile.map((source: unknown) => {
    if (typeof source !== "string") throw invalid(`got ${JSON.stringify(source)}, expected a regular expression`);
    try {
      return new RegExp(source, "gm");
    } catch (error) {
      throw invalid(error instanceof Error ? error.message : String(error));
    }
  });
}

export function withoutVolatile(text: string, { volatile }: Pick<ComparisonRules, "volatile">): string {
  return volatile.reduce((rest, part) => rest.replaceAll(part, VOLATILE_MARK), text);
}

export function isWithin(expected: number, found: number, tolerance: number): boolean {
  if (Object.is(expected, found)) return true;
  return Math.abs(expected - found) <= tolerance * Math.max(1, Math.abs(expected), Math.abs(found));
}
