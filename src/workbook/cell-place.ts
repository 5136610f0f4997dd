import { stripVTControlCharacters } from "node:util";
import type { CellError } from "./cell-outputs.ts";

/** Line of the cell in which an error came up, from 1 on; undefined where its traceback does not say. */
export function lineOfError({ traceback, evalue }: CellError, executionCount: number | null): number | undefined {
  const text = stripVTControlCharacters([...traceback, evalue].join("\n"));
  const places = [
    new RegExp(`\\bcell\\[${executionCount}\\]\\.tsx?:(\\d+)`), // this package's kernel
    new RegExp(`\\bCell In ?\\[${executionCount}\\], line (\\d+)`), // IPython
    new RegExp(`\\bIn \\[${executionCount}\\]:? in [^]*?^-+> (\\d+) `, "m"), // IPython 7 and 8.0
    /^-+> (\d+) /m,
  ];
  for (const place of places) {
    const line = place.exec(text)?.[1];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}
