// A notebook as its author wrote it: without outputs and counts, without what a run has put there (an injected cell, the
// mark of an interrupted run), and without what only says how it looked or how long it took.

import { type Cell, isCode, type Notebook, withoutMembers } from "./notebook.ts";
import { unmarkProgress } from "./notebook-progress.ts";
import { withoutInjected } from "./parameters.ts";

const OF_A_CELL = ["execution", "ExecuteTime", "papermill", "collapsed", "scrolled"];
const OF_A_NOTEBOOK = ["papermill", "widgets"];

/** The notebook without all that a run leaves in it. */
export function stripNotebook(notebook: Notebook): Notebook {
  const metadata = withoutMembers(unmarkProgress(notebook.metadata), OF_A_NOTEBOOK);
  return { ...notebook, metadata, cells: withoutInjected(notebook.cells).map(stripCell) };
}

function stripCell(cell: Cell): Cell {
  const bare = { ...cell, metadata: withoutMembers(cell.metadata, OF_A_CELL) };
  return isCode(bare) ? { ...bare, outputs: [], execution_count: null } : bare;
}
