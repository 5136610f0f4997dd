import { isCode, type Notebook } from "../workbook/notebook.ts";

/** A notebook with the outputs of another whose code cells are the same; null where they are not. */
export function withOutputsOf(notebook: Notebook, other: Notebook): Notebook | null {
  const theirs = other.cells.filter(isCode);
  const ours = notebook.cells.filter(isCode);
  const isSame = ours.length === theirs.length && ours.every(({ source }, index) => source === theirs[index].source);
  if (!isSame) return null;
  const runs = new Map(ours.map(({ id }, index) => [id, theirs[index]]));
  const cells = notebook.cells.map((cell) => {
    const run = runs.get(cell.id);
    if (run === undefined || !isCode(cell)) return cell;
    return { ...cell, outputs: run.outputs, execution_count: run.execution_count };
  });
  return { ...notebook, cells };
}
