// What the debugger asks of the thread that runs the cells, as expressions and also while it is stopped.

import { toMimeBundle } from "../../display/index.ts";
import type { Position } from "../transform/position.ts";
import { sourceOf } from "./stack-trace.ts";

export const debugView = {
  /** What was run under a script's name, if it is a cell's or a local module's. */
  code: (name: string): string | null => sourceOf(name)?.code ?? null,
  toSource: (name: string, positions: readonly Position[]): readonly Position[] =>
    positions.map((position) => sourceOf(name)?.toCell(position) ?? position),
  /** A value as it is shown; a chart by its text, since the thread may be stopped and draw nothing. */
  bundle: (value: unknown): { readonly data: unknown; readonly metadata: unknown } => {
    const { data, metadata } = toMimeBundle(value);
    return { data, metadata };
  },
};
