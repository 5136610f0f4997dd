// Texts by lines, and lines by the numbers in them: where nothing else differs, the numbers that moved are named.

import { stripVTControlCharacters } from "node:util";
import { type ComparisonRules, type Difference, isWithin, withoutVolatile } from "./comparison-rules.ts";
import { diffLines, type LineEdit } from "./line-diff.ts";

// not inside a word, for the digits of a hash or of a name are no number
const NUMBER = /(?<![\w.])[-+−]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]*\w)/g;

/** How two texts differ, colours aside; with a tolerance above 0 the width of blanks does not count either. */
export function compareText(what: string, expected: string, found: string, rules: ComparisonRules): Difference[] {
  const [before, after] = [expected, found].map((text) =>
    withoutVolatile(stripVTControlCharacters(text), rules).split("\n"),
  );
  return hunks(diffLines(before, after)).flatMap(({ line, removed, added }) => {
    const place = `${what}, line ${line}`;
    if (removed.length !== added.length)
      return [{ what: place, expected: removed.join("\n"), found: added.join("\n") }];
    return removed.flatMap((text, index) => compareLine(`${what}, line ${line + index}`, text, added[index], rules));
  });
}

function compareLine(what: string, expected: string, found: string, { tolerance }: ComparisonRules): Difference[] {
  const [before, after] = [expected, found].map((line) => tokens(line, tolerance > 0));
  const isSameBeside = before.words.length === after.words.length && before.words.every((w, i) => w === after.words[i]);
  if (!isSameBeside) return [{ what, expected, found }];
  const moved = before.numbers.flatMap((number, index) => {
    const other = after.numbers[index];
    const isSame = tolerance === 0 ? number === other : isWithin(toNumber(number), toNumber(other), tolerance);
    return isSame ? [] : [{ what, expected: number, found: other }];
  });
  return moved;
}

function tokens(line: string, ignoresWidth: boolean): { words: string[]; numbers: string[] } {
  const words = line.split(NUMBER).map((word) => (ignoresWidth ? word.replace(/\s+/g, " ") : word));
  return { words, numbers: line.match(NUMBER) ?? [] };
}

function toNumber(text: string): number {
  return Number(text.replace("−", "-"));
}

interface Hunk {
  /** Where it begins in the first text, from 1 on. */
  readonly line: number;
  readonly removed: string[];
  readonly added: string[];
}

function hunks(edits: readonly LineEdit[]): Hunk[] {
  const found: Hunk[] = [];
  let line = 1;
  let open: Hunk | undefined;
  for (const edit of edits) {
    if (edit.kind === "same") open = undefined;
    else {
      if (open === undefined) found.push((open = { line, removed: [], added: [] }));
      (edit.kind === "removed" ? open.removed : open.added).push(edit.line);
    }
    if (edit.kind !== "added") line++;
  }
  return found;
}
