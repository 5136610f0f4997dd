import type { AuditedDifference, AuditedNumber, PaperAudit } from "./paper-audit.ts";
import { signedPoints } from "./points.ts";
import { textTable, wrapWords } from "./text-table.ts";

const HEADING =
  "The paper's printed numbers: with one sample per item an accuracy on n items is k/n. A value that no whole k gives is " +
  "called not attainable with one sample per item; several samples per item, another n or a slip in the second-hand " +
  "source would explain it as well.";
const DIFFERENCES_HEADING =
  "Unpaired z between every two known numbers of one size and benchmark (first − second, in points): below 1.96 in size, " +
  "independent samples of this n would often differ as much by chance.";

/** An audit for a terminal. */
export function paperAuditTable({ numbers, differences }: PaperAudit, width: number): string {
  const numberColumns = [
    { title: "table" },
    { title: "size" },
    { title: "method" },
    { title: "benchmark" },
    { title: "printed", align: "right" },
    { title: "n", align: "right" },
    { title: "attainable?", least: 20 },
  ] as const;
  const differenceColumns = [
    { title: "table" },
    { title: "size" },
    { title: "benchmark" },
    { title: "first − second", least: 20 },
    { title: "difference", align: "right" },
    { title: "z", align: "right" },
  ] as const;
  return [
    wrapWords(HEADING, width).join("\n"),
    textTable(numberColumns, numbers.map(numberRow), width),
    wrapWords(DIFFERENCES_HEADING, width).join("\n"),
    textTable(differenceColumns, differences.map(differenceRow), width),
  ].join("\n\n");
}

function numberRow(number: AuditedNumber): string[] {
  const { table, size, method, benchmark, printed, items } = number;
  return [table, size, method, benchmark, printed, items === null ? "?" : String(items), describeOutcome(number)];
}

function describeOutcome({ outcome, items, kMin, kMax }: AuditedNumber): string {
  if (outcome === "not checkable") return `${outcome}: ${items === null ? "number of items not known" : "no number"}`;
  if (kMin === null) return outcome;
  const counts = kMin === kMax ? `${kMin}/${items}` : `${kMin}/${items} to ${kMax}/${items}`;
  return outcome === "attainable" ? counts : `${counts}, ${outcome}`;
}

function differenceRow({ first, second, z }: AuditedDifference): string[] {
  const difference = (Number(first.printed) - Number(second.printed)) / 100;
  return [
    first.table,
    first.size,
    first.benchmark,
    `${first.method} − ${second.method}`,
    signedPoints(difference),
    z === null ? "?" : z.toFixed(1).replace("-0.0", "0.0").replace("-", "−"),
  ];
}
