// How far an interrupted run has come, kept in the notebook itself under `metadata.labelfree.run` until the run is whole.
// A kernel's state is lost with it, so going on means to run the cells that are done once more, for their state alone:
// their outputs stay. A cell counts as done only as long as its text, and that of all code cells before it, is the same.

import { z } from "zod";
import { hashBytes } from "../core/hash.ts";
import type { GivenParameters } from "./parameters.ts";
import {
  type Cell,
  type CodeCell,
  isCode,
  type Metadata,
  type Notebook,
  ownMetadata,
  withoutMembers,
} from "./notebook.ts";

const progressSchema = z.object({
  done: z.array(z.object({ id: z.string(), source: z.string() })),
  parameters: z.record(z.string(), z.string()).default({}),
});

export type NotebookProgress = z.infer<typeof progressSchema>;

/** How far a run of this notebook has come; undefined where none was interrupted. */
export function progressOf(notebook: Notebook): NotebookProgress | undefined {
  const parsed = progressSchema.safeParse(ownMetadata(notebook).run);
  return parsed.success ? parsed.data : undefined;
}

/** The notebook's metadata with the mark of a run that is not whole. */
export function markProgress(metadata: Metadata, done: readonly CodeCell[], parameters: GivenParameters): Metadata {
  const run = {
    done: done.map(({ id, source }) => ({ id, source: hashOf(source) })),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
  return { ...metadata, labelfree: { ...ownMetadata({ metadata }), run } };
}

/** The notebook's metadata without the mark. */
export function unmarkProgress(metadata: Metadata): Metadata {
  const others = withoutMembers(metadata, ["labelfree"]);
  const own = withoutMembers(ownMetadata({ metadata }), ["run"]);
  return Object.keys(own).length === 0 ? others : { ...others, labelfree: own };
}

/** The first of these code cells that are done, in order, with the outputs that `earlier` has for them. */
export function doneCells(cells: readonly Cell[], earlier: Notebook, { done }: NotebookProgress): readonly CodeCell[] {
  const kept = new Map(earlier.cells.filter(isCode).map((cell) => [cell.id, cell]));
  const found: CodeCell[] = [];
  for (const [index, cell] of cells.filter(isCode).entries()) {
    const before = kept.get(cell.id);
    const mark = done.at(index);
    if (before === undefined || mark?.id !== cell.id || mark.source !== hashOf(cell.source)) return found;
    found.push({ ...cell, outputs: before.outputs, execution_count: before.execution_count });
  }
  return found;
}

function hashOf(source: string): string {
  return hashBytes(source).slice(0, 16);
}
