// Edits of a text that never move a line. Where an edit changes a line's length, the columns after it are remembered, so
// that a position that V8 reports is told in the columns of the cell.

import type { Position } from "./position.ts";
import type { Node } from "./syntax.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** [generated column, original column], both from 0, per line from 0, for lines whose columns moved. */
export type Columns = ReadonlyMap<number, readonly (readonly [number, number])[]>;

export interface EditedText {
  readonly text: string;
  readonly columns: Columns;
}

export class Edits {
  readonly source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.source = source;
  }

  /** Puts spaces in place of text; line ends stay. */
  blank(start: number, end: number): void {
    if (end > start) this.#edits.push({ start, end, text: spaces(this.source.slice(start, end)) });
  }

  /** Blanks a statement or class member, leaving the semicolon that keeps its neighbours apart. */
  blankStatement(start: number, end: number): void {
    if (end > start) this.#edits.push({ start, end, text: `;${spaces(this.source.slice(start + 1, end))}` });
  }

  /** Replaces text by text with the same line ends. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Inserts at the very beginning, before all other insertions. */
  prepend(text: string): void {
    this.#edits.unshift({ start: 0, end: 0, text });
  }

  insert(position: number, text: string): void {
    this.#edits.push({ start: position, end: position, text });
  }

  /** These edits within some stretches of the source, everything else blanked; stretches in ascending order. */
  within(stretches: readonly Node[]): Edits {
    const kept = new Edits(this.source);
    let from = 0;
    for (const { start, end } of stretches) {
      kept.blank(from, start);
      from = end;
    }
    kept.blank(from, this.source.length);
    kept.#edits.push(
      ...this.#edits.filter((edit) => stretches.some((item) => item.start <= edit.start && edit.end <= item.end)),
    );
    return kept;
  }

  /** These edits with some stretches of the source blanked as statements. */
  without(stretches: readonly Node[]): Edits {
    const kept = new Edits(this.source);
    for (const { start, end } of stretches) kept.blankStatement(start, end);
    kept.#edits.push(
      ...this.#edits.filter((edit) => !stretches.some((item) => item.start <= edit.start && edit.end <= item.end)),
    );
    return kept;
  }

  apply(): EditedText {
    const parts: string[] = [];
    const columns = new Map<number, [number, number][]>();
    const lines = new LineCounter(this.source);
    let taken = 0;
    let generatedLineStart = 0; // offset in the result
    let length = 0;
    let line = 0;
    const add = (text: string) => {
      parts.push(text);
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
        line++;
        generatedLineStart = length + at + 1;
      }
      length += text.length;
    };
    for (const edit of this.#inOrder()) {
      if (edit.start < taken) continue; // lies in text that an outer edit has taken
      add(this.source.slice(taken, edit.start));
      add(edit.text);
      taken = edit.end;
      const originalColumn = taken - lines.startOfLineAt(taken, line);
      const generatedColumn = length - generatedLineStart;
      if (originalColumn === generatedColumn && !columns.has(line)) continue;
      const anchors = columns.get(line) ?? [];
      if (edit.text.length > 0)
        anchors.push([generatedColumn - lastLineLength(edit.text), edit.start - lines.startOfLineAt(edit.start, line)]);
      anchors.push([generatedColumn, originalColumn]);
      columns.set(line, anchors);
    }
    add(this.source.slice(taken));
    return { text: parts.join(""), columns };
  }

  /** By position; of edits at one position insertions first, in the order in which they were made. */
  #inOrder(): readonly Edit[] {
    return this.#edits
      .map((edit, index) => ({ edit, index }))
      .sort((a, b) => a.edit.start - b.edit.start || rank(a.edit) - rank(b.edit) || a.index - b.index)
      .map(({ edit }) => edit);
  }
}

/** Where in the source a position of the edited text comes from. */
export function originalPosition(columns: Columns, position: Position): Position {
  const anchors = columns.get(position.line - 1);
  if (anchors === undefined) return position;
  const generated = position.column - 1;
  let original = generated;
  for (const [index, [from, to]] of anchors.entries()) {
    if (from > generated) break;
    const next = anchors[index + 1];
    const isInserted = next !== undefined && next[1] - to < next[0] - from;
    original = isInserted ? Math.min(to + generated - from, next[1]) : to + generated - from;
  }
  return { line: position.line, column: original + 1 };
}

/** Where in the edited text a position of the source went. */
export function editedPosition(columns: Columns, position: Position): Position {
  const anchors = columns.get(position.line - 1) ?? [];
  let edited = position.column - 1;
  for (const [generated, original] of anchors) {
    if (original <= position.column - 1) edited = generated + position.column - 1 - original;
  }
  return { line: position.line, column: edited + 1 };
}

class LineCounter {
  readonly #source: string;
  #line = 0;
  #start = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Offset at which the line of this offset starts; asked for in ascending order, save within one line. */
  startOfLineAt(_offset: number, line: number): number {
    while (this.#line < line) {
      this.#start = this.#source.indexOf("\n", this.#start) + 1;
      this.#line++;
    }
    return this.#start;
  }
}

function rank(edit: Edit): number {
  return edit.start === edit.end ? 0 : 1;
}

function spaces(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/g, " ");
}

function lastLineLength(text: string): number {
  return text.length - (text.lastIndexOf("\n") + 1);
}
