import { z } from "zod";
import { LabelfreeError } from "../core/errors.ts";
import { parseClaimFile } from "./claim.ts";

const paperNumbersSchema = z.strictObject({
  source: z.string(),
  unit: z.string(),
  benchmarks: z.array(z.string()),
  tierStandsFor: z.record(z.string(), z.string()),
  rows: z.array(
    z.strictObject({
      size: z.string(),
      method: z.string(),
      /** As printed, since the number of digits says something; null: not known. */
      values: z.record(z.string(), z.string().nullable()),
    }),
  ),
});

/** The paper's main table, unknown cells as null, and which tier stands in which size's place (by rank only). */
export type PaperNumbers = z.infer<typeof paperNumbersSchema>;

/** A term of a sum of the paper's cells. */
export interface PaperTerm {
  readonly sign: 1 | -1;
  readonly tier: string;
  readonly method: string;
}

export interface PaperDifference {
  readonly benchmark: string;
  /** In accuracy, 0-1; null as soon as one cell is not known. */
  readonly difference: number | null;
  readonly cells: readonly { readonly size: string; readonly method: string; readonly printed: string | null }[];
}

/** Reads `data/claims/paper-numbers.json`. */
export function loadPaperNumbers(): PaperNumbers {
  return parseClaimFile("paper-numbers.json", paperNumbersSchema);
}

/**
 * The cell as printed in the paper, in %; null if not known.
 * @throws LabelfreeError `claim/no-cell` for a cell outside the table.
 */
export function paperCell(numbers: PaperNumbers, size: string, method: string, benchmark: string): string | null {
  const value = numbers.rows.find((row) => row.size === size && row.method === method)?.values[benchmark];
  if (value !== undefined) return value;
  throw new LabelfreeError(
    "claim/no-cell",
    `paper numbers: got ${size} ${method} ${benchmark}, expected a cell of its table`,
  );
}

/** The paper's counterpart of one of our differences, for each benchmark. */
export function paperDifferences(
  numbers: PaperNumbers,
  benchmarks: readonly string[],
  terms: readonly PaperTerm[],
): PaperDifference[] {
  return benchmarks.map((benchmark) => {
    const cells = terms.map(({ tier, method }) => {
      const size = numbers.tierStandsFor[tier] ?? "?";
      return { size, method, printed: paperCell(numbers, size, method, benchmark) };
    });
    const values = cells.map(({ printed }, index) => (printed === null ? null : terms[index].sign * Number(printed)));
    return { benchmark, difference: sumOrNull(values), cells };
  });
}

function sumOrNull(percents: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const percent of percents) {
    if (percent === null) return null;
    sum += percent;
  }
  return Math.round(sum * 100) / 10000; // printed with at most two digits
}
