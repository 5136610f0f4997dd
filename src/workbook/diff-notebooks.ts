// What changed from one notebook to another: sources by lines, outputs by what they say, and metadata; execution counts
// say nothing and are left out.

import { compareJson } from "./compare-json.ts";
import { compareOutputs } from "./compare-outputs.ts";
import type { ComparisonRules, Difference } from "./comparison-rules.ts";
import { diffLines, type LineEdit } from "./line-diff.ts";
import { matchCells } from "./match-cells.ts";
import { type Cell, isCode, type Metadata, type Notebook, type Output } from "./notebook.ts";

export interface CellDifference {
  readonly kind: "added" | "removed" | "changed" | "moved";
  readonly cellType: Cell["cell_type"];
  readonly id: string;
  /** Places among all cells, from 1 on; null where there is none. */
  readonly before: number | null;
  readonly after: number | null;
  /** Null where the source is the same. */
  readonly source: readonly LineEdit[] | null;
  readonly outputs: readonly Difference[];
  readonly metadata: readonly Difference[];
}

export interface NotebookDifference {
  readonly cells: readonly CellDifference[];
  readonly metadata: readonly Difference[];
  readonly isSame: boolean;
}

/** How `after` differs from `before`; numbers of outputs may differ by the tolerance. */
export function diffNotebooks(before: Notebook, after: Notebook, { tolerance = 0 } = {}): NotebookDifference {
  const rules = { tolerance, volatile: [] };
  const cells = matchCells(before.cells, after.cells).flatMap((pair): CellDifference[] => {
    const places = { before: toNumber(pair.before), after: toNumber(pair.after) };
    const [a, b] = [cellAt(before, pair.before), cellAt(after, pair.after)];
    if (a === undefined || b === undefined) return wholeCell(a, b).map((whole) => ({ ...whole, ...places }));
    const changes = changesOf(a, b, rules);
    if (changes === null) return pair.isMoved ? [{ kind: "moved", ...identity(b), ...places, ...NO_CHANGE }] : [];
    return [{ kind: "changed", ...identity(b), ...places, ...changes }];
  });
  const metadata = compareMetadata(before.metadata, after.metadata);
  return { cells, metadata, isSame: cells.length === 0 && metadata.length === 0 };
}

type Changes = Pick<CellDifference, "source" | "outputs" | "metadata">;
const NO_CHANGE: Changes = { source: null, outputs: [], metadata: [] };

function changesOf(a: Cell, b: Cell, rules: ComparisonRules): Changes | null {
  const source = a.source === b.source ? null : diffLines(a.source.split("\n"), b.source.split("\n"));
  const outputs = compareOutputs(outputsOf(a), outputsOf(b), rules);
  const metadata = compareMetadata(a.metadata, b.metadata);
  return source === null && outputs.length === 0 && metadata.length === 0 ? null : { source, outputs, metadata };
}

function wholeCell(a: Cell | undefined, b: Cell | undefined): Omit<CellDifference, "before" | "after">[] {
  const [kind, line, cell] = b === undefined ? (["removed", "removed", a] as const) : (["added", "added", b] as const);
  if (cell === undefined) return [];
  const source = cell.source.split("\n").map((text) => ({ kind: line, line: text }));
  return [{ kind, ...identity(cell), ...NO_CHANGE, source }];
}

function identity({ cell_type: cellType, id }: Cell): Pick<CellDifference, "cellType" | "id"> {
  return { cellType, id };
}

function outputsOf(cell: Cell): readonly Output[] {
  return isCode(cell) ? cell.outputs : [];
}

function compareMetadata(a: Metadata, b: Metadata): Difference[] {
  return compareJson(a, b, { tolerance: 0, volatile: [] }, (path) => path.join("."));
}

function cellAt({ cells }: Notebook, place: number | undefined): Cell | undefined {
  return place === undefined ? undefined : cells[place];
}

function toNumber(place: number | undefined): number | null {
  return place === undefined ? null : place + 1;
}
