// The smallest change from one list of lines to another: a longest common subsequence, what both ends share aside.

export type LineEdit = { readonly kind: "same" | "removed" | "added"; readonly line: string };

/** Beyond this many pairs of lines the middle is shown as replaced: looking for the smallest change would take too long. */
const MOST_PAIRS = 4_000_000;

/** Edits that make `after` of `before`, removals first where both stand at one place. */
export function diffLines(before: readonly string[], after: readonly string[]): LineEdit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return [
    ...before.slice(0, start).map((line) => edit("same", line)),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((line) => edit("same", line)),
  ];
}

/** Share of lines that two texts have in common, 0 to 1. */
export function similarity(before: string, after: string): number {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const same = diffLines(a, b).filter(({ kind, line }) => kind === "same" && line.trim() !== "").length;
  const total = a.filter(isFilled).length + b.filter(isFilled).length;
  return total === 0 ? 1 : (2 * same) / total;
}

function isFilled(line: string): boolean {
  return line.trim() !== "";
}

function diffMiddle(before: readonly string[], after: readonly string[]): LineEdit[] {
  const [rows, columns] = [before.length, after.length];
  if (rows * columns > MOST_PAIRS) {
    return [...before.map((line) => edit("removed", line)), ...after.map((line) => edit("added", line))];
  }
  const lengths = commonLengths(before, after);
  const edits: LineEdit[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    if (row < rows && column < columns && before[row] === after[column]) {
      edits.push(edit("same", before[row++]));
      column++;
    } else if (row < rows && (column === columns || lengths[row + 1][column] >= lengths[row][column + 1])) {
      edits.push(edit("removed", before[row++]));
    } else edits.push(edit("added", after[column++]));
  }
  return edits;
}

/** At [row][column] the length of the longest common subsequence of what follows there. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row][column] =
        before[row] === after[column]
          ? lengths[row + 1][column + 1] + 1
          : Math.max(lengths[row + 1][column], lengths[row][column + 1]);
    }
  }
  return lengths;
}

function edit(kind: LineEdit["kind"], line: string): LineEdit {
  return { kind, line };
}
