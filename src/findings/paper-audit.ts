// What can be checked of the paper's printed numbers without its data. Two checks, both on counts alone:
// - attainability (stats/attainability.ts): with one sample per item an accuracy on n items is k/n for a whole k. A value
//   that no k prints so, neither rounded nor cut off, is "not attainable with one sample per item", and nothing more
//   follows: averages over several samples, other item counts or a slip of the second-hand source would explain it too.
// - the unpaired z of every two known values of one size and benchmark (stats/two-proportions.ts), |z| < 1.96 being a
//   difference that independent samples of this size would often show by chance. The ablation and the figure on
//   difficulty stand with their base.
// The figure's values are shares with two digits, so whole percents: on more than 100 items some k always gives one.
// Item counts are those of the public benchmarks (GPQA: the diamond set). LiveCodeBench grows by release and the paper's
// release is not known, so nothing on it can be checked.

import { attainability, attainabilityIfCutOff } from "../stats/attainability.ts";
import { twoProportionZ } from "../stats/two-proportions.ts";
import type { PaperAblation } from "./ablation/paper-ablation.ts";
import { loadPaperAblation } from "./ablation/paper-ablation.ts";
import type { PaperCurves } from "./difficulty/paper-curves.ts";
import { loadPaperCurves } from "./difficulty/paper-curves.ts";
import { levelSetName } from "./difficulty/level-sets.ts";
import { paperArmName, paperMethodName } from "./known-paper-numbers.ts";
import type { PaperNumbers } from "./paper-numbers.ts";
import { loadPaperNumbers, paperCell } from "./paper-numbers.ts";

const BENCHMARK_ITEMS: Readonly<Record<string, number | null>> = {
  "MATH-500": 500,
  GSM8K: 1319,
  GPQA: 198,
  AIME24: 30,
  LCB: null,
};

export type AuditOutcome =
  | "attainable"
  | "attainable if cut off, not rounded"
  | "not attainable with one sample per item"
  | "not checkable";

/** A printed number and whether a count of right answers gives it. */
export interface AuditedNumber {
  readonly table: "main" | "ablation" | "difficulty";
  readonly size: string;
  readonly method: string;
  readonly benchmark: string;
  /** In %, as printed; of the figure on difficulty as the source words it where it gives no number. */
  readonly printed: string;
  /** null: not known. */
  readonly items: number | null;
  readonly outcome: AuditOutcome;
  /** Fewest and most right answers that print so; null where none do or it cannot be checked. */
  readonly kMin: number | null;
  readonly kMax: number | null;
}

/** Two numbers of one size and benchmark; null where the number of items is not known or both are 0. */
export interface AuditedDifference {
  readonly first: AuditedNumber;
  readonly second: AuditedNumber;
  /** Of the first minus the second. */
  readonly z: number | null;
}

export interface PaperAudit {
  readonly numbers: readonly AuditedNumber[];
  readonly differences: readonly AuditedDifference[];
}

/** Checks every known accuracy of the paper: its main table, its ablation, its figure on difficulty. */
export function auditPaper(
  main: PaperNumbers = loadPaperNumbers(),
  ablation: PaperAblation = loadPaperAblation(),
  curves: PaperCurves = loadPaperCurves(),
): PaperAudit {
  const mainNumbers = auditMain(main);
  const others = [auditAblation(ablation), auditCurves(curves)];
  const withBase = (numbers: readonly AuditedNumber[]) => [
    ...mainNumbers
      .filter(({ method }) => method === "base")
      .filter((base) => numbers.map(cellOf).includes(cellOf(base))),
    ...numbers,
  ];
  return {
    numbers: [...mainNumbers, ...others.flat()],
    differences: [...comparedByCell(mainNumbers), ...others.flatMap((numbers) => comparedByCell(withBase(numbers)))],
  };
}

function comparedByCell(all: readonly AuditedNumber[]): AuditedDifference[] {
  const numbers = all.filter(({ printed }) => isNumber(printed));
  const cells = [...new Set(numbers.map(cellOf))].map((cell) => numbers.filter((number) => cellOf(number) === cell));
  return cells.flatMap((cell) =>
    cell.flatMap((second, index) => cell.slice(index + 1).map((first) => ({ first, second, z: zOf(first, second) }))),
  );
}

function cellOf({ size, benchmark }: AuditedNumber): string {
  return `${size}/${benchmark}`;
}

function auditMain(main: PaperNumbers): AuditedNumber[] {
  return main.rows.flatMap(({ size, method }) =>
    main.benchmarks.flatMap((benchmark) => {
      const printed = paperCell(main, size, method, benchmark);
      if (printed === null) return [];
      const items = BENCHMARK_ITEMS[benchmark] ?? null;
      return [{ table: "main", size, method: paperMethodName(method), benchmark, ...audited(printed, items) } as const];
    }),
  );
}

function auditAblation({ rows, size, benchmark, items }: PaperAblation): AuditedNumber[] {
  return rows.map(({ arm, printed }) => {
    return { table: "ablation", size, method: paperArmName(arm), benchmark, ...audited(printed, items) };
  });
}

function auditCurves({ curves, size }: PaperCurves): AuditedNumber[] {
  return curves.flatMap(({ benchmark, byHardestLevel }) =>
    Object.entries(byHardestLevel).flatMap(([level, share]): AuditedNumber[] => {
      if (share === null) return [];
      const items = BENCHMARK_ITEMS[benchmark] ?? null;
      const method = `levels ${levelSetName(Number(level))}`;
      return [{ table: "difficulty", size, method, benchmark, ...audited(inPercent(share), items) }];
    }),
  );
}

/** A share as printed in %, its digits kept: "0.35" as "35"; words, and shares of fewer digits, as they are. */
function inPercent(share: string): string {
  const digits = /^0\.(\d\d)(\d*)$/.exec(share);
  if (digits === null) return share;
  return `${Number(digits[1])}${digits[2] === "" ? "" : `.${digits[2]}`}`;
}

function isNumber(printed: string): boolean {
  return /^\d+(\.\d+)?$/.test(printed);
}

function audited(
  printed: string,
  items: number | null,
): Pick<AuditedNumber, "printed" | "items" | "outcome" | "kMin" | "kMax"> {
  if (items === null || !isNumber(printed)) {
    return { printed, items, outcome: "not checkable", kMin: null, kMax: null };
  }
  const { attainable, ...rounded } = attainability(printed, items, 1);
  if (attainable) return { printed, items, outcome: "attainable", ...rounded };
  const { attainable: isCutOff, ...cutOff } = attainabilityIfCutOff(printed, items, 1);
  const outcome = isCutOff ? "attainable if cut off, not rounded" : "not attainable with one sample per item";
  return { printed, items, outcome, ...cutOff };
}

function zOf(first: AuditedNumber, second: AuditedNumber): number | null {
  if (first.items === null || second.items === null) return null;
  const share = ({ printed }: AuditedNumber) => Number(printed) / 100;
  return twoProportionZ([share(first), first.items], [share(second), second.items]);
}
