export interface TextColumn {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Narrowest width that still reads well; default that of the longest word. */
  readonly least?: number;
}

const GAP = "  ";

/**
 * A plain table of at most `width` characters: cells wrap at blanks, the columns share what is left above their least
 * widths in proportion to what they would like. A table whose least widths do not fit becomes wider than `width`.
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], width: number): string {
  const cells = [columns.map(({ title }) => title), ...rows];
  const wanted = columns.map((_, index) => Math.max(...cells.map((row) => lengthOf(row[index]))));
  const least = columns.map((column, index) =>
    Math.min(wanted[index], column.least ?? Math.max(...cells.flatMap((row) => row[index].split(" ").map(lengthOf)))),
  );
  const widths = shareWidth(width - GAP.length * (columns.length - 1), wanted, least);
  const lines = cells.map((row) => rowLines(row, columns, widths));
  const rule = widths.map((columnWidth) => "─".repeat(columnWidth)).join(GAP);
  return [...lines[0], rule, ...lines.slice(1).flat()].join("\n");
}

/** Breaks text at blanks into lines of at most `width` characters; a longer word keeps a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function shareWidth(total: number, wanted: readonly number[], least: readonly number[]): number[] {
  const spare = Math.max(0, total - sum(least));
  const wishes = wanted.map((width, index) => width - least[index]);
  const missing = sum(wishes);
  if (missing <= spare) return [...wanted];
  return wishes.map((wish, index) => least[index] + Math.floor((wish * spare) / missing));
}

function rowLines(row: readonly string[], columns: readonly TextColumn[], widths: readonly number[]): string[] {
  const wrapped = row.map((cell, index) => wrapWords(cell, widths[index]));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((cell, index) => pad(cell[line] ?? "", widths[index], columns[index].align ?? "left"))
      .join(GAP)
      .trimEnd(),
  );
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const blanks = " ".repeat(Math.max(0, width - lengthOf(text)));
  return align === "left" ? text + blanks : blanks + text;
}

function lengthOf(text: string): number {
  return [...text].length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
