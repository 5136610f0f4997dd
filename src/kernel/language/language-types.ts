import type { MimeBundle } from "../evaluation/types.ts";
import type { FramedProblem } from "./code-frame.ts";
import type { Completeness } from "./is-complete.ts";

export interface Cell {
  readonly id: string;
  readonly executionCount: number;
  readonly code: string;
}

export interface Diagnostic extends FramedProblem {
  /** The problem's lines with the place underlined, in colours. */
  readonly codeFrame: string;
}

export interface TypedMatch {
  readonly text: string;
  readonly type: string;
  /** What the match replaces, in code points. */
  readonly start: number;
  readonly end: number;
  readonly signature?: string;
}

export interface Completions {
  readonly matches: string[];
  /** What the matches replace, in code points. */
  readonly cursorStart: number;
  readonly cursorEnd: number;
  readonly metadata: { readonly _jupyter_types_experimental: TypedMatch[] };
}

export interface Inspection {
  readonly found: boolean;
  readonly data: MimeBundle;
}

export interface LanguageService {
  /** Makes the declarations of a cell that was run known to later cells; the last declaration of a name wins. */
  addCell(cell: Cell): void;
  /** What TypeScript finds in a cell, at places in the cell's own lines. */
  diagnostics(code: string, cellId: string): Promise<readonly Diagnostic[]>;
  /** Names that may stand at the cursor, whose position counts code points. */
  complete(code: string, cursorPos: number): Promise<Completions>;
  /** What is known of the name or call at the cursor; detail 1 adds the source of its declaration. */
  inspect(code: string, cursorPos: number, detailLevel: 0 | 1): Promise<Inspection>;
  isComplete(code: string): Completeness;
  close(): Promise<void>;
}
